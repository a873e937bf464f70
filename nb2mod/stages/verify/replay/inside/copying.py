"""Copies of values under a budget, made without running the notebook's code: no hook of its classes is called.

What can't be copied so raises Uncopyable; half a copy is never handed out. Runs inside the kernel (Python 3.8).
"""

from __future__ import annotations

import collections
import copy
import datetime
import decimal
import enum
import fractions
import pathlib
import re
import time
import types
import uuid
from collections.abc import Callable
from typing import Any

ATOMS = frozenset(
    {
        type(None), bool, int, float, complex, str, bytes, range, slice, type(Ellipsis), type(NotImplemented),
        decimal.Decimal, fractions.Fraction, datetime.date, datetime.datetime, datetime.time, datetime.timedelta,
        datetime.timezone, re.Pattern, uuid.UUID, pathlib.PosixPath, pathlib.PurePosixPath, pathlib.WindowsPath,
        pathlib.PureWindowsPath,
    }
)  # fmt: skip
"""Types whose instances never change."""

SHARED = (types.FunctionType, types.BuiltinFunctionType, type, types.ModuleType, enum.Enum, property)
"""Passed on as they are: a function or class is its own identity."""

_HOOKS = ("__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs_ex__")
_LIBRARIES = frozenset("numpy pandas scipy sklearn networkx sympy statsmodels xarray random collections".split())
"""Whose own ways of being copied are trusted to be without effect."""
_REFUSED = frozenset(
    "matplotlib mpl_toolkits torch tensorflow keras jax jaxlib cupy IPython ipykernel ipywidgets traitlets zmq asyncio "
    "threading socket ssl subprocess multiprocessing concurrent tkinter selenium pyspark ray sqlalchemy sqlite3 io "
    "_io plotly bokeh contextlib weakref logging".split()
)
_PANDAS_VALUES = frozenset({"Timestamp", "Timedelta", "NaTType", "NAType", "Interval", "Period"})
_CHECKED_CELLS = 20000


class Uncopyable(Exception):
    """The value can't be copied; the message says what stands in the way, in a few words."""


class Budget:
    """How much one copy may take: objects, bytes, seconds."""

    def __init__(self, objects: int, size: int, seconds: float) -> None:
        self.objects, self.size, self.until = objects, size, time.perf_counter() + seconds

    def spend(self, size: int) -> None:
        """Counts one object of about `size` bytes."""
        self.objects -= 1
        self.size -= size
        if self.size < 0 or self.objects < 0:
            raise Uncopyable("too big to be copied")
        if not self.objects % 1024 and time.perf_counter() > self.until:
            raise Uncopyable("takes too long to be copied")


