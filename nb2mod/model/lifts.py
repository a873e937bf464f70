"""Near-miss copies and state: where copies differ, the parameters that make them one function, and what their calls pass.

A *lift* is a definition with parameters it did not have, and each of its calls with the arguments that keep its meaning. Every
edit of a lift keeps the number of lines, so places in a lifted notebook are places in the real one.
"""

from msgspec import Struct

from nb2mod.model.analysis import Meaning
from nb2mod.model.clones import Member, Reason
from nb2mod.model.contrasts import Contrast
from nb2mod.model.places import Location


class NearClass(Struct, frozen=True):
    """Definitions of one kind that resemble each other and are not all of one shape (type 3), of notebooks and of the package.

    `members` in order of place, every copy of each shape. `similarity`: the least among the pairs that join them, 0 to 1: the
    share of their normalised tokens that an alignment matches.
    """

    kind: str  # as in `Definition`
    members: tuple[Member, ...]
    similarity: float


class Copy(Struct, frozen=True):
    """One definition as text, for comparing: `text` begins at its first decorator or `def` and ends with its last line, without
    indentation. `place` is where its first line stands. `weight`: notebooks that hold just this text. `meanings`: what its free
    names mean there. `fixed`: it stands in the team's package, so its own values are the defaults. `headless`: its first line,
    that of `def`, stands nowhere.
    """

    text: str
    place: Location
    weight: int = 1
    meanings: dict[str, Meaning] = {}
    fixed: bool = False
    headless: bool = False


class Replacement(Struct, frozen=True, order=True):
    """Characters `start` to `end` of a `Copy.text` (later: of its cell) become `text`, which has as many line ends."""

    start: int
    end: int
    text: str


class NewParameter(Struct, frozen=True):
    """One parameter that a copy gets, or (`position` not None) the default of one that it has.

    `default` is its source in the signature, "" when there is none. `value` is what calls of this copy pass, in source; "" when
    they leave it to the default. `reads`: names of the notebook's level that `value` reads, at each call. `replacements`: what of
    the definition's text becomes the parameter (of `position`: the default's own characters; none for state of the same name).
    """

    name: str
    kind: str  # "literal", "expression", "function", "name" (holes H1 to H4), "default" (a default that differs), "state" (N5)
    default: str = ""
    value: str = ""
    reads: tuple[str, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    position: int | None = (
        None  # of "default": which parameter of the signature it is, counted from 0; keyword-only: -1
    )


class Unified(Struct, frozen=True):
    """Copies that one function can stand for. `copies`: indexes of those given; `parameters`: of each, in the same order, and
    with the same names, kinds and defaults in all. `notes`: what a person should know of the values (H8).
    """

    copies: tuple[int, ...]
    parameters: tuple[tuple[NewParameter, ...], ...]
    notes: tuple[Reason, ...] = ()


class Apart(Struct, frozen=True):
    """Copies that no function is made for. `reasons` block (NB372, NB373, NB374); `contrasts` between two of them, the nearest
    pair; `advice`: the smallest change in words that would let them unify.
    """

    copies: tuple[int, ...]
    reasons: tuple[Reason, ...]
    contrasts: tuple[Contrast, ...] = ()
    advice: str = ""


class Unification(Struct, frozen=True):
    """What copies of a near-miss class come to: classes of which each can be one function, and those that can't join any.

    A copy that unifies with none stands in one `Apart`; its pair there may be in a class.
    """

    classes: tuple[Unified, ...] = ()
    apart: tuple[Apart, ...] = ()


class TextEdit(Struct, frozen=True, order=True):
    """Characters `start` to `end` of a cell's source become `text`. `file` and `cell` are indexes as in `Member`. `calls`: the
    copies whose calls pass more by it; none where it is an edit of a definition.
    """

    file: int
    cell: int
    start: int
    end: int
    text: str
    calls: tuple[Member, ...] = ()


class Lifts(Struct, frozen=True):
    """What lifting comes to. `parameters`: of each lifted copy, those of its holes and its state, in the order of the signature;
    `edits`: of definitions and of calls, in order of place, none touching another; `refused`: copies that can't be lifted, and
    why (effect "blocks", at the place that forbids it).
    """

    parameters: dict[Member, tuple[NewParameter, ...]] = {}
    edits: tuple[TextEdit, ...] = ()
    refused: dict[Member, tuple[Reason, ...]] = {}
