"""D6: annotations that are evaluated, and annotations that somebody reads at run time."""

from collections.abc import Iterator, Sequence

from nb2mod.model import Reason, Used, UseKind
from nb2mod.stages.decide.resolve import handed_to, stands_for
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
        reader = _reader(subject)
        if reader is not None:
            message = "its annotations are read at run time, and those of other copies differ"
            yield subject, subject.blocks(CODE, message, subject.at(reader))


def _named(subject: Subject) -> tuple[str, ...]:
    """What the names mean that only annotations read: the same text may name another class elsewhere (N16)."""
    return tuple(sorted(one.meaning.key for one in subject.dependencies if one.only_annotation or one.unread))


def _evaluated_by_somebody(subject: Subject) -> bool:
    if any(full in _EVALUATING_BASES for base in subject.details.bases if base for full in stands_for(subject, base)):
        return True
    return _reader(subject) is not None


def _reader(subject: Subject) -> Used | None:
    """`get_type_hints(f)`, `signature(Model.fit)`, `Model.fit.__annotations__`."""
    looked = (UseKind.ATTRIBUTE, UseKind.ATTRIBUTE_CALL)
    asked = (u for u in subject.uses() if u.use.kind in looked and "__annotations__" in u.use.detail.split("."))
    return next(asked, None) or next(handed_to(subject, _READERS), None)
