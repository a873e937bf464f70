"""What a person would see of a notebook with blocks, before and after: one comparison for the tool's work and for ours.

Names that only the block itself mentions may go; so may what follows an error inside the block, where the run ends. A name
that is not bound is told there as an UnboundLocalError, which is a NameError in other words, and by its name in another copy.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from small.execution import Seen, run

_NOT_BOUND = re.compile(
    r"(?:NameError|UnboundLocalError): (?:name|cannot access \w+ variable) ('\w+') (?:is not defined|[\w ]* in enclosing scope"
    r"|where it is not associated with a value)"
)
_HANDED_IN = re.compile(r"missing \d+ required keyword-only argument")
_TAKES = re.compile(r"[\w<>.]+\(\) takes")
_WORD = re.compile(r"[^\W\d]\w*")
# Where something was made: functions and generators of a block say so beside their address, which no two runs share; classes that
# came along by their module (W3).
_MADE_IN = re.compile(r"\b\w+\.<locals>\.(?=<)|(?<=__main__\.)\w+\.(?=\w)")


class Before(NamedTuple):
    """A notebook as it was: its cells, the cells (from 1) that hold part of a moved block, and the names others mention.

    `raises`: its cells are expected to raise.
    """

    cells: Sequence[str]
    moved: Collection[int]
    visible: frozenset[str]
    raises: bool = False


def words(texts: Iterable[str]) -> frozenset[str]:
    """Every identifier that stands in the texts, in strings too."""
    return frozenset(word for text in texts for word in _WORD.findall(text))


def seen(book: Before, modules: Mapping[str, str], cells: Sequence[str] | None = None) -> Seen:
    """What a run of the notebook, or of its new cells, shows of the names that matter. What is no Python would not even begin."""
    try:
        return run(book.cells if cells is None else cells, modules, about=book.visible, goes_on=book.raises)
    except SyntaxError as error:
        return Seen((), f"SyntaxError: {error}", {}, {})


def difference(book: Before, old: Seen, new: Seen) -> str:
    """What a person would see of it, in words; "" when nothing. After an error nobody asks functions for more."""
    if old.error and len(old.cells) in book.moved:
        parts: list[tuple[str, object, object]] = [
            ("output", _joined(old), _joined(new)),
            ("error", _unbound(old.error), _unbound(new.error)),
        ]
    else:
        parts = [("cells", old.cells, new.cells), ("error", old.error, new.error), ("names", old.names, new.names)]
        lifted = _lifted(new)
        parts += [] if old.error else [("answers", _nameless(old, lifted), _nameless(new, lifted))]
    for what, one, other in parts:
        if _plain(one) != _plain(other):
            return f"{what}: {one} -> {other}"
    return ""


def _unbound(error: str) -> str:
    return "a name is not bound" if error.startswith(("NameError: ", "UnboundLocalError: ")) else error


def _lifted(shown: Seen) -> set[str]:
    """Functions that want their notebook's state as an argument now: at the prompt a person has to pass it."""
    return {name for name, answers in shown.asked.items() if any(_HANDED_IN.search(answer) for answer in answers)}


def _nameless(shown: Seen, without: Collection[str]) -> str:
    """Answers. A copy that goes by other names gives its own when one is not bound, or when it says what it takes (N20)."""
    asked = {name: answers for name, answers in shown.asked.items() if name not in without}
    return _TAKES.sub("it takes", _NOT_BOUND.sub("a name is not bound", str(asked)))


def _plain(shown: object) -> str:
    return _MADE_IN.sub("", _NOT_BOUND.sub(r"\1 is not bound", str(shown)))


def _joined(shown: Seen) -> list[str]:
    return [line for cell in shown.cells for line in cell]
