"""D4: what running a class statement does beside making a class, and what is changed on the class later."""

from collections.abc import Iterator

from nb2mod.model import Reason, Used, UseKind
from nb2mod.stages.decide.resolve import builds_only, doing, is_one_of, sets
from nb2mod.stages.decide.subject import Subject

CODE = "NB324"
_PLAIN_METACLASSES = ("abc.ABCMeta", "enum.EnumMeta", "enum.EnumType", "type")
_HOOKS = ("__init_subclass__", "__set_name__")
_CHANGES = frozenset(
    (
        *("add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft", "remove"),
        *("reverse", "setdefault", "sort", "update"),
    )
)


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks class bodies with effects, metaclasses, hooks on subclasses, and class attributes that are changed later."""
    if subject.definition.kind != "class":
        return
    details = subject.details
    for effect in details.class_effects[:1]:
        message = f"its body holds {_statement(effect.name)}, which would run when the module is imported"
        yield subject.blocks(CODE, message, subject.inside(effect.line))
    for run in details.runs:
        plain = run.kind == "item" or (run.kind == "attribute" and not sets(subject, run.name))
        generic = run.part == "base" and plain  # class A(Generic[T]), class B(nn.Module)
        if run.part in ("base", "body") and not generic and not builds_only(subject, run):
            message = f"its {run.part} {doing(run)} when the class is made"
            yield subject.blocks(CODE, message, subject.inside(run.line))
    if details.metaclass is not None and not is_one_of(subject, details.metaclass, _PLAIN_METACLASSES):
        yield subject.blocks(CODE, f"its metaclass {details.metaclass or ''} may do anything when the class is made")
    for hook in _HOOKS:
        if hook in details.methods:
            yield subject.blocks(CODE, f"`{hook}` runs whenever a class is made that uses it")
    for used in subject.names.uses.get(subject.name, ()):
        attribute = _changed(subject, used)
        if attribute:
            message = f"the class attribute `{attribute}` is changed later; running the cell again resets it, an import does not"
            yield subject.blocks(CODE, message, subject.at(used))
            return


def _changed(subject: Subject, used: Used) -> str | None:
    """The attribute of the class body that a use of the class changes."""
    use = used.use
    first, _, rest = use.detail.partition(".")
    if use.kind is UseKind.ATTRIBUTE_STORE and first in subject.details.class_attributes:
        return first
    if use.kind is UseKind.ATTRIBUTE_CALL and first in subject.details.class_attributes and rest in _CHANGES:
        return first
    if use.kind is UseKind.SUBSCRIPT_STORE and subject.details.mutable_attributes:
        return subject.details.mutable_attributes[0]
    if use.kind is UseKind.VALUE and use.detail in ("setattr", "delattr") and subject.details.class_attributes:
        return subject.details.class_attributes[0]
    return None


def _statement(name: str) -> str:
    """A statement by its ast name, as a person calls it."""
    if name.endswith("Assign"):
        return "an assignment"
    word = {"Expr": "expression", "AsyncFor": "async for", "AsyncWith": "async with", "TryStar": "try"}.get(
        name, name.lower()
    )
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word} statement"
