"""D6: annotations that are evaluated, and annotations that somebody reads at run time."""

from collections.abc import Iterator, Sequence

from nb2mod.model import Reason, Used, UseKind
from nb2mod.stages.decide.resolve import stands_for
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB326"
_READERS = frozenset(
    (
        *("get_type_hints", "get_annotations", "signature", "getfullargspec", "interact", "interactive", "run"),
        *("interactive_output", "interact_manual", "validate_call", "validate_arguments", "Fire", "tool"),
        *("StructuredTool", "from_function"),
    )
)
_EVALUATING_BASES = (
    "pydantic.BaseModel",
    "pydantic_settings.BaseSettings",
    "pydantic.BaseSettings",
    "sqlmodel.SQLModel",
)


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks an annotation that names state; one that Python never evaluates only where somebody else does."""
    for dependency in rows(subject, CODE):
        message = f"an annotation names `{dependency.name}`, which {dependency.meaning.why}; in quotes it would not be evaluated"
        yield subject.blocks(CODE, message, subject.place(dependency.line))
    if not _evaluated_by_somebody(subject):
        return
    for dependency in subject.dependencies:
        if dependency.unread and dependency.meaning.kind in ("state", "ambiguous", "unknown", "unbound"):
            message = (
                f"an annotation that is read at run time names `{dependency.name}`, which {dependency.meaning.why}"
            )
            yield subject.blocks(CODE, message, subject.place(dependency.line))


def check_group(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Reason]]:
    """Blocks the copies whose annotations are read when the copies differ in them: one copy's would be kept for all."""
    if len({(subject.details.annotation_texts, _named(subject)) for subject in subjects}) < 2:
        return
    for subject in subjects:
        reader = next((used for used in subject.uses() if _reads_annotations(used)), None)
        if reader is not None:
            message = "its annotations are read at run time, and those of other copies differ"
            yield subject, subject.blocks(CODE, message, subject.at(reader))


def _named(subject: Subject) -> tuple[str, ...]:
    """What the names mean that only annotations read: the same text may name another class elsewhere (N16)."""
    return tuple(sorted(one.meaning.key for one in subject.dependencies if one.only_annotation or one.unread))


def _evaluated_by_somebody(subject: Subject) -> bool:
    if any(full in _EVALUATING_BASES for base in subject.details.bases if base for full in stands_for(subject, base)):
        return True
    return any(map(_reads_annotations, subject.uses()))


def _reads_annotations(used: Used) -> bool:
    use = used.use
    if use.kind is UseKind.VALUE:
        return use.detail.lstrip(".") in _READERS
    return use.kind in (UseKind.ATTRIBUTE, UseKind.ATTRIBUTE_CALL) and use.detail.startswith("__annotations__")
