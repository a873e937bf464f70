"""D1: defaults are evaluated when the definition runs: in the notebook each time its cell runs, in a module once."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.resolve import builds_only, doing
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB321"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks defaults that call something or read state, or the definition's own name, which is not bound by then; and new
    lists or dicts when the notebook defines it again.
    """
    for run in subject.details.runs:
        if run.part == "default" and not builds_only(subject, run):
            message = f"a default {doing(run)} when the definition runs; None and a line in the body would do"
            yield subject.blocks(CODE, message, subject.inside(run.line))
    for dependency in rows(subject, CODE):
        message = (
            f"a default reads `{dependency.name}`, which {dependency.meaning.why}; None and a line in the body would do"
        )
        yield subject.blocks(CODE, message, subject.place(dependency.line))
    for default in subject.details.defaults:
        if subject.name in default.names:
            message = (
                f"`{default.parameter}={default.text}` reads `{subject.name}` before this definition binds it; "
                "None and a line in the body would do"
            )
            yield subject.blocks(CODE, message, subject.inside(default.line))
    again = copies_here(subject)
    for default in subject.details.defaults:
        if default.kind == "mutable" and again > 1:
            message = (
                f"`{default.parameter}={default.text}` is made anew by each of the notebook's {again} definitions, "
                "and would be one for all"
            )
            yield subject.blocks(CODE, message, subject.inside(default.line))


def copies_here(subject: Subject) -> int:
    """How often the notebook holds the definition, under whatever name."""
    own = subject.definition
    return sum(
        other.shape == own.shape and other.kind == own.kind
        for cell in subject.features.cells
        for other in cell.facts.definitions
    )
