"""D7: a name that the notebook defines again. The import stands where the definition stood, so most of these are harmless."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Bound, Reason, UseKind
from nb2mod.stages.decide.order import escapes, later_others, others, own_place, same_text, used_between
from nb2mod.stages.decide.resolve import is_one_of, meaning_of
from nb2mod.stages.decide.subject import Subject
from nb2mod.syntax.evaluated import Decorator

CODE = "NB327"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks where something can tell the difference.

    A function that calls itself while somebody may hold it past its name's next definition; a class that names itself; a
    definition that is replaced before anything uses it; a class or cache that is made anew and would be one.
    """
    definitions = [bound for bound in others(subject) if bound.binding.kind in (BindKind.DEF, BindKind.CLASS)]
    different = [bound for bound in definitions if not same_text(subject, bound)]
    after = [bound for bound in later_others(subject) if bound in different]
    if after and sees_itself_later(subject):
        place = subject.where(after[-1])
        message = f"reads its own name, which is defined again in {place}; inside a module it would not see that"
        yield subject.blocks(CODE, f"{message}, so give one of them another name")
    # An import replaces it just as well, and is what a later definition leaves behind when it moves.
    imports = [bound for bound in others(subject) if bound.binding.kind is BindKind.IMPORT]
    replaced = _replaced_unused(subject, [*different, *imports])
    if replaced is not None:
        message = (
            f"is defined again in {subject.where(replaced)} before anything uses it; delete it, or give it another name"
        )
        yield subject.blocks(CODE, message)
    again = [bound for bound in definitions if bound not in different]
    if again and _is_told_apart(subject, again):
        message = (
            f"is made anew in {subject.where(again[-1])}, and what the first one holds or made is not the second's"
        )
        yield subject.blocks(CODE, f"{message}; delete one of them")


def reads_itself(subject: Subject) -> bool:
    """Whether the body reads its own name; in annotations that is no read."""
    return any(
        used.use.kind is not UseKind.ANNOTATION and (used.use.kind, used.use.detail) != (UseKind.STRING, "annotation")
        for used in subject.own_uses(subject.name)
    )


def sees_itself_later(subject: Subject) -> bool:
    """Whether the body may read its own name after that was bound again: only when something but the name holds it."""
    if not reads_itself(subject):
        return False
    details = subject.details
    late = details.is_generator or details.is_async or details.defers or details.decorators
    return subject.definition.kind == "class" or bool(late) or escapes(subject)


def _replaced_unused(subject: Subject, different: list[Bound]) -> Bound | None:
    start = own_place(subject)
    later = [bound for bound in different if (bound.cell, bound.binding.line) > start and bound.binding.certain]
    if not later:
        return None
    first = min(later, key=lambda bound: (bound.cell, bound.binding.line))
    return None if used_between(subject, start, (first.cell, first.binding.line)) else first


def _is_told_apart(subject: Subject, again: list[Bound]) -> bool:
    """Whether two objects of the same text differ: in what they remember, or, classes, in whose objects were made between."""
    details = subject.details
    if any(used.use.kind is UseKind.ATTRIBUTE_STORE for used in subject.names.uses.get(subject.name, ())):
        return True
    if subject.definition.kind != "class":
        return any(_remembers(subject, decorator) for decorator in details.decorators)
    own = own_place(subject)
    places = [(bound.cell, bound.binding.line) for bound in again]
    between = any(used_between(subject, min(own, place), max(own, place)) for place in places)
    return between or bool(details.mutable_attributes)


def _remembers(subject: Subject, decorator: Decorator) -> bool:
    """lru_cache and its kin, and wrappers of the notebook's own, which may hold anything."""
    meaning = meaning_of(subject, decorator.name)
    cached = is_one_of(subject, decorator.name, ("functools.lru_cache", "functools.cache"))
    return cached or (meaning is not None and meaning.kind == "helper")
