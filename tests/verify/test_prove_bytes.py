"""A change that nobody recorded: imports are proved, what people edited beside them is told, nothing is raised."""

import json

import pytest
from verify.corpus import bare
from verify.proving import PACKAGE, Refactoring, notebook_bytes, told
from verify.seeds import MODULE, A, B, base

from nb2mod.model import ChangeSet, FileChange
from nb2mod.stages.verify.proof import Proof, prove_bytes


def alone(made: Refactoring) -> Proof:
    return prove_bytes(bare(made.changes()), PACKAGE, made.source_root, made.read, notebooks=made.others)


def with_cells(made: Refactoring, before: list[str], after: list[str]) -> Proof:
    """Notebook a with these cells on either side, whatever their number."""
    changes = [each for each in made.changes().changes if each.path != A]
    changes.append(FileChange(A, notebook_bytes(before), notebook_bytes(after)))
    return prove_bytes(ChangeSet(tuple(changes)), PACKAGE, made.source_root, made.read)


def messages(proof: Proof) -> list[str]:
    return [f"{each.check} {each.path} {each.cell}: {each.message}" for each in proof.findings]


def test_a_whole_refactoring() -> None:
    made = base()
    proof = alone(made)
    assert not proof.findings, told(proof)
    assert proof.evidence == made.proof().evidence
    assert len(proof.evidence) == 18


def test_renamings_are_found() -> None:
    made = base()
    made.modules[MODULE] = made.modules[MODULE].replace("rows", "lines").replace("row", "entry")
    proof = alone(made)
    assert not proof.findings, told(proof)
    assert proof.evidence[A, 4, "load"] == "proved"


@pytest.mark.parametrize(
    ("cell", "text", "words"),
    [
        pytest.param(7, "print(2)", "cell 7 was edited", id="another cell"),
        pytest.param(
            2,
            "import functools\nimport numpy as np\nfrom math import sqrt\nx = 1\n",
            "cell 2 was edited",
            id="an import cell",
        ),
        pytest.param(1, "md:# Another title", "", id="Markdown"),
    ],
)
def test_an_edited_cell_is_told_and_the_imports_are_proved(cell: int, text: str, words: str) -> None:
    made = base()
    after = list(made.after[A])
    after[cell - 1] = text
    proof = with_cells(made, made.before[A], after)
    assert [words in each for each in messages(proof)] == [True] * bool(words), messages(proof)
    assert {site for site in proof.evidence if site[0] == A} == {
        site for site in base().proof().evidence if site[0] == A
    }


def test_an_edit_that_turns_a_constant_is_judged_with_the_edit() -> None:
    made = base()
    after = [*made.after[A][:6], "LIMIT = 0.9\n" + made.after[A][6]]
    proof = with_cells(made, made.before[A], after)
    names = {name for path, _, name in proof.evidence if path == A}
    assert "Model" not in names
    assert {"load", "clean", "Base"} <= names


def test_cells_that_came_and_went() -> None:
    made = base()
    after = ["md:# New", "x = 3\n", *made.after[A][:6]]
    proof = with_cells(made, made.before[A], after)
    assert any("cell 2, as it is counted now, is new" in each for each in messages(proof))
    assert any("cell 7 is gone" in each for each in messages(proof))
    assert (A, 4, "load") in proof.evidence


def test_comments_outputs_and_layout_are_nobodys_business() -> None:
    made = base()
    after = [*made.after[A][:6], "# comes last\n" + made.after[A][6]]
    after[3] = "# ours\n" + after[3]
    before = notebook_bytes(made.before[A])
    data = json.loads(notebook_bytes(after, indent=2))
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    changes = [each for each in made.changes().changes if each.path != A]
    changes.append(FileChange(A, before, json.dumps(data).encode()))
    proof = prove_bytes(ChangeSet(tuple(changes)), PACKAGE, made.source_root, made.read)
    assert not proof.findings, told(proof)
    assert (A, 4, "load") in proof.evidence


def test_a_kernel_and_tags_are_told() -> None:
    made = base()
    before, after = json.loads(notebook_bytes(made.before[A])), json.loads(notebook_bytes(made.after[A]))
    after["metadata"]["kernelspec"] = {"name": "other"}
    after["cells"][6]["metadata"]["tags"] = ["raises-exception"]
    sides = [json.dumps(each).encode() for each in (before, after)]
    changes = [each for each in made.changes().changes if each.path != A]
    proof = prove_bytes(ChangeSet((*changes, FileChange(A, *sides))), PACKAGE, made.source_root, made.read)
    assert any("another kernel" in each for each in messages(proof))
    assert any("other tags" in each for each in messages(proof))


def test_a_changed_function_of_the_module_is_told() -> None:
    old = "def mine():\n    return 1\n"
    made = Refactoring(
        before={A: ["def f():\n    return 1\n", "f()"]},
        after={A: ["from reports.dataset import f\n", "f()"]},
        modules={MODULE: old.replace("1", "2") + "\n\ndef f():\n    return 1\n"},
        old_modules={MODULE: old, "src/reports/__init__.py": ""},
    )
    proof = alone(made)
    assert any("`mine`" in each for each in messages(proof))
    assert proof.evidence == {(A, 1, "f"): "proved"}


def test_a_module_that_is_gone() -> None:
    made = base()
    changes = ChangeSet(tuple(each for each in bare(made.changes()).changes if each.path != MODULE))
    proof = prove_bytes(changes, PACKAGE, "src", made.read, removed={MODULE: made.modules[MODULE].encode()})
    assert any(MODULE in each and "gone" in each for each in messages(proof))
    assert not proof.evidence


def test_new_notebooks_and_nonsense_are_findings() -> None:
    for data in (b"", b"[]", b"{", b"\xff\xfe", b'{"cells": 3}', b'{"cells": [3]}', b"null", notebook_bytes(["x = 1"])):
        for change in (FileChange(A, None, data), FileChange(A, data, data + b" "), FileChange(MODULE, data, b"x = ")):
            proof = prove_bytes(ChangeSet((change,)), PACKAGE, "src", lambda path: None, notebooks=(A, B))
            assert not proof.evidence


def test_a_pure_decorator_is_believed_to_the_person() -> None:
    define = "@odd.decorator\ndef f():\n    return 1\n"
    made = Refactoring(
        before={A: ["import odd\n", define, "f()"]},
        after={A: ["import odd\n", "from reports.dataset import f\n", "f()"]},
        modules={MODULE: "import odd\n\n\n" + define, "src/reports/__init__.py": ""},
    )
    assert "may do more than wrap" in alone(made).unsure[A, 2, "f"]
    changes = bare(made.changes())
    told_pure = prove_bytes(changes, PACKAGE, "src", made.read, pure_decorators=("odd.decorator",))
    assert told_pure.evidence == {(A, 2, "f"): "proved"}
