"""All checks in their order over one ChangeSet, and what they come to."""

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from nb2mod.model import ChangeSet, Finding, Plan
from nb2mod.stages.verify.proof import (
    accepted,
    acting,
    compiles,
    extends,
    inlines,
    loads,
    names,
    namespaces,
    only_source,
)
from nb2mod.stages.verify.proof.inlines import Shown, Site
from nb2mod.stages.verify.proof.package import Read
from nb2mod.stages.verify.proof.subject import NotebookPair, Subject, read_subject
from nb2mod.stages.verify.proof.views import ModuleView


class Proof(Struct, frozen=True):
    """What was found against a ChangeSet; nothing means proved.

    `evidence` maps (path, cell, name) of a replaced statement to "proved" when it was shown to be the same and no
    finding concerns it. `unsure` maps those that nothing was found against, and that the text alone can't show, to the
    reason in words.
    """

    findings: tuple[Finding, ...] = ()
    evidence: Mapping[Site, str] = {}
    unsure: Mapping[Site, str] = {}


def prove(
    changes: ChangeSet,
    plan: Plan,
    read: Read,
    *,
    stable: Callable[[], Sequence[str]] | None = None,
    notebooks: Sequence[str] = (),
    pure_decorators: Collection[str] = (),
) -> Proof:
    """Doubts every byte of `changes`. Runs no notebook code, writes nothing, never raises for what a file holds.

    `read` gives the bytes of unchanged files as they stand on disk, by path relative to the root. `plan` is asked only for
    what it records: sites, names, renamings, what is not kept. `stable` names what a second extract would propose.
    `notebooks` are all notebooks of the project: unchanged ones are asked what they load through the package.
    `pure_decorators` are dotted names of decorators that a person vouches for.
    """
    subject = read_subject(changes, plan, read, notebooks)
    findings, shown = checked(subject)
    if stable is not None and not findings:
        findings += [Finding("stable", f"a second extract would propose {name} again", "") for name in stable()]
    doubted = _doubted_by_candidate(subject, findings, shown)
    return proof(subject, findings, shown, doubted, pure_decorators)


def checked(subject: Subject) -> tuple[list[Finding], list[Shown]]:
    """What every check finds, and the replaced statements that are shown to be the same, each by itself."""
    findings = list(subject.unreadable)
    for check in (compiles.check, names.check, loads.check, extends.check, namespaces.check):
        findings += _guarded(check.__module__, lambda check=check: check(subject))  # type: ignore[misc]
    shown: list[Shown] = []
    for pair in subject.notebooks:
        findings += _notebook(subject, pair, shown)
    return findings, shown


def _notebook(subject: Subject, pair: NotebookPair, shown: list[Shown]) -> list[Finding]:
    findings: list[Finding] = []
    written = (("json", only_source.check), ("nbformat", accepted.check)) if subject.recorded else ()
    for name, check in written:
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


def _doubted_by_candidate(subject: Subject, findings: Sequence[Finding], shown: Sequence[Shown]) -> set[Site]:
    """Sites that some finding concerns: their candidate, their notebook, or everything."""
    blamed = {candidate for finding in findings for candidate in finding.candidates}
    paths = {finding.path for finding in findings if not finding.candidates}
    doubted: set[Site] = set()
    for one in shown:
        path, cell, name = one.site
        planned = subject.site(path, cell, name, 0)
        candidates = {planned[0].candidate, *planned[0].users} if planned else set()
        if path in paths or candidates & blamed or "" in paths:
            doubted.add(one.site)
    return doubted


def proof(
    subject: Subject, findings: Sequence[Finding], shown: Sequence[Shown], doubted: set[Site], pure: Collection[str]
) -> Proof:
    """Evidence for what is shown and not `doubted`, unless what its import runs is in doubt or may do more than define."""
    broken = {finding.path for finding in findings if finding.check in ("compiles", "names", "loads")}
    unsure: dict[Site, str] = {}
    turned = {pair.path: namespaces.turned_by_others(subject, pair.path) for pair in subject.notebooks}
    for one in shown:
        run = loads.run_by(subject.after, one.target)
        found = [f"{module.path} has findings of its own" for module in run if module.path in broken]
        elsewhere = turned[one.site[0]]
        found += [f"{elsewhere[name]} runs this notebook and binds `{name}`" for name in one.reads if name in elsewhere]
        if why := next(filter(None, [*found, one.unsure, _acts_first(subject, one, run, pure)]), ""):
            unsure.setdefault(one.site, why)
    proved = {one.site: "proved" for one in shown if one.site not in doubted and one.site not in unsure}
    return Proof(tuple(dict.fromkeys(findings)), proved, {site: why for site, why in unsure.items() if site not in doubted})


def _acts_first(subject: Subject, one: Shown, run: Sequence[ModuleView], pure: Collection[str]) -> str:
    """What the import runs for the first time in its notebook that does more than define."""
    pair = next(pair for pair in subject.notebooks if pair.path == one.site[0])
    earlier = loads.ran_before(subject, pair.before, one.place)
    return next(filter(None, (acting.acts_when_run(module, pure) for module in run if module.name not in earlier)), "")
