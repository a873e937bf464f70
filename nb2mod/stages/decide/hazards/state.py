"""N5, N4b, D11: a definition that reads what the notebook computed, rebinds, changes in place, or sets as a parameter."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Dependency, Subject

CODE = "NB305"
_CACHED = ("cache", "lru_cache", "cached_property", "memoize")


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks it, and says how the name could be handed in instead."""
    for dependency in rows(subject, CODE):
        message = f"`{dependency.name}` {dependency.meaning.why}; {_advice(subject, dependency)}"
        yield subject.blocks(CODE, message, subject.place(dependency.line))


def _advice(subject: Subject, dependency: Dependency) -> str:
    details = subject.details
    if dependency.eager:
        return "it is read when the definition runs"
    if details.is_generator or details.is_async:
        return "it may be read after it has changed, so it can't simply become a parameter"
    if any(decorator.name.rpartition(".")[2] in _CACHED for decorator in details.decorators):
        return "as a parameter it would be part of the cache's key"
    if details.returns_function:
        return "the function inside may read it after it has changed"
    bound = dependency.meaning.bound
    if len(bound) == 1 and bound[0].binding.kind is BindKind.LITERAL and not dependency.name.isupper():
        return "a parameter would do, or a name in capitals if nobody changes it"
    if bound and all(one.binding.target == "lambda" for one in bound):
        return "written as a def it could come along"
    return "a parameter would do" if subject.definition.kind != "class" else "a parameter of its methods would do"
