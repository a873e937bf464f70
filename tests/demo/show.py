"""`make demo`: the main job on fixtures/demo, as a team would see it in its terminal.

On a copy under the temporary folder: scan; extract, which runs every notebook before and after and compares; the diff; the tests
that were made of the notebooks' calls; undo. The exit status is 0 only when nothing differs, the tests pass and git is clean at
the end. `--keep` leaves the copy in place.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat"}
PERSON = ("-c", "user.name=Demo", "-c", "user.email=demo@example.org")


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

    _say("It moves what may move, but only when every notebook runs as before; and keeps some of their calls as tests.")
    _nb2mod(root, "extract", "--tests", "--jobs", "2")
    _shown(root, "git", "add", "--intent-to-add", ".")
    _shown(root, "git", "diff", "--stat")
    _shown(root, "git", "diff", "--unified=1", "--", "notebooks/05_demand_model_ridge.ipynb")
    for module in sorted((root / "src").rglob("plots.py")):
        _shown(root, "cat", str(module.relative_to(root)))

    _say(
        "The tests that the new modules start their life with, with src on PYTHONPATH in place of `pip install --editable .`"
    )
    _shown(root, "python", "-m", "pytest", "--quiet", "tests")

    _say("And back.")
    _git(root, "reset", "--quiet")
    _nb2mod(root, "undo")
    left = _shown(root, "git", "status", "--short")
    print(f"git says: {'changed files are left' if left else 'nothing to commit, working tree clean'}")
    return 1 if left else 0


def _say(text: str) -> None:
    print(f"\n── {text}", flush=True)


def _nb2mod(root: Path, *arguments: str) -> None:
    print(f"\n$ nb2mod {' '.join(arguments)}", flush=True)
    environment = os.environ | {"XDG_CACHE_HOME": str(root.parent / "cache")}  # gone with the copy
    subprocess.run([sys.executable, "-m", "nb2mod", *arguments], cwd=root, check=True, env=environment)


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, env=os.environ | GIT)


def _shown(root: Path, *command: str) -> str:
    """Prints the command and what it prints; returns the latter."""
    print(f"\n$ {' '.join(command)}", flush=True)
    program = [sys.executable, *command[1:]] if command[0] == "python" else command
    environment = os.environ | GIT | {"PYTHONPATH": str(root / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(program, cwd=root, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="", flush=True)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
