"""Values as short texts for people, and the exception that says where two differ; never long.

Runs inside the kernel (Python 3.8).
"""

from __future__ import annotations

import re
import reprlib
from typing import Any


class Differs(Exception):
    """The values are not the same. `where` is a path from the call: `result[2].name`; the texts are made to be read."""

    def __init__(self, where: str, before: str, after: str) -> None:
        super().__init__(f"{where}: {before} became {after}")
        self.where, self.before, self.after = where, before, after


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 120
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = _SHORT.maxset = _SHORT.maxdeque = 6
_SHORT.maxlevel = 3
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def told(value: Any) -> str:
    """One line that shows what matters of a value."""
    kind = type(value)
    try:
        if kind.__name__ in ("DataFrame", "Series") and kind.__module__.startswith("pandas"):
            return f"{kind.__name__} of shape {value.shape}"
        if kind.__name__ == "ndarray" and value.size > 8:
            return f"{value.dtype} array of shape {value.shape}"
        text = _SHORT.repr(value)
    except Exception:
        return f"<{kind.__qualname__}>"
    return _ADDRESS.sub("", " ".join(text.split()))
