"""A change that somebody else made, a person or another tool: no plan, no record, the files before and after alone."""

from collections.abc import Collection, Mapping, Sequence

from nb2mod.model import ChangeSet, FileChange, Finding, Plan
from nb2mod.stages.verify.proof import proving
from nb2mod.stages.verify.proof.edited import edited
from nb2mod.stages.verify.proof.finding_package import finds_package
from nb2mod.stages.verify.proof.inlines import Shown, Site
from nb2mod.stages.verify.proof.package import Package, Read
from nb2mod.stages.verify.proof.proving import Proof
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject
from nb2mod.stages.verify.proof.views import Unreadable

# What these find in a notebook concerns every import that was put there; the others speak of one place, or of what people did.
_WHOLE_NOTEBOOK = frozenset({"compiles", "names", "loads"})


def prove_bytes(
    changes: ChangeSet,
    package: str,
    source_root: str,
    read: Read,
    *,
    notebooks: Sequence[str] = (),
    removed: Mapping[str, bytes] = {},
    pure_decorators: Collection[str] = (),
) -> Proof:
    """What of a change can be shown to leave notebooks as they were, from the bytes alone. Never raises for what a file holds.

    Of `changes` only paths and bytes are read; renamings are found, not believed. A statement that became an import of
    `package` is "proved" when it is shown to be the same, and so is a run of statements that became a call of it; cells are
    numbered as they were before. Whatever else differs in notebooks and modules is a finding that says what is not shown.
    `read` gives unchanged files; `removed` are files that are gone, as they were. Outputs, execution counts, comments and layout
    are not compared: nothing runs differently for them.
    """
    bare = ChangeSet(tuple(FileChange(each.path, each.before, each.after) for each in changes.changes))
    plan = Plan(package, source_root, ())
    made: dict[str, bytes | None] = {each.path: each.after for each in bare.changes}
    after = Package(package, source_root, made | dict.fromkeys(removed), read)
    pairs: list[NotebookPair] = []
    numbers: dict[str, Mapping[int, int]] = {}
    findings = [
        Finding("edited", f"{path} is gone", path) for path in sorted(removed) if path.endswith((".py", ".ipynb"))
    ]
    for change in bare.changes:
        if change.path.endswith(".ipynb") and change.before != change.after:
            try:
                found = edited(change, after, lambda source: finds_package(source, package, source_root))
            except (Unreadable, RecursionError) as error:
                findings.append(Finding("json", f"{change.path}: {error or 'it is nested too deeply'}", change.path))
                continue
            pairs.append(found.pair)
            numbers[change.path] = found.numbers
            findings += found.findings
    subject = Subject(bare, plan, read, tuple(notebooks), tuple(pairs), (), recorded=False, removed=removed)
    against, shown = proving.checked(subject)
    doubted = _doubted(against, shown)
    proof = proving.proof(subject, against, shown, doubted, pure_decorators)
    return _renumbered(proof, findings, numbers)


def _doubted(findings: Sequence[Finding], shown: Sequence[Shown]) -> set[Site]:
    whole = {finding.path for finding in findings if finding.check in _WHOLE_NOTEBOOK}
    return {one.site for one in shown if one.site[0] in whole or "" in whole}


def _renumbered(proof: Proof, findings: Sequence[Finding], numbers: Mapping[str, Mapping[int, int]]) -> Proof:
    """Cells as they are counted in the notebooks as they were."""

    def number(path: str, cell: int) -> int:
        return numbers.get(path, {}).get(cell, cell)

    told = [
        Finding(each.check, each.message, each.path, number(each.path, each.cell), each.line) for each in proof.findings
    ]

    def by_site(found: Mapping[Site, str]) -> dict[Site, str]:
        return {(path, number(path, cell), name): what for (path, cell, name), what in found.items()}

    whole = tuple(dict.fromkeys([*findings, *told]))
    return Proof(whole, by_site(proof.evidence), by_site(proof.unsure), by_site(proof.targets))