class Copier:
    """Copies several values that may share parts. `mapped`: id of a class or function → what stands for it in the copy.

    Originals are kept alive as long as the copier: ids are remembered.
    """

    def __init__(self, budget: Budget, mapped: dict[int, Any] | None = None) -> None:
        self.budget, self.mapped = budget, mapped or {}
        self._done: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._arrays: list[Any] = []

    def copy(self, value: Any) -> Any:
        """A copy that shares nothing that can change with `value`."""
        kind = type(value)
        if kind in ATOMS:
            self.budget.spend(len(value) if kind in (str, bytes) else 32)
            return value
        if id(value) in self.mapped:
            return self.mapped[id(value)]
        if issubclass(kind, SHARED):  # isinstance would ask the value
            return value
        if id(value) in self._done:
            return self._done[id(value)]
        self.budget.spend(64)
        self._kept.append(value)
        made = self._made(value, kind)
        self._done[id(value)] = made
        return made

    def _made(self, value: Any, kind: type) -> Any:
        top = kind.__module__.partition(".")[0]
        if top in _REFUSED:
            raise Uncopyable(f"holds a {kind.__module__}.{kind.__qualname__}")
        if any("__del__" in vars(part) for part in kind.__mro__):
            raise Uncopyable(f"holds a {kind.__qualname__}, which has a __del__")
        if top == "numpy":
            return self._of_numpy(value, kind)
        if top == "pandas":
            return self._of_pandas(value, kind)
        if kind is types.MethodType:
            return types.MethodType(value.__func__, self.copy(value.__self__))
        base = next((known for known in _CONTAINERS if known in kind.__mro__), None)
        if base is not None and (base is kind or not _own_hooks(kind)):
            return _CONTAINERS[base](self, value, kind)
        hooked = _own_hooks(kind)
        if hooked is None:
            return self._plain(value, kind)
        if hooked.__module__.partition(".")[0] in _LIBRARIES and top in _LIBRARIES:
            return self._by_library(value)
        own = ", which has a way of its own to be copied" if hooked is kind and kind.__module__ == "__main__" else ""
        raise Uncopyable(f"holds a {kind.__qualname__}{own}")

    def _plain(self, value: Any, kind: type) -> Any:
        """An instance of a class written in Python: its attributes and slots, by hand."""
        if not is_open(kind):
            raise Uncopyable(f"holds a {kind.__qualname__}")
        return self._with_state(value, object.__new__(self.mapped.get(id(kind), kind)))

    def _with_state(self, value: Any, made: Any) -> Any:
        """`made` with copies of the attributes of `value`. Remembered first: an attribute may lead back to it."""
        self._done[id(value)] = made
        for name, part in attributes(value):
            object.__setattr__(made, name, self.copy(part))
        return made

    def _of_numpy(self, value: Any, kind: type) -> Any:
        if kind.__name__ in ("Generator", "RandomState"):
            return copy.deepcopy(value)
        dtype: Any = getattr(value, "dtype", None)
        if kind.__name__ != "ndarray":
            if dtype is None or hasattr(kind, "__array_finalize__"):  # dtypes, ufuncs, poly1d; masked arrays, matrices
                return self._by_library(value)
            return value  # a scalar
        self.budget.spend(value.nbytes)
        if dtype.hasobject:
            self._only_atoms(value.flat, "an array of objects")
        import sys

        numpy = sys.modules["numpy"]
        if any(numpy.may_share_memory(value, other) for other in self._arrays):
            raise Uncopyable("holds arrays that share memory")
        self._arrays.append(value)
        made = value.copy(order="K")
        made.flags.writeable = value.flags.writeable
        return made

    def _of_pandas(self, value: Any, kind: type) -> Any:
        if kind.__name__ in _PANDAS_VALUES or kind.__name__.endswith("Dtype"):
            return value
        if not hasattr(value, "memory_usage") or not hasattr(value, "copy"):
            raise Uncopyable(f"holds a pandas {kind.__qualname__}")
        used = value.memory_usage()
        self.budget.spend(int(used.sum() if hasattr(used, "sum") else used))
        columns = [value.iloc[:, i] for i in range(value.shape[1])] if kind.__name__ == "DataFrame" else [value]
        for column in columns:
            if column.dtype == object:
                self._only_atoms(column, "a column of objects")
        if getattr(value, "attrs", None):
            raise Uncopyable("holds a frame with attrs")
        return value.copy(deep=True)

    def _only_atoms(self, cells: Any, what: str) -> None:
        for number, cell in enumerate(cells):
            if type(cell) not in ATOMS and type(cell).__module__.partition(".")[0] not in ("numpy", "pandas"):
                raise Uncopyable(f"holds {what}")
            if number > _CHECKED_CELLS:
                raise Uncopyable("too big to be copied")

    def _by_library(self, value: Any) -> Any:
        try:
            return copy.deepcopy(value)
        except Exception:
            raise Uncopyable(f"holds a {type(value).__module__}.{type(value).__qualname__}") from None

    def key(self, value: Any) -> Any:
        """A copy of a key of a dict or an element of a set. One with a hash of the notebook's is refused: it would run."""
        made = self.copy(value)
        if isinstance(type(value).__hash__, types.FunctionType):
            raise Uncopyable(f"holds a {type(value).__qualname__} as a key, which has a hash of its own")
        return made


def is_open(kind: type) -> bool:
    """Whether all of an instance's state is in its attributes and slots: classes written in Python, on `object` alone.

    One with a `__del__` is not: the end of a copy would run it.
    """
    if "__del__" in {name for part in kind.__mro__ for name in vars(part)}:
        return False
    try:
        object.__new__(kind)
    except TypeError:
        return False
    return True


def attributes(value: Any) -> list[Any]:
    """(name, value) of every attribute and slot that is set, past properties and __getattr__."""
    found = []
    for part in type(value).__mro__:
        if "__slots__" in vars(part):
            for name, slot in vars(part).items():
                if isinstance(slot, types.MemberDescriptorType):
                    try:
                        found.append((name, slot.__get__(value)))
                    except AttributeError:
                        continue
    try:
        return found + list(object.__getattribute__(value, "__dict__").items())
    except AttributeError:
        return found


