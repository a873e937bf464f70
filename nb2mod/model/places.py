"""Where a thing stands and what is said about it. No reading, no deciding."""

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How much a diagnostic matters to the person who reads the report."""

    NOTE = "note"  # worth knowing, nothing to do
    WARNING = "warning"  # something of the notebook was left out
    ERROR = "error"  # a named file could not be used at all


class Location(Struct, frozen=True, order=True):
    """A place as a person names it.

    `path` is relative to the project's root with forward slashes; `cell` counts from 1, Markdown cells included (0: the
    file as a whole, or a plain module); `line` counts from 1 inside the cell (inside the file for a module; 0: the
    whole cell).
    """

    path: str
    cell: int = 0
    line: int = 0
    cell_id: str | None = None


class Diagnostic(Struct, frozen=True):
    """One sentence about one place. `code` is NB1xx to NB4xx and has a page under docs/codes/."""

    code: str
    message: str
    location: Location | None = None
    severity: Severity = Severity.WARNING


class Verdict(StrEnum):
    """What nb2mod decided about a candidate."""

    EXTRACT = "extract"  # past the threshold, safe
    REVIEW = "review"  # past it, wants a yes from a person: --unsafe
    BLOCKED = "blocked"  # past it, a hazard forbids; the reasons name the line
    BELOW = "below"  # short of the threshold; the reason tells how far

    @property
    def moves(self) -> bool:
        """Whether extract moves it: unasked, or after a person's yes."""
        return self is Verdict.EXTRACT or self is Verdict.REVIEW
