"""How long a notebook took when it was last run, as far as its own metadata tells. Pure."""

import datetime
import json
from collections.abc import Mapping
from typing import Any


def last_took(path: str, data: bytes) -> float | None:
    """Seconds of the last run, or None when the notebook does not say. `path` is only a name.

    papermill notes the whole; front ends that record timing, and nbclient, note begin and end of each cell.
    """
    if not path.endswith(".ipynb"):
        return None
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    whole = _under(content, "metadata", "papermill", "duration")
    if isinstance(whole, int | float) and not isinstance(whole, bool) and 0 <= whole < 1e9:
        return float(whole)
    cells = content.get("cells") if isinstance(content, dict) else None
    seconds = [took for cell in (cells if isinstance(cells, list) else ()) if (took := _cell(cell)) is not None]
    return sum(seconds) if seconds else None


def _cell(cell: object) -> float | None:
    times = _under(cell, "metadata", "execution")
    if not isinstance(times, Mapping):
        return None
    begin = _moment(times.get("iopub.execute_input") or times.get("iopub.status.busy"))
    end = _moment(times.get("shell.execute_reply") or times.get("iopub.status.idle"))
    if begin is None or end is None:
        return None
    took = (end - begin).total_seconds()
    return took if took >= 0 else None


def _moment(text: object) -> datetime.datetime | None:
    if not isinstance(text, str):
        return None
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _under(value: object, *keys: str) -> Any:
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
