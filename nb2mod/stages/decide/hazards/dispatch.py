"""D12: definitions that are one of a group: overloads, generic functions and their registrations."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Bound, Reason, UseKind
from nb2mod.stages.decide.order import others
from nb2mod.stages.decide.resolve import is_one_of, stands_for
from nb2mod.stages.decide.subject import Subject
from nb2mod.syntax.evaluated import Decorator

CODE = "NB332"
GENERIC = ("functools.singledispatch",)
OVERLOADS = ("typing.overload", "typing_extensions.overload")
DISPATCHERS = (*GENERIC, *OVERLOADS)


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks each of them: a group moves whole or not at all."""
    for decorator in subject.details.decorators:
        place = subject.inside(decorator.line)
        if is_one_of(subject, decorator.name, GENERIC) or is_registration(subject, decorator):
            message = "is one of the versions of a generic function, which belong together (singledispatch)"
            yield subject.blocks(CODE, message, place)
        elif is_one_of(subject, decorator.name, OVERLOADS):
            yield subject.blocks(CODE, "is an overload, which belongs with its implementation", place)
    if any(_is_overload(subject, bound.cell, bound.binding.owner) for bound in _definitions(subject)):
        yield subject.blocks(CODE, "has overloads, which belong with it")


def is_registration(subject: Subject, decorator: Decorator) -> bool:
    """`@show.register` of a generic function; that of an imported module (atexit, codecs) is something else."""
    return decorator.name.endswith(".register") and not stands_for(subject, decorator.name)


def _definitions(subject: Subject) -> list[Bound]:
    return [bound for bound in others(subject) if bound.binding.kind is BindKind.DEF]


def _is_overload(subject: Subject, cell: int, owner: int) -> bool:
    return any(
        use.owner == owner and use.kind is UseKind.DECORATOR and "overload" in (use.name, use.detail.rpartition(".")[2])
        for use in subject.features.cells[cell].facts.uses
    )
