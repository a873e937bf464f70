"""Judges copies one by one: every hazard check, then blocks carried from helpers to what needs them."""

from collections.abc import Mapping, Sequence

from nb2mod.config import Config, Thresholds, thresholds_for
from nb2mod.model import (
    Environment,
    Features,
    Measure,
    Member,
    Names,
    NotebookStage,
    Reason,
    Stage,
)
from nb2mod.stages.decide.hazards import GROUP_HAZARDS, HAZARDS
from nb2mod.stages.decide.meaning import MeaningSource
from nb2mod.stages.decide.needs import helpers_in_force
from nb2mod.stages.decide.parts import Given, Part, definition_at
from nb2mod.stages.decide.rows import with_rows
from nb2mod.stages.decide.sizes import Size, definition_sizes
from nb2mod.stages.decide.subject import Dependency, Subject, details_of, free_uses
from nb2mod.stages.decide.threshold import heavy, held, places, shortfall
from nb2mod.stages.decide.values import differing_values

_ALONE = frozenset(("NB202", "NB203"))


class Judge:
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
        told: Mapping[Member, Sequence[Reason]],
        stages: Mapping[str, NotebookStage],
        given: Given,
    ) -> None:
        self.features = features
        self.names = names
        self.meanings = meanings
        self.config = config
        self.environment = environment
        self.rejected = rejected
        self.modules = modules
        self.told = told
        self.stages = stages
        self.leading = given.leading
        self.limits = {stage: thresholds_for(config, stage) for stage in Stage}
        self.part_of: dict[Member, Part] = {}
        self.subjects: dict[Member, Subject] = {}
        self.reasons: dict[Member, list[Reason]] = {}

    def index(self, parts: Sequence[Part]) -> None:
        for part in parts:
            for member in part.members:
                self.part_of[member] = part

    def shortfall(self, part: Part, groups: Mapping[str, int]) -> list[Reason]:
        """What is missing to the threshold; empty when the copies are past it together, or one is heavy by itself."""
        limits = self.limits_of(part.members)
        statements = definition_at(self.features, part.members[0]).statements
        if self.moves_alone(part):
            return []
        if not self.is_block(part) and heavy(self.measures(part, part.members, groups), statements, limits):
            return []
        count = places(part.members, self.features, groups, bool(part.package))
        files = len({member.file for member in part.members}) + bool(part.package)
        return shortfall(count, statements, files, limits)

    def is_block(self, part: Part) -> bool:
        """Whether it is a run of statements that stands in the features as a function: detect has measured it."""
        return any(member in self.told for member in part.members)

    def moves_alone(self, part: Part) -> bool:
        """Whether it is a block that is past the threshold though it stands once: a cell grown into a script, a step."""
        return any(reason.code in _ALONE for member in part.members for reason in self.told.get(member, ()))

    def production(self, members: Sequence[Member]) -> NotebookStage | None:
        """The first production notebook that holds one."""
        stages = (self.stages.get(self.features[member.file].path) for member in members)
        return next((one for one in stages if one is not None and one.production), None)

    def limits_of(self, members: Sequence[Member]) -> Thresholds:
        """Those of production when one copy stands in a production notebook: the function is relied on there."""
        blocks = any(member in self.told for member in members)
        production = not blocks and self.production(members) is not None
        return self.limits[Stage.PRODUCTION if production else Stage.EXPLORATORY]

    def measures(self, part: Part, members: Sequence[Member], groups: Mapping[str, int]) -> tuple[Measure, ...]:
        """How far copies are from each limit: the places of all, and the largest of each other measure."""
        statements = definition_at(self.features, members[0]).statements
        count = places(members, self.features, groups, bool(part.package))
        sizes = {"notebooks": Size("notebooks", count)}
        if not self.is_block(part):
            sizes["statements"] = Size("statements", statements)
            for member in members:
                definition = definition_at(self.features, member)
                names = self.names[member.file]
                for size in definition_sizes(definition, names, member.cell, member.definition):
                    sizes[size.name] = max(sizes.get(size.name, size), size, key=lambda one: one.value)
        return held(sizes.values(), self.limits_of(members))

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
            reasons = [*self.told.get(member, ()), *(reason for check in HAZARDS for reason in check(subject))]
            if member in self.rejected:
                reasons.insert(0, self.rejected[member])
            self.reasons[member] = reasons
            for dependency in subject.dependencies:
                stack.extend(helpers_in_force(dependency, subject))
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
        subject = self.subject(member)
        reasons = [
            reason for helper in helpers_in_force(dependency, subject) for reason in self.reasons.get(helper, ())
        ]
        effects = {reason.effect for reason in reasons} & {"blocks", "review"}
        mine = {reason.effect for reason in self.reasons[member]}
        effect = "blocks" if "blocks" in effects else "review" if effects else ""
        if not effect or effect in mine or "blocks" in mine:
            return False
        because = next(reason for reason in reasons if reason.effect == effect)
        message = f"needs {dependency.name}, which {'must stay' if effect == 'blocks' else 'wants a review'}: {because.message}"
        self.reasons[member].append(Reason("NB315", message, effect, subject.place(dependency.line)))
        return True

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
