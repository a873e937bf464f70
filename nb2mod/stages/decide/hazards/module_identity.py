"""N15: __name__, __file__ and their like, which are the module's own."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB316"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads one; a logger called by the module's name wants a review."""
    for dependency in rows(subject, CODE):
        place = subject.place(dependency.line)
        if dependency.name == "__name__" and _only_names_a_logger(subject):
            yield subject.review(CODE, "the logger would be called by the module's name instead of __main__", place)
        else:
            yield subject.blocks(CODE, f"`{dependency.name}` says which module it is in, and that would change", place)


def _only_names_a_logger(subject: Subject) -> bool:
    return all(used.use.detail.lstrip(".") == "getLogger" for used in subject.own_uses("__name__"))
