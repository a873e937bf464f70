"""What a person is shown of copies that differ: the places side by side, and the arguments that say which is meant."""

from msgspec import Struct

from nb2mod.model.places import Location


class Contrast(Struct, frozen=True):
    """Where two copies are not alike, side by side. Lines as they stand in the notebooks, without the common indentation."""

    what: str  # in words: "the statement stands in one copy only", "the operator differs"
    left: Location
    right: Location
    left_lines: tuple[str, ...] = ()
    right_lines: tuple[str, ...] = ()


class Argument(Struct, frozen=True):
    """A parameter of a candidate that its copies did not have, for the report: `values` are (value, places that pass it)."""

    name: str
    kind: str
    default: str = ""
    values: tuple[tuple[str, tuple[Location, ...]], ...] = ()
