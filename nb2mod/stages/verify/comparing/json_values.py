"""JSON outputs (plots as data, widgets, GeoJSON) compared leaf by leaf; ids that are made up for each run are left out."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from nb2mod.stages.verify.comparing.noise import Compared, compare_texts

Clean = Callable[[str], str]
MADE_UP = re.compile(r"(?i)[0-9a-f]{6,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
LONG = 200  # a string without blanks that is longer is encoded data: no part of it says anything alone
SHOWN = 300


def compare_json(olds: Sequence[Any], new: Any, clean: Clean) -> Compared:
    """Whether `new` has the values that the old ones agree on. `clean` is applied to strings before they are compared."""
    noisy = False
    todo: list[tuple[str, list[Any], Any]] = [("", list(olds), new)]
    while todo:
        path, values, value = todo.pop()
        kinds = {_kind(item) for item in values}
        if len(kinds) > 1:
            noisy = True
        elif _kind(value) not in kinds:
            return _told(path, values[0], value, noisy)
        elif isinstance(value, dict):
            wrong, loose, inner = _members(path, values, value)
            noisy |= loose
            if wrong is not None:
                return wrong._replace(noisy=noisy)
            todo += reversed(inner)
        elif isinstance(value, list):
            lengths = {len(item) for item in values}
            noisy |= len(lengths) > 1
            if len(lengths) == 1 and len(value) not in lengths:
                return _told(path, values[0], value, noisy)
            if len(lengths) == 1:
                todo += [(f"{path}[{index}]", [item[index] for item in values], value[index])
                         for index in reversed(range(len(value)))]  # fmt: skip
        else:
            leaf = _leaf(values, value, clean)
            noisy |= leaf.noisy
            if leaf.differs:
                return _told(path, values[0], value, noisy)
    return Compared(noisy)


def _kind(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(type(value))
    return "number" if isinstance(value, int | float) else str(type(value))


def _members(
    path: str, values: Sequence[dict[str, Any]], value: dict[str, Any]
) -> tuple[Compared | None, bool, list[tuple[str, list[Any], Any]]]:
    """A key that is missing or extra; whether the old objects' own keys differ; and the members that all of them have."""
    old_keys = [{key for key in item if not _made_up(key, item[key])} for item in values]
    new_keys = {key for key in value if not _made_up(key, value[key])}
    common, known = set.intersection(*old_keys), set.union(*old_keys)
    loose = common != known
    for key in sorted(common - new_keys):
        return _told(f"{path}.{key}", values[0][key], None, loose, missing="after"), loose, []
    for key in sorted(() if loose else new_keys - known):
        return _told(f"{path}.{key}", None, value[key], loose, missing="before"), loose, []
    return (
        None,
        loose,
        [(f"{path}.{key}", [item[key] for item in values], value[key]) for key in sorted(common & new_keys)],
    )


def _made_up(key: str, value: Any) -> bool:
    return key == "model_id" or (
        key in ("uid", "uuid") and isinstance(value, str) and MADE_UP.fullmatch(value) is not None
    )


def _leaf(values: Sequence[Any], value: Any, clean: Clean) -> Compared:
    if isinstance(value, str):
        texts = [clean(item) for item in values]
        noisy = any(text != texts[0] for text in texts)
        encoded = any(len(text) > LONG and " " not in text for text in texts)
        return Compared(True) if noisy and encoded else compare_texts(texts, clean(value))
    noisy = any(item != values[0] and repr(item) != repr(values[0]) for item in values)
    same = any(value == item or repr(value) == repr(item) for item in values)
    return Compared(noisy, not noisy and not same)


def _told(path: str, before: Any, after: Any, noisy: bool, missing: str = "") -> Compared:
    where = path.lstrip(".") or "value"
    return Compared(
        noisy,
        True,
        f"no {where}" if missing == "before" else f"{where}: {_short(before)}",
        f"no {where}" if missing == "after" else f"{where}: {_short(after)}",
    )


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} values"
    if isinstance(value, dict):
        return f"{len(value)} members"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
