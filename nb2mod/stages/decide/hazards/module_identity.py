"""N15, W3: __name__, __file__ and their like, which are the module's own, read inside or asked of the definition."""

from collections.abc import Iterator

from nb2mod.model import Reason, Use, UseKind
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Subject

CODE = "NB316"
_PLACES = frozenset(("__module__", "__globals__", "co_filename", "co_firstlineno"))
_ASKS = frozenset(("getmodule", "getfile", "getsourcefile", "getabsfile", "findsource"))


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that reads one, or is asked for one; a logger called by the module's name wants a review."""
    for dependency in rows(subject, CODE):
        place = subject.place(dependency.line)
        if dependency.name == "__name__" and _only_names_a_logger(subject):
            yield subject.review(CODE, "the logger would be called by the module's name instead of __main__", place)
        else:
            yield subject.blocks(CODE, f"`{dependency.name}` says which module it is in, and that would change", place)
    for used in subject.uses():
        if _asks_where(used.use):
            asked = used.use.detail.lstrip(".")
            how = f"{asked}()" if used.use.kind is UseKind.VALUE else f"`{subject.name}.{asked}`"
            yield subject.blocks(CODE, f"{how} tells which module it is in, and that would change", subject.at(used))
            return


def _asks_where(use: Use) -> bool:
    """`f.__module__`, `f.__globals__["x"]`, `inspect.getfile(f)`."""
    if use.kind is UseKind.VALUE:
        return use.detail.lstrip(".") in _ASKS
    return not _PLACES.isdisjoint(use.detail.split("."))


def _only_names_a_logger(subject: Subject) -> bool:
    return all(used.use.detail.lstrip(".") == "getLogger" for used in subject.own_uses("__name__"))
