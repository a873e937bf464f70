"""STAGE: blocks and what flows through them → functions with their calls, and the notebooks as if these stood there already.

The stages after it judge and move such a function like any definition that a person wrote; `Laid` leads back to the real lines.
"""

from nb2mod.stages.cut.filling import comparable, filled
from nb2mod.stages.cut.grouping import Filled, grouped, returns_of, spelled, statements_of
from nb2mod.stages.cut.laying import Laid, lay
from nb2mod.stages.cut.making import cuts_of, parts_of
from nb2mod.stages.cut.naming import Names

__all__ = [
    "Filled",
    "Laid",
    "Names",
    "comparable",
    "cuts_of",
    "filled",
    "grouped",
    "lay",
    "parts_of",
    "returns_of",
    "spelled",
    "statements_of",
]
