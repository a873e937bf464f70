"""A notebook recorded and replayed in a real kernel, from two short texts: the notebook, and the new module."""

import ast
from pathlib import Path

from harness.author import notebook_bytes
from msgspec.structs import replace

from nb2mod import notebook
from nb2mod.model import RunOptions, Sides
from nb2mod.stages.verify.replay import ReplayResult, Target, replay, staged_package
from nb2mod.stages.verify.running.scratch import scratch_copy

PACKAGE, MODULE = "team", "team.moved"


def targets_of(text: str, names: list[str], path: str = "n.ipynb") -> list[Target]:
    """The first definition of each name in a notebook in percent format."""
    found = []
    cells = notebook.read(path, notebook_bytes(text)).cells
    for name in names:
        for cell in cells:
            if cell.kind != "code" or f" {name}" not in cell.source:
                continue
            nodes = [node for node in _statements(cell.source) if getattr(node, "name", None) == name]
            if nodes:
                found.append(Target(path, cell.number, name, cell.source, nodes[0].lineno, MODULE, name, cell.id))
                break
    assert [target.name for target in found] == names
    return found


def _statements(source: str) -> list[ast.stmt]:
    plain = "\n".join("pass" if line.startswith(("%", "!")) else line for line in source.splitlines())
    return ast.parse(plain).body


def replayed(
    root: Path,
    text: str,
    module: str,
    names: list[str],
    *,
    kernel: str | None = None,
    files: dict[str, str] | None = None,
    passes: dict[str, tuple[tuple[str, str], ...]] | None = None,
) -> ReplayResult:
    """Effect: makes a project in `root`, runs its notebook in a kernel."""
    root.mkdir(exist_ok=True)
    (root / "n.ipynb").write_bytes(notebook_bytes(text))
    for name, content in (files or {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    after: dict[str, bytes | None] = {"src/team/__init__.py": b"", "src/team/moved.py": module.encode()}
    sides, options = Sides(after=after), RunOptions(cell_timeout=60, kernel=kernel)
    with (
        scratch_copy(root, sides, options, PACKAGE, ("src",)) as scratch,
        staged_package(scratch, sides, "src", PACKAGE) as staged,
    ):
        targets = [replace(one, passes=(passes or {}).get(one.name, ())) for one in targets_of(text, names)]
        return replay(scratch, "n.ipynb", targets, options, new_package=staged, package=PACKAGE)
