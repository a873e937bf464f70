"""What the judgements on its copies come to for a candidate: the verdict, what it needs, where it stands, its id."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from msgspec.structs import replace

from nb2mod.model import (
    Candidate,
    Measure,
    Member,
    Need,
    Occurrence,
    Reason,
    Stage,
    Target,
    Verdict,
)
from nb2mod.stages.decide.judging import Judge
from nb2mod.stages.decide.needs import needs_of
from nb2mod.stages.decide.parts import Part, definition_at, names_kept, only_called
from nb2mod.stages.decide.subject import source_of
from nb2mod.stages.decide.threshold import HEAVY, places, shortfall, why_alone
from nb2mod.stages.decide.unclear import unclear


class Court(Judge):
    """Candidates from judged parts."""

    def verdicts(self, part: Part, groups: Mapping[str, int]) -> list[Candidate]:
        """One candidate for the copies that may move, one for those that may not."""
        stuck = [m for m in part.members if any(reason.effect == "blocks" for reason in self.reasons[m])]
        free = tuple(member for member in part.members if member not in stuck)
        if free and stuck and self.shortfall(replace(part, members=free), groups):
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

    def unclear(
        self, families: Sequence[Sequence[Part]], candidates: Sequence[Candidate], groups: Mapping[str, int]
    ) -> Iterator[Candidate]:
        """Copies that are in no candidate because what they read can't be told: blocked, with what makes it so."""
        told = {member for candidate in candidates for member in candidate.members}
        for family in families:
            rest = [part for part in family if part.members and not part.package and told.isdisjoint(part.members)]
            for parts in unclear(rest, self.features, self.meanings) if len(rest) > 1 else ():
                members = tuple(sorted(member for part in parts for member in part.members))
                joined = Part(f"{min(part.key for part in parts)}:unclear", parts[0].name, members, (), False)
                if short := self.shortfall(joined, groups):
                    yield self.candidate(joined, members, Verdict.BELOW, short, groups)
                    continue
                self.judge(parts)
                reasons = self._gather(members)
                if any(reason.effect == "blocks" for reason in reasons):
                    yield self.candidate(joined, members, Verdict.BLOCKED, reasons, groups)

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
                if need.candidate and candidate.verdict.moves:
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
        measures = self.measures(part, members, groups)
        notes = self._why_alone(part, members, measures, groups) if verdict is not Verdict.BELOW else []
        chosen = self._chosen(part, members)
        moves = verdict.moves
        exact = len({definition_at(self.features, member).exact for member in (*members, *part.package)}) == 1
        alone = bool(notes) and len(part.members) == 1
        code = "NB105" if part.package else HEAVY if alone else "NB101" if exact else "NB102"
        needs: tuple[Need, ...] = ()
        if moves and not part.package:
            others = [self.subject(member) for member in members if member != chosen]
            needs = needs_of(self.subject(chosen), others, self._provider)
        return Candidate(
            id=self._id(part, moving=verdict is not Verdict.BLOCKED),
            code=code,
            kind="class" if first.kind == "class" else "function",
            name=part.name,
            clone_type=None if alone else 1 if exact else 2,
            verdict=verdict,
            reasons=(*reasons, *notes),
            members=tuple(members),
            occurrences=tuple(sorted(self._occurrence(member) for member in members)),
            statements=first.statements,
            places=places(members, self.features, groups, bool(part.package)),
            existing=self._existing(part),
            needs=needs,
            rename_ok=first.kind != "class" and all(self._only_called(member) for member in members),
            chosen=chosen,
            measures=measures,
            content=first.shape.hex()[:8],
        )

    def _why_alone(
        self, part: Part, members: Sequence[Member], measures: Sequence[Measure], groups: Mapping[str, int]
    ) -> list[Reason]:
        """Notes: what puts it past the threshold though too few exploratory notebooks hold it. Empty for any other."""
        if part.package or self.is_block(part) or self.shortfall(replace(part, members=tuple(members)), groups):
            return []
        count = places(members, self.features, groups, False)
        statements = definition_at(self.features, members[0]).statements
        if len(members) > 1 and not shortfall(count, statements, count, self.limits[Stage.EXPLORATORY]):
            return []
        return why_alone(measures, self.limits_of(members), self.production(members))

    def _only_called(self, member: Member) -> bool:
        return only_called(definition_at(self.features, member).name, self.names[member.file], None)

    def _provider(self, member: Member) -> str:
        """The id of the candidate that a helper belongs to."""
        return self._id(self.part_of[member], moving=True)

    def _id(self, part: Part, *, moving: bool) -> str:
        text = part.key if moving else f"{part.key}:stays"
        return f"{part.name}-{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"

    def _chosen(self, part: Part, members: Sequence[Member]) -> Member:
        """The copy whose text goes to the module: in the name's own spelling, one whose values are the defaults, the most
        frequent, documented, the first: by its text where others have other values.
        """
        texts = {m: source_of(self.features[m.file].cells[m.cell], definition_at(self.features, m)) for m in members}
        counts = Counter(texts.values())

        other = self._seen_otherwise(part, members)

        def rank(member: Member) -> tuple[bool, bool, int, bool, str, Member]:
            definition = definition_at(self.features, member)
            documented = '"""' in texts[member] or "'''" in texts[member]
            text, leads = texts[member], member in self.leading
            wrong = definition.name != part.name or member in other
            return (wrong, not leads, -counts[text], not documented, text if leads else "", member)

        return min(members, key=rank)

    def _seen_otherwise(self, part: Part, members: Sequence[Member]) -> set[Member]:
        """Copies whose parameters have other names than calls of the others spell out (N20)."""
        params = {member: definition_at(self.features, member).params for member in members}
        shared = names_kept(*set(params.values()))
        own = [member for member in members if params[member] == part.params]
        free = all(only_called(part.name, self.names[member.file], shared) for member in own)
        return set() if free else set(members).difference(own)

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
