"""Every extraction that the cases under fixtures/cases come to, as the ChangeSet and Plan that the verifier is given."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from harness import case as cases
from harness import project
from msgspec.structs import replace

from nb2mod.model import CellEdit, ChangeSet, FileChange, Insertion, Plan
from nb2mod.notebook import read, replace_sources
from nb2mod.stages.verify.proof import Proof, prove, prove_bytes


@dataclass(frozen=True)
class Extracted:
    """One case, extracted. `tree` is the project as it was."""

    name: str
    tree: cases.Tree
    changes: ChangeSet
    plan: Plan
    notebooks: tuple[str, ...] = field(default=())

    def read(self, path: str) -> bytes | None:
        """The files as they stand on disk."""
        return self.tree.get(path)

    def proof(self, changes: ChangeSet | None = None) -> Proof:
        """What the verifier says, with the plan."""
        return prove(changes or self.changes, self.plan, self.read, notebooks=self.notebooks)

    def proof_of_bytes(self, changes: ChangeSet | None = None) -> Proof:
        """What the verifier says when it is given nothing but the files before and after."""
        found = bare(changes or self.changes)
        return prove_bytes(found, self.plan.package, self.plan.source_root, self.read, notebooks=self.notebooks)

    def with_text(self, path: str, text: str) -> ChangeSet:
        """The change with another text in a file that is no notebook; told as faithfully as a text can be."""
        change = next((each for each in self.changes.changes if each.path == path), None)
        before = self.tree.get(path) if change is None else change.before
        made = FileChange(path, before, text.encode(), insertions=inserted(before, text))
        return self._with(made)

    def with_cells(self, path: str, sources: Mapping[int, str]) -> ChangeSet:
        """The change with other sources in cells of a notebook, numbered as they stand after the change."""
        change = next(each for each in self.changes.changes if each.path == path)
        after = replace_sources(read(path, change.after), sources)
        return self._with(replace(change, after=after, cells=told_cells(change, after)))

    def _with(self, made: FileChange) -> ChangeSet:
        kept = [each for each in self.changes.changes if each.path != made.path]
        return ChangeSet(tuple(sorted([*kept, made], key=lambda each: each.path)))


def bare(changes: ChangeSet) -> ChangeSet:
    """The same bytes, and nothing of what the rewriter says of them."""
    return ChangeSet(tuple(FileChange(each.path, each.before, each.after) for each in changes.changes))


def inserted(before: bytes | None, text: str) -> tuple[Insertion, ...]:
    """The lines that are new in a text. What was changed or removed is in no insertion."""
    if before is None:
        return ()
    old, new = before.decode().splitlines(keepends=True), text.splitlines(keepends=True)
    found = []
    for what, start, _, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what in ("insert", "replace"):
            found.append(Insertion(sum(map(len, old[:start])), "".join(new[low:high])))
    return tuple(found)


def told_cells(change: FileChange, after: bytes) -> tuple[CellEdit, ...]:
    """What the bytes say of each cell; inserted cells keep their places."""
    edits = [edit for edit in change.cells if edit.inserted]
    positions = {edit.cell for edit in edits}
    old, new = read(change.path, change.before or b"").cells, list(read(change.path, after).cells)
    kept = [cell for number, cell in enumerate(new, 1) if not (edits and number in positions)]
    fresh = [cell for number, cell in enumerate(new, 1) if edits and number in positions]
    edits = [replace(edit, after=cell.source) for edit, cell in zip(edits, fresh, strict=True)]
    edits += [
        CellEdit(one.number, one.id, one.source, other.source)
        for one, other in zip(old, kept, strict=True)
        if one.source != other.source
    ]
    return tuple(sorted(edits, key=lambda edit: (edit.cell, not edit.inserted)))


@cache
def corpus() -> tuple[Extracted, ...]:
    """All cases whose extraction changes something; about six seconds on one core."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        for name in cases.all_cases():
            case = cases.read_case(cases.CASES / name)
            if not case.after:
                continue
            cases.write_tree(case.before, root)
            report = project.proposed(root, case.run)
            if report.changes and report.changes.changes and report.plan:
                paths = tuple(cases.notebooks(case.before))
                found.append(Extracted(name, case.before, report.changes, report.plan, paths))
    return tuple(found)
