"""W6: docstrings that somebody reads: doctest.testmod(), f.__doc__, help(f)."""

from collections.abc import Iterator, Sequence

from nb2mod.model import Reason, Used, UseKind
from nb2mod.stages.decide.subject import Subject

CODE = "NB346"
_READERS = frozenset(("help", "getdoc", "run_docstring_examples", "DocTestFinder", "find"))


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition with examples in a notebook that tests its own: doctest.testmod() skips what is imported."""
    if ">>>" not in (subject.details.docstring or ""):
        return
    for used in (*subject.names.uses.get("doctest", ()), *subject.names.uses.get("testmod", ())):
        if "testmod" in (used.use.name, used.use.detail):
            message = "doctest.testmod() tests what the notebook itself defines, and would skip it once it is imported"
            yield subject.blocks(CODE, message, subject.at(used))
            return


def check_group(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Reason]]:
    """Blocks the copies whose docstring is read when the copies differ in it: one copy's would be kept for all."""
    if len({subject.details.docstring for subject in subjects}) < 2:
        return
    for subject in subjects:
        reader = next((used for used in subject.uses() if _reads_docstring(used)), None)
        if reader is not None:
            message = "its docstring is read at run time, and those of other copies differ"
            yield subject, subject.blocks(CODE, message, subject.at(reader))


def _reads_docstring(used: Used) -> bool:
    use = used.use
    if use.kind is UseKind.VALUE:
        return use.detail.lstrip(".") in _READERS
    return use.kind in (UseKind.ATTRIBUTE, UseKind.ATTRIBUTE_CALL) and use.detail.split(".")[-1] == "__doc__"
