"""All checks in their order over one ChangeSet, and what they come to."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from nb2mod.model import ChangeSet, Finding, Plan
from nb2mod.stages.verify.proof import accepted, compiles, extends, inlines, loads, names, only_source
from nb2mod.stages.verify.proof.inlines import Site
from nb2mod.stages.verify.proof.package import Read
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject, read_subject


class Proof(Struct, frozen=True):
    """What was found against a ChangeSet; nothing means proved.

    `evidence` maps (path, cell, name) of a replaced statement to "proved" when it was shown to be the same and no
    finding concerns it.
    """

    findings: tuple[Finding, ...] = ()
    evidence: Mapping[Site, str] = {}


def prove(
    changes: ChangeSet,
    plan: Plan,
    read: Read,
    *,
    stable: Callable[[], Sequence[str]] | None = None,
    notebooks: Sequence[str] = (),
) -> Proof:
    """Doubts every byte of `changes`. Runs no notebook code, writes nothing, never raises for what a file holds.

    `read` gives the bytes of unchanged files as they stand on disk, by path relative to the root. `plan` is asked only for
    what it records: sites, names, renamings, what is not kept. `stable` names what a second extract would propose.
    `notebooks` are all notebooks of the project: unchanged ones are asked what they load through the package.
    """
    subject = read_subject(changes, plan, read, notebooks)
    findings = list(subject.unreadable)
    for check in (compiles.check, names.check, loads.check, extends.check):
        findings += _guarded(check.__module__, lambda check=check: check(subject))  # type: ignore[misc]
    shown: list[Site] = []
    for pair in subject.notebooks:
        findings += _notebook(subject, pair, shown)
    if stable is not None and not findings:
        findings += [Finding("stable", f"a second extract would propose {name} again", "") for name in stable()]
    return Proof(tuple(dict.fromkeys(findings)), _evidence(subject, findings, shown))


def _notebook(subject: Subject, pair: NotebookPair, shown: list[Site]) -> list[Finding]:
    findings: list[Finding] = []
    for name, check in (("json", only_source.check), ("nbformat", accepted.check)):
        findings += _guarded(name, lambda check=check: check(subject, pair), pair.path)  # type: ignore[misc]

    def inline() -> list[Finding]:
        found, sites = inlines.check(subject, pair)
        shown.extend(sites)
        return found

    return findings + _guarded("inlines", inline, pair.path)


def _guarded(name: str, check: Callable[[], list[Finding]], path: str = "") -> list[Finding]:
    """Text nested deeper than the interpreter's stack is no bug of ours and no proof either."""
    try:
        return check()
    except RecursionError:
        return [Finding(name.rpartition(".")[2], "the text is nested too deeply to be proved", path)]


def _evidence(subject: Subject, findings: Sequence[Finding], shown: Sequence[Site]) -> dict[Site, str]:
    doubted = {candidate for finding in findings for candidate in finding.candidates}
    paths = {finding.path for finding in findings if not finding.candidates}
    evidence: dict[Site, str] = {}
    for path, cell, name in shown:
        planned = subject.site(path, cell, name, 0)
        candidates = {planned[0].candidate, *planned[0].users} if planned else set()
        if path not in paths and not candidates & doubted and "" not in paths:
            evidence[path, cell, name] = "proved"
    return evidence
