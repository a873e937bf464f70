"""W5, W6: docstrings and source texts that somebody reads: doctest.testmod(), f.__doc__, help(f), inspect.getsource(f)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from nb2mod.model import BindKind, Bound, Reason, Use, Used, UseKind
from nb2mod.stages.decide.order import escapes
from nb2mod.stages.decide.resolve import handed_to
from nb2mod.stages.decide.subject import Subject, source_of

CODE = "NB346"
_READERS = frozenset(("help", "getdoc", "run_docstring_examples", "DocTestFinder", "find"))
_BY_NAME = frozenset((BindKind.DEF, BindKind.CLASS, BindKind.IMPORT))  # what its own reads tell
_SHOWS_SOURCE = frozenset(("getsource", "getsourcelines", "getcomments", "getblock", "psource", "pinfo2"))


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition with examples in a notebook that tests its own: doctest.testmod() skips what is imported."""
    if not any(">>>" in (text or "") for text in subject.details.docstrings):
        return
    for used in (*subject.names.uses.get("doctest", ()), *subject.names.uses.get("testmod", ())):
        if "testmod" in (used.use.name, used.use.detail):
            message = "doctest.testmod() tests what the notebook itself defines, and would skip it once it is imported"
            yield subject.blocks(CODE, message, subject.at(used))
            return


def check_group(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Reason]]:
    """Blocks the copies whose docstrings or source is read when the copies differ in it: one copy's would be kept for all. And
    a docstring that is read as it stands, where black would lay it out anew.
    """
    if len({subject.details.docstrings for subject in subjects}) > 1:
        yield from _read(
            subjects, _docstring_reader, "its docstring is read at run time, and those of other copies differ"
        )
    if len({source_of(subject.cell, subject.definition) for subject in subjects}) > 1:
        yield from _read(subjects, _source_reader, "its source is read at run time, and that of other copies differs")
    if not all(subject.details.docstrings_stay for subject in subjects):
        yield from _read(subjects, _raw_reader, "its docstring is read as it stands, and black would lay it out anew")


def _read(
    subjects: Sequence[Subject], reader: Callable[[Subject], Used | None], message: str
) -> Iterator[tuple[Subject, Reason]]:
    for subject in subjects:
        used = reader(subject)
        if used is not None:
            yield subject, subject.blocks(CODE, message, subject.at(used))


def _docstring_reader(subject: Subject) -> Used | None:
    return _raw_reader(subject) or next(handed_to(subject, _READERS), None)


def _source_reader(subject: Subject) -> Used | None:
    return next(handed_to(subject, _SHOWS_SOURCE), None)


def _raw_reader(subject: Subject) -> Used | None:
    """`f.__doc__`, `Model.fit.__doc__.strip()`; for what is handed on, the `__doc__` of whatever it may be handed on as."""
    own = (used for used in subject.uses() if _reads_docstring(used.use))
    if (found := next(own, None)) is not None or not escapes(subject):
        return found
    values = (name for name, bounds in subject.names.bindings.items() if not _BY_NAME.issuperset(_kinds(bounds)))
    anyone = (used for name in values for used in subject.names.uses.get(name, ()) if _reads_docstring(used.use))
    asked = (used for used in subject.uses() if "__doc__" in subject.names.strings and used.use.kind is UseKind.VALUE)
    return next(chain(anyone, asked), None)


def _reads_docstring(use: Use) -> bool:
    return use.kind in (UseKind.ATTRIBUTE, UseKind.ATTRIBUTE_CALL) and "__doc__" in use.detail.split(".")


def _kinds(bounds: Sequence[Bound]) -> set[BindKind]:
    return {bound.binding.kind for bound in bounds}
