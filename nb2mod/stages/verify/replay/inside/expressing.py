"""Values as Python expressions that give them back, checked by evaluating them: for tests. What is in doubt is refused.

Arrays and tables become data beside the expression, which holds `@@0@@` in their place. Runs inside the kernel (Python 3.8).
"""

from __future__ import annotations

import base64
import datetime
import decimal
import fractions
import inspect
import io
import json
import math
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from .sameness import Comparison
from .telling import Differs

MOST_TEXT, MOST_DATA, MOST_INLINE = 400, 40000, 12
_HERE_ONLY = re.compile(
    r"0x[0-9a-fA-F]{6,}|\bid='\d{12,}'|(?:^|[\s\"'=(\[,])(?:/(?:home|Users|tmp|var|root|private|mnt|opt|usr|etc|work|data)\b|~/|[A-Za-z]:\\)"
    r"|ipykernel|ipython-input|__main__"
)

READERS = {
    "npy": '''\
def _array(name):
    """An array as it was recorded."""
    return np.load(DATA / name, allow_pickle=False)
''',
    "json": '''\
def _table(name):
    """A frame or series as it was recorded: values, labels and dtypes."""
    kept = json.loads((DATA / name).read_text(encoding="utf-8"))
    index = pd.RangeIndex(*kept["range"]) if kept["range"] else pd.Index(kept["index"], dtype=kept["index_dtype"])
    columns = [pd.Series(values, index=index, dtype=dtype) for values, dtype in zip(kept["values"], kept["dtypes"])]
    if kept["kind"] == "series":
        return columns[0].rename(kept["columns"][0])
    table = pd.concat(columns, axis=1)
    table.columns = pd.Index(kept["columns"], dtype=kept["columns_dtype"])
    return table
''',
}
"""How the data is read back: the text stands in the tests, and is what is tried here."""


class Inexpressible(Exception):
    """No expression gives this value back for certain."""


