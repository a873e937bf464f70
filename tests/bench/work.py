"""One measured piece of work in a process of its own: `python work.py KIND ROOT` prints seconds and peak memory as JSON.

`floor-cold` and `floor-warm` are what any tool must do at least; `cold`, `warm`, `parallel` and `import` are nb2mod;
`definitions` is `cold` without anything that blocks need, the floor for what these cost. Where the memory of a scan lies is the
caller's business (XDG_CACHE_HOME).
"""

import ast
import contextlib
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nb2mod.model import Report

CODE_CELLS = 23


def parse_everything(root: Path) -> None:
    """json.loads of every notebook and ast.parse of every code cell that holds no magic."""
    for path in sorted(root.rglob("*.ipynb")):
        for cell in json.loads(path.read_bytes())["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and not any(
                line.lstrip().startswith(("%", "!")) for line in source.splitlines()
            ):
                ast.parse(source)


def look_everything_up(root: Path) -> None:
    """os.stat of every notebook and one SQLite look-up of a digest per cell; paths and table are there already."""
    paths = [str(path) for path in sorted(root.rglob("*.ipynb"))]
    digests = bytes(32 * CODE_CELLS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "memory.sqlite"
        with contextlib.closing(sqlite3.connect(file)) as memory, memory:
            memory.execute("create table files (path text primary key, size integer, digests blob) without rowid")
            memory.executemany("insert into files values (?, 0, ?)", ((path, digests) for path in paths))
        _measured(lambda: _look_up(file, paths))


def _look_up(file: Path, paths: list[str]) -> list[tuple[int, bytes]]:
    query = "select digests from files where path = ?"
    with contextlib.closing(sqlite3.connect(file)) as memory:
        return [
            (os.stat(path).st_size, memory.execute(query, (path,)).fetchone()[0])  # noqa: PTH116 - the plain system call
            for path in paths
        ]


def scan(root: Path, jobs: int) -> None:
    """`pipeline.scan`, without the import of the pipeline: that is the same for one notebook and for a thousand."""
    from nb2mod import pipeline, settings

    request = pipeline.Request(root=root, config=settings.load(root), jobs=jobs)
    reports: list[Report] = []
    _measured(lambda: reports.append(pipeline.scan(request)))
    if not reports[0].summary.notebooks:
        raise SystemExit(f"no notebook found under {root}: nothing was measured")


def leave_blocks_out() -> None:
    """Effect: from now on this process looks at definitions alone. Statements get no hashes, and no block is found."""
    from nb2mod.stages import detect
    from nb2mod.syntax import reader, statements

    nothing = statements.Trace()
    reader.trace = lambda statement: nothing
    reader.weight = lambda body: (1, 0)
    detect.block_classes = lambda features, **options: ()
    detect.heavy_cells = lambda features, **options: ()


def import_pipeline() -> None:
    """What a scan costs before it looks at anything."""
    import nb2mod.pipeline  # noqa: F401 - the import is the work


def _measured(work: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak if sys.platform == "darwin" else peak * 1024}))


def main(kind: str, root: Path) -> None:
    if kind == "floor-warm":
        look_everything_up(root)
    elif kind == "floor-cold":
        _measured(lambda: parse_everything(root))
    elif kind == "import":
        _measured(import_pipeline)
    else:
        if kind == "definitions":
            leave_blocks_out()
        scan(root, jobs={"definitions": 1, "cold": 1, "warm": 1, "parallel": 0}[kind])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
