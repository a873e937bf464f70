"""Laws over generated trees, changes and edits (Hypothesis)."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nb2mod import notebook as notebooks
from nb2mod.model import CellEdit, ChangeSet, FileChange
from nb2mod.stages.apply import recover, undo, write

names = st.sampled_from(["a", "b", "c d", "ü", "[x]", "-n"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
data = st.one_of(
    st.binary(max_size=30), st.text(max_size=30).map(str.encode), st.binary(max_size=4).map(lambda b: b * 999)
)
lines = st.sampled_from(["x = 1", "", "    return y", "from p import f", "def g():", "é = '\\t'"])
texts = st.lists(lines, min_size=1, max_size=5).map("\n".join)


def tree(root: Path) -> dict[str, bytes | None]:
    found = (path for path in root.rglob("*") if ".nb2mod" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in found}


@st.composite
def trees_and_changes(draw: st.DrawFn) -> tuple[dict[str, bytes], ChangeSet]:
    """Files of a project, and changes to some of them and to new ones. No name is a file here and a folder there."""
    chosen = sorted({path + ".py" for path in draw(st.lists(paths, min_size=1, max_size=6))})
    files = {path: draw(data) for path in chosen if draw(st.booleans())}
    changes = [FileChange(path, files.get(path), draw(data)) for path in chosen if draw(st.booleans())]
    return files, ChangeSet(tuple(changes))


@settings(max_examples=120)
@given(trees_and_changes())
def test_write_then_undo_is_the_identity(sample: tuple[dict[str, bytes], ChangeSet]) -> None:
    files, changes = sample
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        before = tree(root)
        id_ = write(root, changes)
        for change in changes.changes:
            assert (root / change.path).read_bytes() == change.after
        assert set(tree(root)) >= set(before)
        assert recover(root) is None
        result = undo(root)
        assert (result.entry or "") == id_
        assert result.refused == ()
        assert tree(root) == before


@st.composite
def notebooks_and_edits(draw: st.DrawFn) -> tuple[list[tuple[str, str, str | None]], str]:
    """Cells (id, text, new text or None), and what a person does afterwards."""
    count = draw(st.integers(1, 5))
    cells = []
    for number in range(count):
        new = draw(st.none() | texts)
        cells.append((f"id{number}", draw(texts), None if new is None else f"from p import n{number}\n{new}"))
    return cells, draw(
        st.sampled_from(["run", "insert", "reverse", "edit others", "add below", "strip ids", "save compact"])
    )


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(notebooks_and_edits())
def test_a_persons_edits_survive_undo(
    make_notebook: Callable[..., bytes], sample: tuple[list[tuple[str, str, str | None]], str]
) -> None:
    cells, action = sample
    before = make_notebook([(id_, old) for id_, old, _ in cells])
    edits = tuple(
        CellEdit(n, id_, old, new) for n, (id_, old, new) in enumerate(cells, 1) if new is not None and new != old
    )
    after = make_notebook([(id_, old if new is None else new) for id_, old, new in cells])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "n.ipynb").write_bytes(before)
        write(root, ChangeSet((FileChange("n.ipynb", before, after, edits),)))
        if not edits:
            return
        content = json.loads(after)
        expected = json.loads(before)
        changed = {edit.cell_id for edit in edits}
        for document in (content, expected):
            act(action, document, changed)
        edited = json.dumps(
            content, indent=None if action == "save compact" else 1, ensure_ascii=action == "run"
        ).encode()
        (root / "n.ipynb").write_bytes(edited)
        result = undo(root)
        found = json.loads((root / "n.ipynb").read_bytes())
        if result.refused:
            # Only what can't be told apart may be refused: without ids, texts decide.
            assert action in ("strip ids", "add below")
            assert (root / "n.ipynb").read_bytes() == edited
            return
        assert texts_of(found) == texts_of(expected)
        for document in (found, expected):
            for cell in document["cells"]:
                del cell["source"]
        assert found == expected
        notebooks.read("n.ipynb", (root / "n.ipynb").read_bytes())


def act(action: str, content: dict[str, Any], changed: set[str | None]) -> None:
    cells = content["cells"]
    if action == "run":
        for cell in cells:
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["ü\n"]}]
    elif action == "insert":
        cells.insert(0, {**cells[0], "id": "mine", "source": ["from p import f"]})
    elif action == "reverse":
        cells.reverse()
    elif action == "edit others":
        for cell in cells:
            if cell["id"] not in changed:
                cell["source"] = ["mine"]
    elif action == "add below":
        for cell in cells:
            cell["source"] = ["".join(cell["source"]) + "\nmine()"]
    elif action == "strip ids":
        content["nbformat_minor"] = 4
        for cell in cells:
            del cell["id"]


def texts_of(content: dict[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in content["cells"]]
