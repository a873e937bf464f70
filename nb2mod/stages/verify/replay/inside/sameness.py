"""Whether two values are the same, by their structure. No `__eq__` of the notebook is asked; what can't be told is a doubt.

Runs inside the kernel (Python 3.8). numpy's and pandas' values are compared in `tables`.
"""

from __future__ import annotations

import collections
import re
import types
from typing import Any

from . import tables
from .copying import ATOMS, SHARED, attributes, is_open
from .telling import Differs, told

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b|(?<=\bid=')\d{12,}(?=')")  # unittest.mock writes its ids so
_LIMIT = 200000
_PAIRED_BY_TRYING = 40
_UNORDERED = (set, frozenset)


class Comparison:
    """Compares old values with new ones; several calls of `check` share what they have seen.

    `paired` maps the id of an old class or function to the new one; `modules` are names of modules that texts may put before a
    name. Values that share a part on one side must share it on the other. `doubts` says what could not be told.
    """

    def __init__(self, paired: dict[int, Any], modules: tuple[str, ...] = ()) -> None:
        self.paired = paired
        self.doubts: list[str] = []
        longest_first = sorted({"__main__", *modules}, key=len, reverse=True)
        self._place = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, longest_first))})\.(?=\w)")
        self._seen: dict[int, Any] = {}
        self._reverse: dict[int, Any] = {}
        self._left = _LIMIT

    def text(self, text: str) -> str:
        """Without addresses and without the module that a name lives in."""
        return self._place.sub("", _ADDRESS.sub("0x…", text))

    def check(self, old: Any, new: Any, where: str) -> None:
        """Raises Differs at the first difference; adds to `doubts` what it can't tell."""
        kind = type(old)
        self._left -= 1
        if self._left < 0:
            self.doubts.append("too big to be compared")
            return
        if not self.same_kind(kind, type(new)):
            raise Differs(where, told(old), told(new))
        if kind in ATOMS:
            if not _same_atom(old, new):
                raise Differs(where, told(old), told(new))
            return
        if issubclass(kind, SHARED):
            self._shared(old, new, where)
            return
        if self._seen_before(old, new, where):
            return
        self._parts(old, new, kind, where)

    def same_kind(self, old: type, new: type) -> bool:
        """Whether both are one class, or the old one and the one that stands for it."""
        return old is new or self.paired.get(id(old)) is new

    def _seen_before(self, old: Any, new: Any, where: str) -> bool:
        known, back = self._seen.get(id(old)), self._reverse.get(id(new))
        if known is None and back is None:
            self._seen[id(old)], self._reverse[id(new)] = (old, new), (new, old)
            return False
        if known is not None and known[1] is new:
            return True
        if issubclass(type(old), tuple) or type(old).__module__.partition(".")[0] in ("numpy", "pandas", "matplotlib"):
            # Equal constants may be one object; libraries share values as they like.
            return False
        raise Differs(where, *(("the same object as elsewhere", "another object")[:: 1 if known is not None else -1]))

    def _parts(self, old: Any, new: Any, kind: type, where: str) -> None:
        top = kind.__module__.partition(".")[0]
        if top in ("numpy", "pandas"):
            tables.check(self, old, new, where)
        elif top in ("matplotlib", "mpl_toolkits"):
            pass  # what it looks like is compared, as pixels
        elif issubclass(kind, dict):
            self._dicts(old, new, where)
        elif issubclass(kind, (list, tuple, collections.deque)):
            self.sequences(list(old), list(new), where)
            self._attributes(old, new, where)
        elif issubclass(kind, _UNORDERED):
            self._sets(old, new, where)
            self._attributes(old, new, where)
        elif issubclass(kind, bytearray):
            if old != new:
                raise Differs(where, told(old), told(new))
        elif issubclass(kind, types.MethodType):
            self._shared(old.__func__, new.__func__, where)
            self.check(old.__self__, new.__self__, where + ".__self__")
        elif issubclass(kind, BaseException):
            self.check(old.args, new.args, where + ".args")
            self._attributes(old, new, where)
        elif is_open(kind):
            self._attributes(old, new, where)
        else:
            self.reduced(old, new, where)

    def sequences(self, old: list[Any], new: list[Any], where: str) -> None:
        if len(old) != len(new):
            raise Differs(f"length of {where}", f"{len(old)}: {told(old)}", f"{len(new)}: {told(new)}")
        for number, part in enumerate(old):
            self.check(part, new[number], f"{where}[{number}]")

    def _dicts(self, old: Any, new: Any, where: str) -> None:
        self.sequences(list(dict.keys(old)), list(dict.keys(new)), f"keys of {where}")
        values = list(dict.values(new))
        for number, (key, value) in enumerate(dict.items(old)):
            self.check(value, values[number], f"{where}[{told(key)}]")
        if isinstance(old, collections.defaultdict):
            self.check(old.default_factory, new.default_factory, where + ".default_factory")
        self._attributes(old, new, where)

    def _sets(self, old: Any, new: Any, where: str) -> None:
        if len(old) != len(new):
            raise Differs(f"length of {where}", f"{len(old)}: {told(old)}", f"{len(new)}: {told(new)}")
        if all(type(part) in ATOMS for part in (*old, *new)):
            if {(type(part), part) for part in old} != {(type(part), part) for part in new}:
                raise Differs(where, told(old), told(new))
            return
        rest = list(new)
        if len(rest) > _PAIRED_BY_TRYING:
            self.doubts.append(f"{where} is a big set of objects")
            return
        for part in old:
            found = next((number for number, other in enumerate(rest) if self._would_match(part, other)), None)
            if found is None:
                raise Differs(where, told(old), told(new))
            del rest[found]

    def _would_match(self, old: Any, new: Any) -> bool:
        trial = Comparison(self.paired)
        trial._place = self._place
        try:
            trial.check(old, new, "")
        except Differs:
            return False
        self.doubts += trial.doubts
        return True

    def _attributes(self, old: Any, new: Any, where: str) -> None:
        before, after = dict(attributes(old)), dict(attributes(new))
        if before.keys() != after.keys():
            raise Differs(f"attributes of {where}", ", ".join(sorted(before)), ", ".join(sorted(after)))
        for name, value in before.items():
            self.check(value, after[name], f"{where}.{name}")

    def _shared(self, old: Any, new: Any, where: str) -> None:
        if old is new or self.paired.get(id(old)) is new:
            return
        if isinstance(old, types.FunctionType):
            self._functions(old, new, where)
        elif isinstance(old, type) and self.text(f"{old.__module__}.{old.__qualname__}") != self.text(
            f"{new.__module__}.{new.__qualname__}"
        ):
            raise Differs(where, told(old), told(new))
        else:
            self.doubts.append(f"{where} is made anew by each call")

    def _functions(self, old: Any, new: Any, where: str) -> None:
        """Functions that a call made: the same code over the same values. Anything else is a doubt: they were not called."""
        if not _same_code(old.__code__, new.__code__):
            self.doubts.append(f"{where} is a function")
            return
        for name in _global_names(old.__code__):
            one, other = old.__globals__.get(name), new.__globals__.get(name)
            if one is not other and self.paired.get(id(one)) is not other:
                self.doubts.append(f"{where} is a function that reads {name}")
        self.check(_captured(old), _captured(new), where + ".__closure__")
        self.check((old.__defaults__, old.__kwdefaults__), (new.__defaults__, new.__kwdefaults__), where)

    def reduced(self, old: Any, new: Any, where: str) -> None:
        """Objects of libraries written in another language: by what they would be pickled as."""
        try:
            before, after = old.__reduce_ex__(4), new.__reduce_ex__(4)
        except Exception:
            self.doubts.append(f"{where} is a {type(old).__qualname__}, which can't be looked into")
            return
        if isinstance(before, str) or any(hasattr(part, "__next__") for part in (*before, *after)):
            self.doubts.append(f"{where} is a {type(old).__qualname__}, which can't be looked into")
            return
        self.check(before, after, where)


