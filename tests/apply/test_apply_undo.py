"""Undo after a person went on working: their edits stay, nb2mod's go, and what can't be told apart is refused by name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nb2mod.errors import Refused
from nb2mod.model import CellEdit, ChangeSet, FileChange, Insertion
from nb2mod.stages.apply import recover, system, undo, write

Content = dict[str, Any]
ONE = "notebooks/one.ipynb"
TWO = "notebooks/two.ipynb"


def sources(data: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(data)["cells"]]


def set_source(content: Content, cell: int, source: str) -> None:
    content["cells"][cell]["source"] = source.splitlines(keepends=True)


def new_cell(source: str) -> Content:
    return {"cell_type": "code", "execution_count": 1, "id": "new", "metadata": {}, "outputs": [], "source": [source]}


# ---- refused first: each names the place, and nothing at all is written


def edited_our_line(content: Content) -> None:
    set_source(content, 0, "import pandas as pd\n\nfrom reports.dataset import load as get\n\nload('a.csv')")


def removed_our_line(content: Content) -> None:
    set_source(content, 0, "import pandas as pd\n\nload('a.csv')")


def removed_our_cell(content: Content) -> None:
    del content["cells"][0]


def doubled_our_line(content: Content) -> None:
    set_source(content, 0, "from reports.dataset import load\n\nfrom reports.dataset import load\n")


def our_cell_is_text_now(content: Content) -> None:
    content["cells"][0]["cell_type"] = "markdown"
    del content["cells"][0]["outputs"], content["cells"][0]["execution_count"]


REFUSED = [edited_our_line, removed_our_line, removed_our_cell, doubled_our_line, our_cell_is_text_now]


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
def test_a_place_that_was_edited_is_refused_by_name(project: Any, change: Callable[[Content], None]) -> None:
    write(project.root, project.changes())
    project.edit(ONE, change)
    edited = project.tree()
    result = undo(project.root)
    assert result.restored == ()
    assert [(refusal.location.path, refusal.location.cell) for refusal in result.refused] == [(ONE, 1)]
    assert project.tree() == edited
    assert undo(project.root) == result


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b'{"cells": 3, "nbformat": 4}'])
def test_a_notebook_that_is_none_any_more_is_refused(project: Any, data: bytes) -> None:
    write(project.root, project.changes())
    project.write(ONE, data)
    edited = project.tree()
    assert [refusal.location.path for refusal in undo(project.root).refused] == [ONE]
    assert project.tree() == edited


def test_a_notebook_that_is_gone_is_refused(project: Any) -> None:
    write(project.root, project.changes())
    (project.root / ONE).rename(project.root / "moved.ipynb")
    edited = project.tree()
    refused = undo(project.root).refused
    assert [refusal.location.path for refusal in refused] == [ONE]
    assert "is gone" in refused[0].reason
    assert project.tree() == edited


def test_a_module_whose_new_part_was_edited_is_refused(project: Any) -> None:
    write(project.root, project.changes())
    project.write("src/tools/files.py", project.read("src/tools/files.py").replace(b"sys.exit()", b"sys.exit(1)"))
    edited = project.tree()
    assert [refusal.location.path for refusal in undo(project.root).refused] == ["src/tools/files.py"]
    assert project.tree() == edited


def test_a_new_module_that_was_edited_is_refused(project: Any) -> None:
    write(project.root, project.changes())
    project.write("src/reports/dataset.py", project.read("src/reports/dataset.py").replace(b"dropna", b"fillna"))
    edited = project.tree()
    assert [refusal.location.path for refusal in undo(project.root).refused] == ["src/reports/dataset.py"]
    assert project.tree() == edited


def test_a_link_put_in_the_place_of_a_file_is_not_followed(project: Any, tmp_path: Path) -> None:
    write(project.root, project.changes())
    outside = tmp_path / "outside.py"
    outside.write_bytes(project.read("src/tools/files.py"))
    (project.root / "src/tools/files.py").unlink()
    (project.root / "src/tools/files.py").symlink_to(outside)
    content = outside.read_bytes()
    assert [refusal.location.path for refusal in undo(project.root).refused] == ["src/tools/files.py"]
    assert outside.read_bytes() == content


def test_a_read_only_file_refuses_the_undo(project: Any) -> None:
    write(project.root, project.changes())
    (project.root / ONE).chmod(0o444)
    edited = project.tree()
    with pytest.raises(Refused, match="read-only"):
        undo(project.root)
    assert project.tree() == edited


def test_keep_going_takes_back_the_other_notebooks_and_keeps_every_module(project: Any) -> None:
    changes = project.changes()
    write(project.root, changes)
    project.edit(ONE, edited_our_line)
    edited = project.tree()
    result = undo(project.root, keep_going=True)
    assert result.restored == (TWO,)
    assert project.read(TWO) == changes.changes[1].before
    kept = project.tree()
    kept["shared/two.ipynb"] = edited["shared/two.ipynb"]
    assert kept == edited
    reasons = {refusal.location.path: refusal.reason for refusal in result.refused}
    assert set(reasons) == {
        ONE,
        "src/reports/dataset.py",
        "src/reports/deep/__init__.py",
        "src/tools/files.py",
    }
    assert ONE in reasons["src/tools/files.py"]
    assert undo(project.root).entry is None


def test_keep_going_where_nothing_can_be_taken_back_closes_the_entry(project: Any) -> None:
    project.write("a.py", b"old")
    write(project.root, ChangeSet((FileChange("a.py", b"old", b"new"),)))
    changes = project.changes()
    write(project.root, ChangeSet(changes.changes[:1]))
    project.edit(ONE, edited_our_line)
    assert undo(project.root).entry == "000002-extract"
    assert undo(project.root, keep_going=True).restored == ()
    assert undo(project.root).restored == ("a.py",)


# ---- and what a person may do without standing in the way


def ran_it_again(content: Content) -> None:
    for count, cell in enumerate(content["cells"], 1):
        cell["execution_count"] = count
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["42\n"]}]
    content["metadata"]["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}


def edited_another_cell(content: Content) -> None:
    set_source(content, 1, "x = 2")


def edited_another_line_of_our_cell(content: Content) -> None:
    set_source(content, 0, "import pandas as pd\n\nfrom reports.dataset import load\n\nload('other.csv')")


def added_lines_in_our_cell(content: Content) -> None:
    set_source(
        content, 0, "import os\nimport pandas as pd\n\nfrom reports.dataset import load\nmine()\n\nload('a.csv')\n2"
    )


def inserted_a_cell(content: Content) -> None:
    content["cells"].insert(0, new_cell("first"))


def moved_our_cell(content: Content) -> None:
    content["cells"].append(content["cells"].pop(0))


def deleted_another_cell(content: Content) -> None:
    del content["cells"][1]


def gave_cells_other_ids(content: Content) -> None:
    for number, cell in enumerate(content["cells"]):
        cell["id"] = f"fresh{number}"
    content["cells"].insert(0, new_cell("first"))


def other_ids_and_an_edit(content: Content) -> None:
    gave_cells_other_ids(content)
    edited = "import pandas as pd\n\nfrom reports.dataset import load\n\nload('other.csv')"
    set_source(content, 1, edited)


def gave_another_cell_our_id(content: Content) -> None:
    content["cells"][1]["id"] = content["cells"][0]["id"]


def split_our_cell(content: Content) -> None:
    set_source(content, 0, "import pandas as pd")
    content["cells"].insert(1, new_cell("from reports.dataset import load\n\nload('a.csv')"))


def dropped_ids(content: Content) -> None:
    content["nbformat_minor"] = 4
    for cell in content["cells"]:
        del cell["id"]


ALLOWED = [
    ran_it_again,
    edited_another_cell,
    edited_another_line_of_our_cell,
    added_lines_in_our_cell,
    inserted_a_cell,
    moved_our_cell,
    deleted_another_cell,
    gave_cells_other_ids,
    other_ids_and_an_edit,
    gave_another_cell_our_id,
    split_our_cell,
    dropped_ids,
]


@pytest.mark.parametrize("change", ALLOWED, ids=lambda change: change.__name__)
def test_a_persons_work_stays_and_nb2mods_goes(project: Any, change: Callable[[Content], None]) -> None:
    changes = project.changes()
    write(project.root, changes)
    new = project.tree()
    project.edit(ONE, change)
    edited = json.loads(project.read(ONE))
    result = undo(project.root)
    assert result.refused == ()
    assert ONE in result.restored
    definition = "def load(path):\n    frame = pd.read_csv(path)\n\n    return frame.dropna()"
    back = json.loads(project.read(ONE))
    # The same document as the edited one, but for one line of one cell, which is the definition again.
    expected = [
        source.replace("from reports.dataset import load", definition)
        for source in sources(json.dumps(edited).encode())
    ]
    assert sources(project.read(ONE)) == expected
    for content in (edited, back):
        for cell in content["cells"]:
            del cell["source"]
    assert back == edited
    assert set(new) - set(project.tree()) == {
        "src/reports",
        "src/reports/dataset.py",
        "src/reports/deep",
        "src/reports/deep/__init__.py",
    }


def test_a_notebook_put_back_by_git_is_no_obstacle(project: Any) -> None:
    changes = project.changes()
    old = project.tree()
    write(project.root, changes)
    project.write(ONE, changes.changes[0].before)
    result = undo(project.root)
    assert ONE not in result.restored
    assert project.tree() == old


def test_a_module_edited_elsewhere_keeps_the_edit(project: Any) -> None:
    write(project.root, project.changes())
    project.write(
        "src/tools/files.py", project.read("src/tools/files.py").replace(b"def home", b"def house") + b"\nmine = 1\n"
    )
    project.write("src/reports/dataset.py", project.read("src/reports/dataset.py") + b"\n\nmine = 2\n")
    assert undo(project.root).refused == ()
    assert project.read("src/tools/files.py") == b"import os\n\n\ndef house():\n    return os.getcwd()\n\nmine = 1\n"
    assert b"mine = 2" in project.read("src/reports/dataset.py")
    assert b"load" not in project.read("src/reports/dataset.py")


def test_a_module_in_another_encoding_keeps_its_bytes(project: Any) -> None:
    before = "# coding: latin-1\nname = 'Müller'\n".encode("latin-1")
    after = before + b"\n\ndef f(): ...\n"
    project.write("old.py", before)
    write(project.root, ChangeSet((FileChange("old.py", before, after, (), (Insertion(36, "\n\ndef f(): ...\n"),)),)))
    project.write("old.py", b"# coding: latin-1\nmine = 1\n" + after.partition(b"\n")[2])
    undo(project.root)
    assert project.read("old.py") == b"# coding: latin-1\nmine = 1\n" + before.partition(b"\n")[2]


def test_cells_that_read_alike_find_their_own_text_back(project: Any, make_notebook: Callable[..., bytes]) -> None:
    line = "from p import f"
    before = make_notebook([(None, "def f(): return 1"), (None, "x"), (None, "def f():\n    return 1")])
    after = make_notebook([(None, line), (None, "x"), (None, line)])
    edits = (CellEdit(1, None, "def f(): return 1", line), CellEdit(3, None, "def f():\n    return 1", line))
    project.write("twins.ipynb", before)
    write(project.root, ChangeSet((FileChange("twins.ipynb", before, after, edits),)))
    project.edit("twins.ipynb", lambda content: content["cells"].insert(0, {**content["cells"][1], "source": ["y"]}))
    assert undo(project.root).refused == ()
    assert sources(project.read("twins.ipynb")) == ["y", "def f(): return 1", "x", "def f():\n    return 1"]


def test_cells_that_read_alike_are_refused_when_one_is_gone_and_the_rest_moved(
    project: Any, make_notebook: Callable[..., bytes]
) -> None:
    line = "from p import f"
    before = make_notebook([(None, "def f(): return 1"), (None, "def f():\n    return 1"), (None, "x")])
    after = make_notebook([(None, line), (None, line), (None, "x")])
    edits = (CellEdit(1, None, "def f(): return 1", line), CellEdit(2, None, "def f():\n    return 1", line))
    project.write("twins.ipynb", before)
    write(project.root, ChangeSet((FileChange("twins.ipynb", before, after, edits),)))
    project.edit("twins.ipynb", lambda content: content["cells"].pop(0))
    assert [refusal.location.path for refusal in undo(project.root).refused] == ["twins.ipynb"]


def test_an_inserted_cell_goes_again_and_shifts_no_other(project: Any, make_notebook: Callable[..., bytes]) -> None:
    cells = [("a", "def f(): return 1"), ("b", "x")]
    before = make_notebook(cells)
    after = make_notebook([("boot", "import sys"), ("a", "from p import f"), ("b", "x")])
    edits = (CellEdit(1, "boot", "", "import sys", True), CellEdit(1, "a", "def f(): return 1", "from p import f"))
    project.write("boot.ipynb", before)
    change = ChangeSet((FileChange("boot.ipynb", before, after, edits),))
    write(project.root, change)
    undo(project.root)
    assert project.read("boot.ipynb") == before
    write(project.root, change)
    project.edit("boot.ipynb", ran_it_again)
    assert undo(project.root).refused == ()
    assert sources(project.read("boot.ipynb")) == [source for _, source in cells]
    assert b"42" in project.read("boot.ipynb")


def test_an_inserted_cell_that_was_edited_is_refused(project: Any, make_notebook: Callable[..., bytes]) -> None:
    before = make_notebook([("b", "x")])
    after = make_notebook([("boot", "import sys"), ("b", "x")])
    project.write("boot.ipynb", before)
    edit = (CellEdit(1, "boot", "", "import sys", True),)
    write(project.root, ChangeSet((FileChange("boot.ipynb", before, after, edit),)))
    project.edit("boot.ipynb", lambda content: set_source(content, 0, "import sys, os"))
    assert [refusal.location.cell for refusal in undo(project.root).refused] == [1]


def test_odd_escapes_and_forms_come_back_byte_for_byte(project: Any) -> None:
    cell = '{"cell_type": "code", "id": "a", "metadata": {}, "execution_count": null, "outputs": [OUT], "source": SRC}'
    frame = '{"nbformat_minor":5, "nbformat" :4,\r\n"metadata": {}, "cells": [CELL ] }'
    before = frame.replace("CELL", cell).replace("SRC", '["def \\u0066()", ": retu", "rn \\"\\u00e9é\\""]').encode()
    after = frame.replace("CELL", cell).replace("SRC", '["from p import f"]').encode()
    project.write("odd.ipynb", before.replace(b"OUT", b""))
    edit = (CellEdit(1, "a", 'def f(): return "éé"', "from p import f"),)
    change = FileChange("odd.ipynb", before.replace(b"OUT", b""), after.replace(b"OUT", b""), edit)
    write(project.root, ChangeSet((change,)))
    output = b'{"output_type": "stream", "name": "stdout", "text": "x"}'
    project.write("odd.ipynb", after.replace(b"OUT", output))
    assert undo(project.root).refused == ()
    assert project.read("odd.ipynb") == before.replace(b"OUT", output)


def test_half_a_surrogate_pair_in_a_cell(project: Any) -> None:
    frame = '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "a", "metadata": {},'
    frame += ' "execution_count": null, "outputs": [], "source": ["SRC"]}]}'
    before, after = (frame.replace("SRC", text).encode() for text in ("f = '\\ud800'", "from p import f"))
    project.write("odd.ipynb", before)
    edit = (CellEdit(1, "a", "f = '\ud800'", "from p import f"),)
    write(project.root, ChangeSet((FileChange("odd.ipynb", before, after, edit),)))
    project.write("odd.ipynb", after.replace(b"[]", b"[ ]"))
    assert undo(project.root).refused == ()
    assert project.read("odd.ipynb") == before.replace(b"[]", b"[ ]")


def test_edits_on_top_of_two_extracts_come_apart_again(project: Any, make_notebook: Callable[..., bytes]) -> None:
    texts = ["def f(): 1\n\ndef g(): 2", "from p import f\n\ndef g(): 2", "from p import f\n\nfrom p import g"]
    versions = [make_notebook([("a", text), ("b", "x")]) for text in texts]
    project.write("n.ipynb", versions[0])
    for number in (0, 1):
        edit = (CellEdit(1, "a", texts[number], texts[number + 1]),)
        write(project.root, ChangeSet((FileChange("n.ipynb", versions[number], versions[number + 1], edit),)))
    project.edit("n.ipynb", lambda content: set_source(content, 1, "y"))
    assert undo(project.root).refused == ()
    assert sources(project.read("n.ipynb")) == [texts[1], "y"]
    assert undo(project.root).refused == ()
    assert project.read("n.ipynb") == make_notebook([("a", texts[0]), ("b", "y")])


# ---- a kill, and a person who goes on working before the next nb2mod


@pytest.mark.parametrize("action", ["write", "undo"])
def test_a_persons_edit_between_a_kill_and_the_next_command_stays(
    make_project: Callable[[str], Any],
    install_door: Callable[[], Any],
    kill_signal: type[BaseException],
    action: str,
) -> None:
    real = system.call

    def start(name: str) -> Any:
        project = make_project(name)
        if action == "undo":
            write(project.root, project.changes())
        return project

    def act(project: Any) -> None:
        if action == "undo":
            undo(project.root)
        else:
            write(project.root, project.changes())

    sample = start("sample")
    door = install_door()
    act(sample)
    system.call = real
    for at in range(0, len(door.calls), 2):
        project = start(f"p{at}")
        install_door().die(at)
        with pytest.raises(kill_signal):
            act(project)
        system.call = real
        project.edit(ONE, ran_it_again)
        project.edit(TWO, edited_cell_c)
        sentence = recover(project.root)
        assert sentence is None or "changed since" not in sentence
        imports = {path: b"from reports.dataset import load" in project.read(path) for path in (ONE, TWO)}
        assert len({*imports.values(), (project.root / "src/reports/dataset.py").exists()}) == 1, (at, imports)
        assert b"42" in project.read(ONE)
        assert b"print(mine)" in project.read(TWO)


def edited_cell_c(content: Content) -> None:
    set_source(content, 2, "print(mine)")


def test_a_persons_edit_just_there_stays_and_is_told(
    make_project: Callable[[str], Any], install_door: Callable[[], Any], kill_signal: type[BaseException]
) -> None:
    real = system.call
    sample = make_project("sample")
    door = install_door()
    write(sample.root, sample.changes())
    system.call = real
    decided = [number for number, name in enumerate(door.calls) if name == "replace"][2]
    project = make_project("p")
    install_door().die(decided + 3)
    with pytest.raises(kill_signal):
        write(project.root, project.changes())
    system.call = real
    project.edit(ONE, lambda content: set_source(content, 0, "rewritten"))
    sentence = recover(project.root)
    assert sentence is not None
    assert ONE in sentence
    assert sources(project.read(ONE))[0] == "rewritten"
    assert b"from reports.dataset import load" in project.read(TWO)
    assert recover(project.root) is None