class Expression:
    """Texts for several values that stand in one test; what they hold as data is numbered through."""

    def __init__(self, new_classes: dict[int, tuple[str, Any]]) -> None:
        self._classes = new_classes  # id of a class → its name in the tests, and the class
        self.data: list[tuple[str, bytes]] = []
        self._seen: dict[int, Any] = {}

    def of(self, value: Any, most: int = MOST_TEXT) -> str:
        """The expression; raises Inexpressible. It has been evaluated, and gave the same value."""
        text = self._text(value)
        if len(text) > most:
            raise Inexpressible("too long")
        comparison = Comparison({})
        try:
            comparison.check(value, self._evaluated(text), "value")
        except Differs as error:
            raise Inexpressible(str(error)) from None
        except Exception as error:
            raise Inexpressible(f"{type(error).__name__}: {error}") from None
        if comparison.doubts:
            raise Inexpressible(comparison.doubts[0])
        return text

    def _text(self, value: Any) -> str:
        kind = type(value)
        if kind in (type(None), bool, int, bytes):
            return repr(value)
        if kind is float:
            return repr(value) if math.isfinite(value) else f'float("{value}")'
        if kind is complex and math.isfinite(value.real) and math.isfinite(value.imag):
            return f"complex({value.real!r}, {value.imag!r})"
        if kind is str:
            return _string(value)
        if kind.__module__.partition(".")[0] == "numpy" and kind.__name__ != "ndarray":
            return _scalar(value, self._text)
        if kind in _BY_REPR or kind.__module__.partition(".")[0] == "pandas":
            moment = _moment(value, kind)
            if moment:
                return moment
        if id(value) in self._seen and kind not in (tuple, frozenset):
            raise Inexpressible("one object in two places")
        self._seen[id(value)] = value
        if kind in (list, tuple, dict, set, frozenset):
            return self._container(value, kind)
        if kind.__name__ == "ndarray":
            return self._array(value)
        if kind.__module__.partition(".")[0] == "pandas" and kind.__name__ in ("DataFrame", "Series"):
            return self._kept("json", _table(value).encode())
        if id(kind) in self._classes:
            return self._instance(value, kind)
        raise Inexpressible(f"a {kind.__qualname__}")

    def _container(self, value: Any, kind: type) -> str:
        if kind is dict:
            return "{" + ", ".join(f"{self._text(key)}: {self._text(part)}" for key, part in value.items()) + "}"
        parts = [self._text(part) for part in value]
        if kind is list:
            return "[" + ", ".join(parts) + "]"
        if kind is tuple:
            return "(" + ", ".join(parts) + ("," if len(parts) == 1 else "") + ")"
        inner = "{" + ", ".join(sorted(parts)) + "}" if parts else "()"
        if kind is frozenset:
            return f"frozenset({inner})"
        return inner if parts else "set()"

    def _array(self, value: Any) -> str:
        if value.dtype.kind in "biufU" and 0 < value.size <= MOST_INLINE and value.dtype.names is None:
            name = value.dtype.str if value.dtype.kind == "U" else value.dtype.name
            return f'np.array({self._text(value.tolist())}, dtype="{name}")'
        stream = io.BytesIO()
        try:
            sys.modules["numpy"].save(stream, value, allow_pickle=False)
        except ValueError:
            raise Inexpressible("an array of objects") from None
        return self._kept("npy", stream.getvalue())

    def _kept(self, kind: str, data: bytes) -> str:
        if len(data) > MOST_DATA:
            raise Inexpressible("too much data")
        self.data.append((kind, data))
        return f"@@{len(self.data) - 1}@@"

    def _instance(self, value: Any, kind: type) -> str:
        """The class called with the attributes that are named like its parameters."""
        name, _ = self._classes[id(kind)]
        try:
            parameters = list(inspect.signature(kind).parameters.values())
            plain = [one for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
            given = {one.name: vars(value)[one.name] for one in plain}
        except (TypeError, ValueError, KeyError):
            raise Inexpressible(f"a {kind.__qualname__}") from None
        return f"{name}(" + ", ".join(f"{key}={self._text(part)}" for key, part in given.items()) + ")"

    def _evaluated(self, text: str) -> Any:
        names: dict[str, Any] = dict(self._classes.values())
        names.update(np=sys.modules.get("numpy"), pd=sys.modules.get("pandas"), json=json)
        names.update(datetime=datetime, decimal=decimal, fractions=fractions)
        with tempfile.TemporaryDirectory() as folder:
            names["DATA"] = Path(folder)
            for number, (kind, data) in enumerate(self.data):
                (Path(folder) / f"{number}.{kind}").write_bytes(data)
                exec(READERS[kind], names)
                text = text.replace(f"@@{number}@@", f"{READERS[kind][4:].partition('(')[0]}('{number}.{kind}')")
            return eval(text, names)

    def forget(self) -> None:
        """What was told may be told once more: it is the same object on purpose."""
        self._seen.clear()

    def plain_data(self) -> list[Any]:
        """The data, to be sent as JSON."""
        return [[kind, base64.b64encode(data).decode("ascii")] for kind, data in self.data]


def _string(value: str) -> str:
    if is_local(value):
        raise Inexpressible("a text that holds good here only")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Inexpressible("a text that is no Unicode") from None
    return repr(value)


def is_local(text: str) -> bool:
    """Whether a text names a place, an address or a process of this machine."""
    return (
        bool(_HERE_ONLY.search(text))
        or str(Path.home()) in text
        or tempfile.gettempdir() in text
        or str(Path.cwd()) in text
    )


def _scalar(value: Any, text: Any) -> str:
    name = type(value).__name__
    if getattr(getattr(value, "dtype", None), "kind", "") not in tuple("biuf") or "long" in name:
        raise Inexpressible(f"a numpy {name}")
    return f"np.{'bool_' if name in ('bool', 'bool_') else name}({text(value.item())})"


_BY_REPR = {
    datetime.date: "",
    datetime.datetime: "",
    datetime.time: "",
    datetime.timedelta: "",
    decimal.Decimal: "decimal.",
    fractions.Fraction: "fractions.",
}


def _moment(value: Any, kind: type) -> str:
    """A date, a time, a duration, a decimal or a fraction; "" when it is none, or bound to a time zone of Python's own."""
    if kind in _BY_REPR:
        return "" if getattr(value, "tzinfo", None) is not None else _BY_REPR[kind] + repr(value)
    if kind.__name__ == "Timestamp":
        zone = f", tz={str(value.tz)!r}" if value.tz is not None else ""
        return f"pd.Timestamp({value.replace(tzinfo=None).isoformat()!r}{zone})"
    return f"pd.Timedelta({value.isoformat()!r})" if kind.__name__ == "Timedelta" else ""


def _table(value: Any) -> str:
    pandas = sys.modules["pandas"]
    frame = value.to_frame() if type(value).__name__ == "Series" else value
    if isinstance(frame.index, pandas.MultiIndex) or isinstance(frame.columns, pandas.MultiIndex) or not frame.shape[1]:
        raise Inexpressible("a table with labels in levels")
    columns = [frame.iloc[:, number] for number in range(frame.shape[1])]
    is_range = isinstance(frame.index, pandas.RangeIndex)
    kept = {
        "kind": type(value).__name__.lower(),
        "range": [frame.index.start, frame.index.stop, frame.index.step] if is_range else None,
        "index": None if is_range else _cells(frame.index),
        "index_dtype": None if is_range else str(frame.index.dtype),
        "columns": [value.name] if type(value).__name__ == "Series" else _cells(frame.columns),
        "columns_dtype": str(frame.columns.dtype),
        "dtypes": [str(column.dtype) for column in columns],
        "values": [_cells(column) for column in columns],
    }
    try:
        return json.dumps(kept, ensure_ascii=False)
    except TypeError:
        raise Inexpressible("a table of objects") from None


def _cells(column: Any) -> list[Any]:
    cells = column.tolist()
    if getattr(column.dtype, "kind", "") == "M":
        return [None if cell != cell else str(cell) for cell in cells]
    for cell in cells:
        if isinstance(cell, str):
            _string(cell)
    return list(cells)
