"""All checks in their order over one ChangeSet, and what they come to."""

from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from nb2mod.model import ChangeSet, Finding, Plan
from nb2mod.stages.verify.proof import (
    absent,
    accepted,
    acting,
    compiles,
    driving,
    extends,
    hidden,
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

_CHECKS = (
    compiles.check,
    names.check,
    loads.check,
    absent.check,
    hidden.check,
    extends.check,
    namespaces.check,
    driving.check,
)


class Proof(Struct, frozen=True):
    """What was found against a ChangeSet; nothing means proved.

    `evidence` maps (path, cell, name) of a replaced statement to "proved" when it was shown to be the same and no
    finding concerns it; of a run that became a call, it is the cell where that began and the function's name. `unsure` maps
    those that nothing was found against, and that the text alone can't show, to the reason in words. `targets` is what the
    imports of both bring: dotted, module and name.
    """

    findings: tuple[Finding, ...] = ()
    evidence: Mapping[Site, str] = {}
    unsure: Mapping[Site, str] = {}
    targets: Mapping[Site, str] = {}


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
    for check in _CHECKS:
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
    doubts = _Doubts(subject, broken, pure)
    unsure: dict[Site, str] = {}
    for one in shown:
        if one.site not in doubted and (why := doubts.of(one)):
            unsure.setdefault(one.site, why)
    proved = {one.site: "proved" for one in shown if one.site not in doubted and one.site not in unsure}
    targets = {one.site: one.target for one in shown if one.site not in doubted}
    return Proof(tuple(dict.fromkeys(findings)), proved, unsure, targets)


class _Doubts:
    """What the text alone can't tell of places that nothing was found against."""

    def __init__(self, subject: Subject, broken: Collection[str], pure: Collection[str]) -> None:
        self.subject = subject
        self.broken = broken
        self.pure = pure
        self.pairs = {pair.path: pair for pair in subject.notebooks}
        self.turned = namespaces.turned_by_others(subject)
        self.first_runs = {path: loads.first_runs(subject, pair.before) for path, pair in self.pairs.items()}
        self.acts: dict[str, str] = {}

    def of(self, one: Shown) -> str:
        """The first doubt about one place, in words; "" when there is none."""
        run = self.subject.after.run_by(one.target)
        found = [f"{module.path} has findings of its own" for module in run if module.path in self.broken]
        elsewhere = self.turned[one.site[0]]
        found += [
            f"{elsewhere[name]} runs this notebook and binds `{name}`" for name in sorted(one.reads & set(elsewhere))
        ]
        first = self.first_runs[one.site[0]]
        fresh = (module for module in run if first.get(module.name, one.place) >= one.place)
        found += [one.unsure, *map(self.acting, fresh)]
        return next(filter(None, found), "")

    def acting(self, module: ModuleView) -> str:
        """What running a module does beside defining."""
        if module.name not in self.acts:
            try:
                self.acts[module.name] = acting.acts_when_run(module, self.pure)
            except RecursionError:
                self.acts[module.name] = f"{module.name} is nested too deeply to be read"
        return self.acts[module.name]
