"""W5, W6: docstrings and source texts that somebody reads: doctest.testmod(), f.__doc__, help(f), inspect.getsource(f)."""

from collections.abc import Callable, Iterator, Sequence

from nb2mod.model import Reason, Used, UseKind
from nb2mod.stages.decide.subject import Subject, source_of

CODE = "NB346"
_READERS = frozenset(("help", "getdoc", "run_docstring_examples", "DocTestFinder", "find"))
_SHOWS_SOURCE = frozenset(("getsource", "getsourcelines", "getcomments", "getblock", "psource", "pinfo2"))


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
    """Blocks the copies whose docstring or source is read when the copies differ in it: one copy's would be kept for all."""
    if len({subject.details.docstring for subject in subjects}) > 1:
        yield from _read(subjects, _reads_docstring, "docstring is read at run time, and those")
    if len({source_of(subject.cell, subject.definition) for subject in subjects}) > 1:
        yield from _read(subjects, _reads_source, "source is read at run time, and the texts")


def _read(subjects: Sequence[Subject], reads: Callable[[Used], bool], what: str) -> Iterator[tuple[Subject, Reason]]:
    for subject in subjects:
        reader = next((used for used in subject.uses() if reads(used)), None)
        if reader is not None:
            yield subject, subject.blocks(CODE, f"its {what} of other copies differ", subject.at(reader))


def _reads_source(used: Used) -> bool:
    return used.use.kind is UseKind.VALUE and used.use.detail.lstrip(".") in _SHOWS_SOURCE


def _reads_docstring(used: Used) -> bool:
    use = used.use
    if use.kind is UseKind.VALUE:
        return use.detail.lstrip(".") in _READERS
    return use.kind in (UseKind.ATTRIBUTE, UseKind.ATTRIBUTE_CALL) and use.detail.split(".")[-1] == "__doc__"