def _own_hooks(kind: type) -> type | None:
    """The class, among `kind` and its bases, that says how instances are copied; None: Python's own way holds."""
    for part in kind.__mro__:
        ours = part is object or part in _CONTAINERS or part.__module__ == "collections"
        if not ours and any(hook in vars(part) for hook in _HOOKS):
            return part
    return None


def _list(copier: Copier, value: Any, kind: Any) -> Any:
    made = list.__new__(copier.mapped.get(id(kind), kind))
    copier._done[id(value)] = made
    list.extend(made, [copier.copy(part) for part in list.__iter__(value)])
    return made if kind is list else copier._with_state(value, made)


def _tuple(copier: Copier, value: Any, kind: Any) -> Any:
    parts = [copier.copy(part) for part in tuple.__iter__(value)]
    made = tuple.__new__(copier.mapped.get(id(kind), kind), parts)
    return made if kind is tuple else copier._with_state(value, made)


def _set(copier: Copier, value: Any, kind: Any) -> Any:
    made = set.__new__(copier.mapped.get(id(kind), kind))
    copier._done[id(value)] = made
    set.update(made, [copier.key(part) for part in set.__iter__(value)])
    return made if kind is set else copier._with_state(value, made)


def _frozenset(copier: Copier, value: Any, kind: Any) -> Any:
    made = frozenset.__new__(
        copier.mapped.get(id(kind), kind), [copier.key(part) for part in frozenset.__iter__(value)]
    )
    return made if kind is frozenset else copier._with_state(value, made)


def _dict(copier: Copier, value: Any, kind: Any) -> Any:
    made = dict.__new__(copier.mapped.get(id(kind), kind))
    return _filled(copier, value, made, dict.__setitem__)


def _ordered(copier: Copier, value: Any, kind: Any) -> Any:
    made = collections.OrderedDict.__new__(copier.mapped.get(id(kind), kind))
    return _filled(copier, value, made, collections.OrderedDict.__setitem__)


def _defaulting(copier: Copier, value: Any, kind: Any) -> Any:
    made = collections.defaultdict.__new__(copier.mapped.get(id(kind), kind))
    collections.defaultdict.__init__(made, copier.copy(value.default_factory))
    return _filled(copier, value, made, dict.__setitem__)


def _filled(copier: Copier, value: Any, made: Any, put: Callable[..., None]) -> Any:
    copier._done[id(value)] = made
    for key, part in dict.items(value):
        put(made, copier.key(key), copier.copy(part))
    return copier._with_state(value, made)


def _deque(copier: Copier, value: Any, kind: Any) -> Any:
    made = collections.deque.__new__(copier.mapped.get(id(kind), kind))
    collections.deque.__init__(made, [copier.copy(part) for part in value], value.maxlen)
    return copier._with_state(value, made)


def _bytearray(copier: Copier, value: Any, kind: Any) -> Any:
    if kind is not bytearray:
        raise Uncopyable(f"holds a {kind.__qualname__}")
    copier.budget.spend(len(value))
    return bytearray(value)


def _text(copier: Copier, value: Any, kind: Any) -> Any:
    return copier._with_state(value, str.__new__(copier.mapped.get(id(kind), kind), str.__str__(value)))


def _whole(copier: Copier, value: Any, kind: Any) -> Any:
    return copier._with_state(value, int.__new__(copier.mapped.get(id(kind), kind), int.__int__(value)))


def _real(copier: Copier, value: Any, kind: Any) -> Any:
    return copier._with_state(value, float.__new__(copier.mapped.get(id(kind), kind), float.__float__(value)))


def _exception(copier: Copier, value: Any, kind: Any) -> Any:
    made = kind.__new__(kind, *[copier.copy(part) for part in value.args])
    return copier._with_state(value, made)


# The most special first: each is looked for in a class's bases.
_CONTAINERS: dict[type, Callable[[Copier, Any, Any], Any]] = {
    collections.OrderedDict: _ordered,
    collections.defaultdict: _defaulting,
    dict: _dict,
    list: _list,
    tuple: _tuple,
    set: _set,
    frozenset: _frozenset,
    collections.deque: _deque,
    bytearray: _bytearray,
    str: _text,
    int: _whole,
    float: _real,
    BaseException: _exception,
}
