"""Code for inside the kernel: each name of the notebook → one line that tells its value. Standard library only, Python 3.8 on.

It is sent to the kernel as text (`inside.digest_of`) and can be imported for tests. No code of the notebook's is ever called:
no __repr__, __eq__, __len__, property or __getattr__; types are asked by `type`, attributes are taken through descriptors that
are known to be the interpreter's own.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import hashlib
import pathlib
import re
import sys
import types
import uuid
import warnings
from typing import Any, Iterable  # noqa: UP035  # of typing in Python 3.8

SHORT = 200  # characters of a value that are told as they are
DEPTH = 8
NODES = 300_000  # values looked into, all names together
BYTES = 1 << 30  # of arrays that are hashed, all names together
UNKNOWN = "not looked into"

_NOBODYS = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|_(?:ih|oh|dh|exit_code)|__\w+__|In|Out|exit|quit|get_ipython|_nb2mod\w*")
# Types are compared by identity: `==`, `in` and hashing would ask a metaclass, which may be the notebook's.
_FLAT = frozenset(map(id, (str, int, float, bool, complex, type(None))))
_REPR_IS_PYTHONS = (
    datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone, decimal.Decimal,
    fractions.Fraction, uuid.UUID, range, slice, pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath,
    pathlib.PureWindowsPath,
)  # fmt: skip
_CONTAINERS = {list: "[]", tuple: "()", set: "{}", frozenset: "{}", dict: "{}"}


def digest(names: dict[Any, Any], package: str = "", hidden: dict[str, Any] | None = None) -> dict[str, str]:
    """A line for each name a person bound. `hidden` are names that stood there before the notebook, with their values."""
    look = Look(package)
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, value in sorted((key, value) for key, value in list(names.items()) if type(key) is str):
            if _NOBODYS.fullmatch(name) or (hidden and name in hidden and hidden[name] is value):
                continue
            found[name] = look.line(value)
    return found


class Look:
    """Looks into values, as long as the budget lasts. Instances of classes of `package` and of the notebook are opened."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._nodes = NODES
        self._bytes = BYTES
        self._open: set[int] = set()

    def line(self, value: object) -> str:
        """What can be told of a value. The same value gives the same line in another process. Nothing is raised."""
        try:
            return self._told(value, 0)
        except (Exception, RecursionError):
            return _name(type(value)) + ", " + UNKNOWN

    def _told(self, value: object, depth: int) -> str:
        self._nodes -= 1
        if self._nodes < 0:
            return UNKNOWN
        kind = type(value)
        mro = _mro(kind)
        plain = _plain(value, kind, mro)
        if plain is not None:
            return plain
        thing = self._thing(value, kind, mro)
        if thing is not None:
            return thing
        if depth >= DEPTH:
            return _name(kind)
        if id(value) in self._open:
            return "..."
        self._open.add(id(value))
        try:
            return self._opened(value, kind, mro, depth)
        finally:
            self._open.discard(id(value))

    def _thing(self, value: object, kind: type, mro: tuple[type, ...]) -> str | None:
        """Modules, classes and functions, by kind and name; where they come from is not told."""
        if _among(types.ModuleType, mro):
            return "module " + str(object.__getattribute__(value, "__dict__").get("__name__"))
        if _among(type, mro):
            return "class " + _name(value)
        if kind is types.FunctionType or kind is types.BuiltinFunctionType:
            return "function " + str(value.__qualname__)  # type: ignore[attr-defined]
        if kind is types.MethodType:
            inner = value.__func__  # type: ignore[attr-defined]
            return "method " + str(inner.__qualname__ if type(inner) is types.FunctionType else _name(type(inner)))
        if _name(kind) == "_lru_cache_wrapper" and _module(kind) == "functools":
            inner = object.__getattribute__(value, "__dict__").get("__wrapped__")
            return self._told(inner, DEPTH) if type(inner) is types.FunctionType else "function"
        return None

    def _opened(self, value: object, kind: type, mro: tuple[type, ...], depth: int) -> str:
        for base, brackets in _CONTAINERS.items():
            if _among(base, mro):
                title = "" if kind is base and base is not frozenset else _name(kind)
                return self._container(value, base, brackets, title, depth)
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy is not None and _among(getattr(numpy, "ndarray", None), mro):
            return self._array(value, numpy, depth, kind)
        if numpy is not None and _among(getattr(numpy, "generic", None), mro):
            return self._scalar(value, numpy, kind, depth)
        if pandas is not None and _module(kind).split(".")[0] == "pandas":
            told = self._pandas(value, numpy, pandas, mro, depth)
            if told is not None:
                return told
        module = _module(kind)
        if module == "__main__" or (self._package and (module + ".").startswith(self._package + ".")):
            return self._instance(value, kind, mro, depth)
        return _name(kind)

    def _container(self, value: object, base: type, brackets: str, title: str, depth: int) -> str:
        if base is dict:
            pairs: list[tuple[Any, Any]] = list(dict.items(value))  # type: ignore[arg-type]
            items = [self._told(key, depth + 1) + ": " + self._told(item, depth + 1) for key, item in pairs]
        else:
            members = list(base.__iter__(value))  # type: ignore[attr-defined]
            if len(members) > 1000 and _FLAT.issuperset(map(id, map(type, members))):
                if base in (set, frozenset):
                    members.sort(key=lambda member: (_name(type(member)), repr(member)))
                return (title or base.__name__) + " of " + str(len(members)) + ", " + _flat_hash(members)
            items = [self._told(member, depth + 1) for member in members]
            if base in (set, frozenset):
                items.sort()
        text = ", ".join(items)
        if len(text) > SHORT:
            return (title or base.__name__) + " of " + str(len(items)) + ", " + _hash([text])
        return title + brackets[0] + text + brackets[1] if items or title else base.__name__ + "()"

    def _instance(self, value: object, kind: type, mro: tuple[type, ...], depth: int) -> str:
        """An object of a class of the notebook's or the package's, by its attributes."""
        found: dict[str, object] = {}
        for owner in mro:
            own = type.__dict__["__dict__"].__get__(owner)
            for name, descriptor in list(own.items()):
                if type(descriptor) is types.MemberDescriptorType and _is_slot(owner):
                    try:
                        found.setdefault(name, descriptor.__get__(value, kind))
                    except AttributeError:
                        continue  # a slot that holds nothing
        attributes = _attributes(value, mro)
        found.update(attributes)
        text = ", ".join(
            str(name) + "=" + self._told(item, depth + 1) for name, item in sorted(found.items(), key=_first)
        )
        return _name(kind) + ("(" + text + ")" if len(text) <= SHORT else " " + _hash([text]))

    def _scalar(self, value: Any, numpy: Any, kind: type, depth: int) -> str:
        item = numpy.generic.item(value)
        if id(type(item)) in _FLAT or _among(type(item), _REPR_IS_PYTHONS) or type(item) is bytes:
            return _name(kind) + " " + self._told(item, depth + 1)
        return self._array(numpy.array(value), numpy, depth, kind)

    def _array(self, value: Any, numpy: Any, depth: int, kind: type) -> str:
        array = numpy.ndarray.view(value, numpy.ndarray)
        head = _name(kind) + " " + str(array.dtype)[:SHORT] + " " + repr(tuple(array.shape))
        return head + " " + self._array_hash(array, numpy, depth)

    def _array_hash(self, array: Any, numpy: Any, depth: int) -> str:
        dtype = array.dtype
        if dtype.names:
            return _hash([self._array_hash(array[name], numpy, depth) for name in dtype.names])
        if dtype.hasobject or dtype.kind not in "biufcmMSUV":
            return self._elements(array.reshape(-1).tolist(), depth)
        self._bytes -= array.nbytes
        if self._bytes < 0:
            return UNKNOWN
        state = hashlib.sha256()
        if array.size:
            flags = ["external_loop", "buffered", "zerosize_ok"]
            for piece in numpy.nditer(array, flags=flags, order="C", buffersize=1 << 16):
                state.update(_steady(piece, numpy, dtype))
        return state.hexdigest()[:16]

    def _elements(self, members: Any, depth: int) -> str:
        if _FLAT.issuperset(map(id, map(type, members))):
            return _flat_hash(members)
        told = [self._told(member, depth + 1) for member in members]
        return UNKNOWN if self._nodes < 0 else _hash(told)

    def _pandas(self, value: Any, numpy: Any, pandas: Any, mro: tuple[type, ...], depth: int) -> str | None:
        """A frame, a series or an index: shape, labels, types and values. Only of pandas' own classes."""
        kind = _name(type(value))
        if _among(pandas.DataFrame, mro):
            columns = [value.iloc[:, position] for position in range(value.shape[1])]
            parts = [self._told(value.columns, depth + 1), self._told(value.index, depth + 1)]
            parts += [str(column.dtype) + " " + self._values(column, numpy, depth) for column in columns]
            labels = ", ".join(str(label) for label in value.columns if id(type(label)) in _FLAT)
            labels = labels if len(labels) <= SHORT else labels[:SHORT] + "..."
            return kind + " " + repr(tuple(value.shape)) + " [" + labels + "] " + _hash(parts)
        if _among(pandas.Series, mro):
            parts = [self._told(value.name, depth + 1), self._told(value.index, depth + 1)]
            parts.append(self._values(value, numpy, depth))
            return kind + " " + str(value.dtype) + " (" + str(value.shape[0]) + ",) " + _hash(parts)
        if _among(pandas.MultiIndex, mro):
            levels = [self._values(value.get_level_values(position), numpy, depth) for position in range(value.nlevels)]
            return (
                kind + " (" + str(value.shape[0]) + ",) " + _hash([*levels, self._told(list(value.names), depth + 1)])
            )
        if _among(pandas.Index, mro):
            parts = [self._values(value, numpy, depth), self._told(value.name, depth + 1)]
            return kind + " " + str(value.dtype) + " (" + str(value.shape[0]) + ",) " + _hash(parts)
        if _name(type(value)) in ("Timestamp", "Timedelta", "Period", "NAType", "NaTType", "Interval"):
            return repr(value)
        return None

    def _values(self, column: Any, numpy: Any, depth: int) -> str:
        dtype = str(column.dtype)
        if dtype == "category":
            codes = numpy.asarray(column.cat.codes if hasattr(column, "cat") else column.codes)
            categories = column.cat.categories if hasattr(column, "cat") else column.categories
            return self._array_hash(codes, numpy, depth) + self._values(categories, numpy, depth)
        if isinstance(column.dtype, numpy.dtype):
            return self._array_hash(numpy.asarray(column), numpy, depth)
        if dtype.startswith("datetime64"):
            return self._array_hash(numpy.asarray(column, dtype="datetime64[ns]"), numpy, depth)
        return self._elements(column.astype(object).tolist(), depth)