def _same_atom(old: Any, new: Any) -> bool:
    if isinstance(old, (float, complex)):
        return repr(old) == repr(new)  # tells -0.0 from 0.0, and NaN is NaN
    if isinstance(old, slice):
        return repr(old) == repr(new)
    return bool(old == new)


def _captured(function: Any) -> tuple[Any, ...]:
    found = []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            found.append("empty")
    return tuple(found)


def _same_code(old: Any, new: Any) -> bool:
    names = ("co_code", "co_names", "co_varnames", "co_freevars")
    if any(getattr(old, name) != getattr(new, name) for name in names) or len(old.co_consts) != len(new.co_consts):
        return False
    return all(_same_constant(one, new.co_consts[number]) for number, one in enumerate(old.co_consts))


def _same_constant(old: Any, new: Any) -> bool:
    if isinstance(old, types.CodeType) and isinstance(new, types.CodeType):
        return _same_code(old, new)
    if isinstance(old, str) and isinstance(new, str) and "<locals>" in old:
        return "<locals>" in new  # the qualified name of a nested function
    return type(old) is type(new) and (old == new if isinstance(old, frozenset) else repr(old) == repr(new))


def _global_names(code: Any) -> list[str]:
    import dis

    return [str(item.argval) for item in dis.get_instructions(code) if item.opname == "LOAD_GLOBAL"]
