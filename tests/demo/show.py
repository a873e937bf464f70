"""`make demo`: the main job on fixtures/demo, as a team would see it in its terminal.

On a copy under the temporary folder: scan, extract, the diff, every notebook run before and after with its outputs compared,
undo. The exit status is 0 only when the outputs are the same and git is clean at the end. `--keep` leaves the copy in place.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
AT_ONCE = 2  # kernels
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat"}
PERSON = ("-c", "user.name=Demo", "-c", "user.email=demo@example.org")

Outputs = dict[str, list[Any]]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--keep", action="store_true", help="leave the copy in place and say where it is")
    keep = arguments.parse_args().keep
    folder = Path(tempfile.mkdtemp(prefix="nb2mod-demo-"))
    try:
        return _show(folder / "bike-share")
    except subprocess.CalledProcessError as error:
        print(f"\n{' '.join(map(str, error.cmd))} ended with status {error.returncode}", file=sys.stderr)
        return 1
    finally:
        if keep:
            print(f"\nThe copy is at {folder / 'bike-share'}")
        else:
            shutil.rmtree(folder)


def _show(root: Path) -> int:
    shutil.copytree(DEMO, root)
    _git(root, "init", "--quiet")
    _git(root, "add", "--all")
    _git(root, *PERSON, "commit", "--quiet", "--message", "Notebooks of the bike share team")

    _say("A team's repository: seven notebooks, the same functions in most of them, in several versions.")
    _nb2mod(root, "scan")
    _say("The notebooks run once as they are, so that there is something to compare with.")
    before = _run_all(root)

    _say("What nb2mod would do, it does; nothing is committed.")
    _nb2mod(root, "extract")
    _shown(root, "git", "add", "--intent-to-add", ".")
    _shown(root, "git", "diff", "--stat")
    _shown(root, "git", "diff", "--unified=1", "--", "notebooks/05_demand_model_ridge.ipynb")
    for module in sorted((root / "src").rglob("plots.py")):
        _shown(root, "cat", str(module.relative_to(root)))

    _say("The same notebooks run again, with src on PYTHONPATH in place of `pip install --editable .`")
    same = _compared(before, _run_all(root))

    _say("And back.")
    _git(root, "reset", "--quiet")
    _nb2mod(root, "undo")
    left = _shown(root, "git", "status", "--short")
    print(f"git says: {'changed files are left' if left else 'nothing to commit, working tree clean'}")
    return 0 if same and not left else 1


def _say(text: str) -> None:
    print(f"\n── {text}", flush=True)


def _nb2mod(root: Path, command: str) -> None:
    print(f"\n$ nb2mod {command}", flush=True)
    environment = os.environ | {"XDG_CACHE_HOME": str(root.parent / "cache")}  # gone with the copy
    subprocess.run([sys.executable, "-m", "nb2mod", command], cwd=root, check=True, env=environment)


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, env=os.environ | GIT)


def _shown(root: Path, *command: str) -> str:
    """Prints the command and what it prints; returns the latter."""
    print(f"\n$ {' '.join(command)}", flush=True)
    done = subprocess.run(command, cwd=root, check=True, env=os.environ | GIT, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="", flush=True)
    return done.stdout


def _run_all(root: Path) -> Outputs:
    """Effect: runs the code of every notebook in kernels of this Python. The files stay as they are."""
    started = time.perf_counter()
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    outputs = asyncio.run(_run_notebooks(paths, root))
    print(f"   {len(paths)} notebooks ran in {time.perf_counter() - started:.0f} s")
    return outputs


async def _run_notebooks(paths: list[Path], root: Path) -> Outputs:
    free = asyncio.Semaphore(AT_ONCE)
    search = os.pathsep.join(filter(None, [str(root / "src"), str(root), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {
        "PYTHONPATH": search,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }

    async def run(path: Path) -> list[Any]:
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
        # A kernel writes notes about its own transport to stderr; what cells write there is in their outputs.
        async with free:
            await client.async_execute(env=environment, stderr=subprocess.DEVNULL)
        return [_told(cell) for cell in notebook.cells if cell.cell_type == "code"]

    results = await asyncio.gather(*map(run, paths))
    return {path.name: result for path, result in zip(paths, results, strict=True)}


def _told(cell: Any) -> list[Any]:
    """What a cell shows: text, tables and figures, without counters."""
    return [{key: value for key, value in output.items() if key != "execution_count"} for output in cell.outputs]


def _compared(before: Outputs, after: Outputs) -> bool:
    different = [
        f"{name}, code cell {number}\n   before {was}\n   after  {now}"
        for name in before
        for number, (was, now) in enumerate(zip(before[name], after[name], strict=True), start=1)
        if was != now
    ]
    for place in different:
        print(f"   DIFFERENT {place}")
    cells = [outputs for notebook in before.values() for outputs in notebook]
    shown = sum(map(len, cells))
    if not different:
        print(f"   {len(before)} notebooks, {len(cells)} code cells, {shown} outputs: all the same as before")
    return not different


if __name__ == "__main__":
    sys.exit(main())