def _plain(value: Any, kind: type, mro: tuple[type, ...]) -> str | None:
    """Values whose text is the interpreter's own. Subclasses are told by what they inherit."""
    text = None
    if value is None or kind is bool or value is Ellipsis or value is NotImplemented:
        return repr(value)
    if _among(int, mro):
        text = int.__repr__(value) if int.bit_length(value) < 4096 else _hash([int.__format__(value, "x")])
    elif _among(float, mro):
        text = float.__repr__(value)
    elif _among(complex, mro):
        text = complex.__repr__(value)
    elif _among(str, mro):
        size = str.__len__(value)
        text = str.__repr__(value) if size <= SHORT else _sized("str", size, [str.__str__(value)])
    elif _among(bytes, mro) or _among(bytearray, mro):
        data = bytes.fromhex((bytes if _among(bytes, mro) else bytearray).hex(value))
        text = repr(data) if len(data) <= SHORT else _sized("bytes", len(data), [data])
        return text if kind is bytes else _name(kind) + " " + text
    elif _among(kind, _REPR_IS_PYTHONS):
        return _name(kind) + " " + repr(value)[:SHORT]
    if text is None or _among(kind, (int, float, complex, str)):
        return text
    return _name(kind) + " " + text


def _steady(piece: Any, numpy: Any, dtype: Any) -> bytes:
    """The bytes of an array, every NaN the same one, without the unused bytes of long doubles. Zeros keep their sign."""
    if dtype.kind not in "fc":
        return bytes(piece.tobytes())
    if dtype.char in "gG":
        real = [piece.real, piece.imag] if dtype.kind == "c" else [piece]
        high = [part.astype("float64") for part in real]
        return b"".join(
            _steady(half, numpy, half.dtype)
            for part, whole in zip(real, high)  # noqa: B905  # Python 3.8 has no strict
            for half in (whole, (part - whole).astype("float64"))
        )
    if not dtype.isnative:
        piece = piece.astype(dtype.newbyteorder("="))
    missing = numpy.isnan(piece)
    if missing.any():
        piece = numpy.where(missing, piece.dtype.type(float("nan")), piece)
    return bytes(piece.tobytes())


