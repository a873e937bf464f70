"""Whether nbformat accepts a file. Loads nbformat on the first call only; it never writes a notebook."""

import json
from typing import Any

from nb2mod.notebook.document import decode


def validate(data: bytes) -> str | None:
    """The first fault nbformat's schema finds, in one line; None when there is none. Never raises, never warns."""
    try:
        notebook = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    if not isinstance(notebook, dict):
        return "not a JSON object"
    try:
        return _first_fault(notebook)
    except Exception as error:
        # A version that nbformat does not know ends in an ImportError, one that is no number in a TypeError, deep nesting in
        # a RecursionError: the file is not accepted, whatever the library raises.
        return f"nbformat can't judge it: {error!r}"


def _first_fault(notebook: dict[str, Any]) -> str | None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nbformat.validator import iter_validate

        for fault in iter_validate(notebook):  # type: ignore[no-untyped-call]  # nbformat has no annotations
            return f"{_place(fault)}{str(getattr(fault, 'message', fault)).splitlines()[0][:200]}"
    return None


def _place(fault: object) -> str:
    path = list(getattr(fault, "relative_path", ()))
    if len(path) > 1 and path[0] == "cells":
        return f"cell {path[1] + 1}: "
    return f"{path[0]}: " if path else ""
