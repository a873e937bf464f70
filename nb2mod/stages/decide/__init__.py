"""STAGE: classes of copies → candidates with a verdict and its reasons. One file per hazard check; one reader of the threshold.

When code moves, unknown means blocked: a definition that depends on something blocked is blocked with it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.config import Config
from nb2mod.model import (
    Candidate,
    CloneClass,
    CopiedNotebooks,
    Environment,
    Features,
    Location,
    Member,
    Names,
    Need,
    Occurrence,
    Reason,
    Target,
    Verdict,
)
from nb2mod.stages.decide.hazards import GROUP_HAZARDS, HAZARDS
from nb2mod.stages.decide.meaning import MeaningSource
from nb2mod.stages.decide.needs import helper_of, needs_of
from nb2mod.stages.decide.parts import Part, definition_at, only_called, split
from nb2mod.stages.decide.rows import with_rows
from nb2mod.stages.decide.subject import Dependency, Subject, details_of, free_uses, source_of
from nb2mod.stages.decide.threshold import copy_groups, places, shortfall
from nb2mod.stages.decide.values import differing_values

__all__ = ["Decided", "decide"]


class Decided(Struct, frozen=True):
    """Candidates in order of their first copy. `helpers` are below the threshold themselves but come along with another."""

    candidates: tuple[Candidate, ...]


def decide(
    classes: Sequence[CloneClass],
    features: Sequence[Features],
    names: Mapping[int, Names],
    meanings: MeaningSource,
    copied: Sequence[CopiedNotebooks],
    config: Config,
    environment: Environment,
    rejected: Mapping[Member, Reason] | None = None,
    modules: Mapping[str, str] | None = None,
) -> tuple[Candidate, ...]:
    """A verdict for every definition that stands in two places, and for the helpers they need.

    `rejected` are copies that a later stage could not place or prove: they are blocked with that reason, and what depends on
    them too. `modules` gives the import name of each of the package's files.
    """
    judge = _Judge(features, names, meanings, config, environment, rejected or {}, modules or {})
    families = [split(clones, features, names, meanings.key) for clones in classes]
    parts = [part for family in families for part in family]
    parts.sort(key=lambda part: min((*part.members, *part.package)))
    judge.index(parts)
    groups = copy_groups(copied, config)
    candidates: list[Candidate] = []
    past: list[Part] = []
    apart: set[Member] = set()
    for family in families:
        for joined, reasons in judge.differing_values(family, groups):
            candidates.append(judge.candidate(joined, joined.members, Verdict.BLOCKED, reasons, groups))
            apart.update(joined.members)
    for part in parts:
        if not part.members or len(part.members) + len(part.package) < 2 or part.members[0] in apart:
            continue
        short = judge.shortfall(part, groups)
        if short:
            candidates.append(judge.candidate(part, part.members, Verdict.BELOW, short, groups))
        else:
            past.append(part)
    judge.judge(past)
    below = {candidate.id: candidate for candidate in candidates}
    for part in past:
        for candidate in judge.verdicts(part, groups):
            below.pop(candidate.id, None)
            candidates.append(candidate)
    moving = {need.candidate for c in candidates if c.verdict in _MOVES for need in c.needs if need.candidate}
    candidates = [c for c in candidates if c.id not in moving or c.verdict in _MOVES]
    have = {candidate.id for candidate in candidates}
    candidates += judge.companions(moving - have, candidates, groups)
    return tuple(sorted(candidates, key=lambda candidate: (candidate.occurrences[0], candidate.id)))


_MOVES = (Verdict.EXTRACT, Verdict.REVIEW)


class _Judge:
    """Judges copies one by one, then carries blocks from helpers to what needs them until nothing changes."""

    def __init__(
        self,
        features: Sequence[Features],
        names: Mapping[int, Names],
        meanings: MeaningSource,
        config: Config,
        environment: Environment,
        rejected: Mapping[Member, Reason],
        modules: Mapping[str, str],
    ) -> None:
        self.features = features
        self.names = names
        self.meanings = meanings
        self.config = config
        self.environment = environment
        self.rejected = rejected
        self.modules = modules
        self.part_of: dict[Member, Part] = {}
        self.subjects: dict[Member, Subject] = {}
        self.reasons: dict[Member, list[Reason]] = {}

    def index(self, parts: Sequence[Part]) -> None:
        for part in parts:
            for member in part.members:
                self.part_of[member] = part

    def shortfall(self, part: Part, groups: Mapping[str, int]) -> list[Reason]:
        count = places(part.members, self.features, groups, bool(part.package))
        files = len({member.file for member in part.members}) + bool(part.package)
        return shortfall(count, definition_at(self.features, part.members[0]).statements, files, self.config)

    def differing_values(self, family: Sequence[Part], groups: Mapping[str, int]) -> list[tuple[Part, list[Reason]]]:
        """Parts of one class that are short of the threshold only because a constant has several values (N4)."""
        if len(family) < 2:
            return []
        short = [part for part in family if part.members and not part.package and self.shortfall(part, groups)]
        return differing_values(short, self.features, self.meanings, lambda part: not self.shortfall(part, groups))

    # judging

    def judge(self, parts: Sequence[Part]) -> None:
        """Fills `reasons` for every copy of the parts and, transitively, every helper they need."""
        stack = [member for part in parts for member in part.members]
        while stack:
            member = stack.pop()
            if member in self.reasons:
                continue
            subject = self.subject(member)
            reasons = [reason for check in HAZARDS for reason in check(subject)]
            if member in self.rejected:
                reasons.insert(0, self.rejected[member])
            self.reasons[member] = reasons
            stack.extend(self._helpers(member))
        for part in parts:
            subjects = [self.subject(member) for member in (*part.members, *part.package)]
            for check_group in GROUP_HAZARDS:
                for subject, reason in check_group(subjects):
                    if reason not in self.reasons.setdefault(subject.member, []):
                        self.reasons[subject.member].append(reason)
        self._carry()

    def _carry(self) -> None:
        changed = True
        while changed:
            changed = False
            for member in sorted(self.reasons):
                for dependency in self.subject(member).dependencies:
                    changed |= self._carry_one(member, dependency)

    def _carry_one(self, member: Member, dependency: Dependency) -> bool:
        helper = helper_of(dependency, member.file)
        if helper is None:
            return False
        effects = {reason.effect for reason in self.reasons.get(helper, ())} & {"blocks", "review"}
        mine = {reason.effect for reason in self.reasons[member]}
        effect = "blocks" if "blocks" in effects else "review" if effects else ""
        if not effect or effect in mine or "blocks" in mine:
            return False
        because = next(reason for reason in self.reasons[helper] if reason.effect == effect)
        subject = self.subject(member)
        message = f"needs {dependency.name}, which {'must stay' if effect == 'blocks' else 'wants a review'}: {because.message}"
        self.reasons[member].append(Reason("NB315", message, effect, subject.place(dependency.line)))
        return True

    def _helpers(self, member: Member) -> list[Member]:
        found = (helper_of(dependency, member.file) for dependency in self.subject(member).dependencies)
        return [helper for helper in found if helper is not None]

    def subject(self, member: Member) -> Subject:
        if member not in self.subjects:
            self.subjects[member] = self._make_subject(member)
        return self.subjects[member]

    def _make_subject(self, member: Member) -> Subject:
        features = self.features[member.file]
        names = self.names[member.file]
        cell = features.cells[member.cell]
        definition = cell.facts.definitions[member.definition]
        found, error = details_of(cell, definition)
        in_force = features.cells[: member.cell + 1]
        lazy = any("annotations" in earlier.facts.future for earlier in in_force)
        dependencies = tuple(
            Dependency(
                name,
                self.meanings.of(member.file, member.cell, member.definition, name, eager=use.eager),
                use.line,
                use.eager,
                use.only_annotation,
                use.in_string,
                use.unread,
            )
            for name, use in free_uses(cell, member.definition, lazy_annotations=lazy).items()
        )
        subject = Subject(
            member=member,
            features=features,
            names=names,
            dependencies=dependencies,
            details=found,
            config=self.config,
            environment=self.environment,
            earliest_run=self.meanings.earliest_run(member.file, definition.name),
            owners=self.meanings.owners(member.file),
            error=error,
        )
        return with_rows(subject)

    # verdicts

    def verdicts(self, part: Part, groups: Mapping[str, int]) -> list[Candidate]:
        """One candidate for the copies that may move, one for those that may not."""
        stuck = [m for m in part.members if any(reason.effect == "blocks" for reason in self.reasons[m])]
        free = tuple(member for member in part.members if member not in stuck)
        count = places(free, self.features, groups, bool(part.package)) if free else 0
        if free and stuck and count < self.config.threshold_notebooks:
            reasons = self._gather(part.members)
            return [self.candidate(part, part.members, Verdict.BLOCKED, reasons, groups)]
        found = []
        if free:
            reasons = self._gather(free)
            review = any(reason.effect == "review" for reason in reasons)
            verdict = Verdict.REVIEW if review else Verdict.EXTRACT
            found.append(self.candidate(part, free, verdict, reasons, groups))
        if stuck:
            found.append(self.candidate(part, tuple(stuck), Verdict.BLOCKED, self._gather(stuck), groups))
        return found

    def _gather(self, members: Sequence[Member]) -> list[Reason]:
        """The reasons of several copies; the same sentence of many copies is told once, at its first place."""
        seen: dict[tuple[str, str, str], Reason] = {}
        for member in members:
            for reason in self.reasons[member]:
                seen.setdefault((reason.code, reason.message, reason.effect), reason)
        order = {"blocks": 0, "review": 1, "note": 2, "below": 3}
        return sorted(seen.values(), key=lambda reason: order[reason.effect])

    def companions(
        self, wanted: set[str], candidates: Sequence[Candidate], groups: Mapping[str, int]
    ) -> list[Candidate]:
        """Helpers below the threshold that come along because something that moves needs them."""
        found: list[Candidate] = []
        by_id = {self._id(part, moving=True): part for part in set(self.part_of.values())}
        users: dict[str, list[str]] = defaultdict(list)
        for candidate in candidates:
            for need in candidate.needs:
                if need.candidate and candidate.verdict in _MOVES:
                    users[need.candidate].append(candidate.name)
        queue = sorted(wanted)
        done: set[str] = set()
        while queue:
            identity = queue.pop()
            if identity in done or identity not in by_id:
                continue
            done.add(identity)
            part = by_id[identity]
            members = tuple(m for m in part.members if self._may_come(m))
            who = ", ".join(sorted(set(users[identity])))
            reasons = [
                Reason("NB110", f"comes along with {who}" if who else "comes along", "note"),
                *self._gather(members),
            ]
            review = any(reason.effect == "review" for reason in reasons)
            candidate = self.candidate(part, members, Verdict.REVIEW if review else Verdict.EXTRACT, reasons, groups)
            found.append(candidate)
            for need in candidate.needs:
                if need.candidate:
                    users[need.candidate].append(candidate.name)
                    if need.candidate not in {c.id for c in candidates}:
                        queue.append(need.candidate)
        return found

    def _may_come(self, member: Member) -> bool:
        if member not in self.reasons:
            self.judge_one(member)
        return not any(reason.effect == "blocks" for reason in self.reasons[member])

    def judge_one(self, member: Member) -> None:
        self.judge([replace(self.part_of[member], members=(member,))])

    def candidate(
        self,
        part: Part,
        members: Sequence[Member],
        verdict: Verdict,
        reasons: Sequence[Reason],
        groups: Mapping[str, int],
    ) -> Candidate:
        first = definition_at(self.features, members[0])
        chosen = self._chosen(part, members)
        moves = verdict in _MOVES
        exact = len({definition_at(self.features, member).exact for member in (*members, *part.package)}) == 1
        code = "NB105" if part.package else "NB101" if exact else "NB102"
        needs: tuple[Need, ...] = ()
        if moves and not part.package:
            others = [self.subject(member) for member in members if member != chosen]
            needs = needs_of(self.subject(chosen), others, self._provider)
        return Candidate(
            id=self._id(part, moving=verdict is not Verdict.BLOCKED),
            code=code,
            kind="class" if first.kind == "class" else "function",
            name=part.name,
            clone_type=1 if exact else 2,
            verdict=verdict,
            reasons=tuple(reasons),
            members=tuple(members),
            occurrences=tuple(sorted(self._occurrence(member) for member in members)),
            statements=first.statements,
            places=places(members, self.features, groups, bool(part.package)),
            existing=self._existing(part),
            needs=needs,
            rename_ok=first.kind != "class" and all(self._only_called(member) for member in members),
            chosen=chosen,
        )

    def _only_called(self, member: Member) -> bool:
        return only_called(definition_at(self.features, member).name, self.names[member.file], keywords=True)

    def _provider(self, member: Member) -> str:
        """The id of the candidate that a helper belongs to."""
        return self._id(self.part_of[member], moving=True)

    def _id(self, part: Part, *, moving: bool) -> str:
        text = part.key if moving else f"{part.key}:stays"
        return f"{part.name}-{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"

    def _chosen(self, part: Part, members: Sequence[Member]) -> Member:
        """The copy whose text goes to the module: in the name's own spelling, the most frequent, documented, the first."""
        texts = {m: source_of(self.features[m.file].cells[m.cell], definition_at(self.features, m)) for m in members}
        counts = Counter(texts.values())

        def rank(member: Member) -> tuple[bool, int, bool, Member]:
            definition = definition_at(self.features, member)
            documented = '"""' in texts[member] or "'''" in texts[member]
            return (definition.name != part.name, -counts[texts[member]], not documented, member)

        return min(members, key=rank)

    def _existing(self, part: Part) -> Target | None:
        if not part.package:
            return None
        member = min(part.package)
        module = self.modules.get(self.features[member.file].path, "")
        return Target(module, definition_at(self.features, member).name)

    def _occurrence(self, member: Member) -> Occurrence:
        features = self.features[member.file]
        cell = features.cells[member.cell]
        definition = cell.facts.definitions[member.definition]
        return Occurrence(features.path, cell.number, definition.line, definition.end_line, definition.name, cell.id)


def location_of(occurrence: Occurrence) -> Location:
    """The first line of a copy as a place."""
    return Location(occurrence.path, occurrence.cell, occurrence.line, occurrence.cell_id)