def _among(kind: object, kinds: tuple[object, ...]) -> bool:
    return any(one is kind for one in kinds)


def _mro(kind: type) -> tuple[type, ...]:
    return type.__dict__["__mro__"].__get__(kind)  # type: ignore[no-any-return]


def _name(kind: object) -> str:
    """A class's qualified name, without its module: the same class has another one before and after."""
    return str(type.__dict__["__qualname__"].__get__(kind))


def _module(kind: type) -> str:
    found = type.__dict__["__module__"].__get__(kind)
    return found if type(found) is str else ""


def _attributes(value: object, mro: tuple[type, ...]) -> dict[str, object]:
    """The instance's own dict, without asking the instance for it."""
    for owner in mro:
        descriptor = type.__dict__["__dict__"].__get__(owner).get("__dict__")
        if descriptor is not None:
            if type(descriptor) is types.GetSetDescriptorType:
                found = descriptor.__get__(value, type(value))
                return {name: item for name, item in dict.items(found) if type(name) is str}
            return {}
    return {}


def _is_slot(owner: type) -> bool:
    return "__slots__" in type.__dict__["__dict__"].__get__(owner)


def _first(pair: tuple[str, object]) -> str:
    return pair[0]


def _sized(word: str, size: int, parts: list[object]) -> str:
    return word + " of " + str(size) + ", " + _hash(parts)


def _flat_hash(members: list[object]) -> str:
    """Of values whose repr is the interpreter's own, piece by piece."""
    return _hash([repr(members[start : start + 10_000]) for start in range(0, len(members), 10_000)])


def _hash(parts: Iterable[object]) -> str:
    state = hashlib.sha256()
    for part in parts:
        data = part if type(part) is bytes else str(part).encode("utf-8", "surrogatepass")
        state.update(str(len(data)).encode() + b":" + data)
    return state.hexdigest()[:16]
