"""A project with one function in two notebooks, and the command line run in this process."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from nb2mod.cli.app import main

LOAD = 'def load(path):\n    """Rows."""\n    rows = open(path).read().split()\n    return sorted(rows)\n'
STATE = "def tell():\n    n = len(rows)\n    return print(n)\n"


class Ran(Struct, frozen=True):
    """One command: exit status and what stood on the two streams."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


def notebook(*sources: str, name: str = "", kernel: str | None = None) -> str:
    """`name` gives it cells of its own, so that it is no copy of the others."""
    sources += tuple(f"{name}_{number} = {number}\n" for number in range(len(sources) + 1) if name)
    metadata: dict[str, Any] = {"kernelspec": {"name": kernel, "display_name": kernel}} if kernel else {}
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{number}",
            "metadata": {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources, 1)
    ]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`load` may move; `tell` reads state, and is called in a shell line, which can't pass it. It is the working directory."""
    root = tmp_path / "shop"
    (root / "notebooks").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.nb2mod]\npackage = "shop"\nsource = "src"\n')
    for name in ("a", "b"):
        cells = (LOAD, f"rows = load('{name}')\n", STATE, "!echo {tell()}\n")
        (root / "notebooks" / f"{name}.ipynb").write_text(notebook(*cells, name=name, kernel="python3"))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command line; `stdin` is what a person would type."""

    def ran(*arguments: str, stdin: Sequence[str] = ()) -> Ran:
        import io

        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in stdin)))
        capsys.readouterr()
        status = main(list(arguments))
        streams = capsys.readouterr()
        return Ran(status, streams.out, streams.err)

    return ran


@pytest.fixture
def tree(project: Path) -> Callable[[], dict[str, bytes]]:
    """What stands in the project, nb2mod's own journal aside."""

    def read() -> dict[str, bytes]:
        return {
            str(path.relative_to(project)): path.read_bytes()
            for path in project.rglob("*")
            if path.is_file() and ".nb2mod" not in path.parts
        }

    return read
