"""Sameness of numpy's and pandas' values: dtype, shape, order, labels and every value. Runs inside the kernel (Python 3.8)."""

from __future__ import annotations

import sys
from typing import Any

from .telling import Differs, told


def check(comparison: Any, old: Any, new: Any, where: str) -> None:
    """Raises Differs, or adds a doubt, as Comparison.check does. Both are of the same class."""
    kind = type(old)
    if kind.__module__.partition(".")[0] == "pandas":
        _pandas(comparison, old, new, where, kind.__name__)
    elif kind.__name__ == "ndarray":
        _array(comparison, old, new, where)
    elif hasattr(kind, "__array_finalize__"):  # masked arrays, matrices, records
        _array(comparison, old.view(sys.modules["numpy"].ndarray), new.view(sys.modules["numpy"].ndarray), where)
        if hasattr(old, "mask"):
            numpy = sys.modules["numpy"]
            _array(comparison, numpy.asarray(old.mask), numpy.asarray(new.mask), where + ".mask")
    elif hasattr(old, "dtype") and hasattr(old, "tobytes"):  # a scalar
        if old.dtype != new.dtype or (old.tobytes() != new.tobytes() and not (old != old and new != new)):
            _differs(where, told(old), told(new))
    elif kind.__name__.lower().endswith("dtype") or kind.__module__.startswith("numpy.dtypes"):
        if old != new:
            _differs(where, told(old), told(new))
    elif kind.__name__ == "Generator":
        comparison.check(old.bit_generator.state, new.bit_generator.state, where)
    elif kind.__name__ == "RandomState":
        comparison.check(old.get_state(), new.get_state(), where)
    elif kind.__name__ == "ufunc":
        if old is not new:
            comparison.doubts.append(f"{where} is a ufunc")
    else:
        comparison.reduced(old, new, where)


def _array(comparison: Any, old: Any, new: Any, where: str) -> None:
    if old.dtype != new.dtype or old.shape != new.shape:
        _differs(where, f"{old.dtype} array of shape {old.shape}", f"{new.dtype} array of shape {new.shape}")
    if old.dtype.hasobject:
        comparison.sequences(list(old.flat), list(new.flat), where)
        return
    if old.tobytes() == new.tobytes():
        return
    if old.dtype.kind in "fc":
        # NaN comes in many bit patterns; -0.0 is not 0.0.
        numpy = sys.modules["numpy"]
        alike = (old == new) & (numpy.signbit(old.real) == numpy.signbit(new.real))
        alike |= (old != old) & (new != new)
        if alike.all():
            return
        first = tuple(int(part[0]) for part in numpy.nonzero(~alike)) if old.ndim else ()
        _differs(where + (str(list(first)) if first else ""), told(old[first]), told(new[first]))
    _differs(where, told(old), told(new))


def _pandas(comparison: Any, old: Any, new: Any, where: str, name: str) -> None:
    if name == "DataFrame":
        comparison.check(old.columns, new.columns, f"columns of {where}")
        comparison.check(old.index, new.index, f"index of {where}")
        for number in range(old.shape[1]):
            _column(comparison, old.iloc[:, number], new.iloc[:, number], f"{where}[{told(old.columns[number])}]")
    elif name == "Series":
        comparison.check(old.name, new.name, where + ".name")
        comparison.check(old.index, new.index, f"index of {where}")
        _column(comparison, old, new, where)
    elif name == "MultiIndex":
        comparison.check(list(old.names), list(new.names), where + ".names")
        comparison.check(list(old), list(new), where)
    elif name.endswith("Index"):
        comparison.check(old.name, new.name, where + ".name")
        if getattr(old, "freq", None) != getattr(new, "freq", None):
            _differs(where + ".freq", told(old.freq), told(new.freq))
        _column(comparison, old, new, where)
    elif hasattr(old, "dtype") and hasattr(old, "__len__"):
        _column(comparison, old, new, where)
    elif name in ("NaTType", "NAType"):
        return
    elif name in ("Timestamp", "Timedelta", "Period", "Interval") or name.endswith("Dtype"):
        if repr(old) != repr(new):
            _differs(where, told(old), told(new))
    else:
        comparison.doubts.append(f"{where} is a pandas {name}")


def _column(comparison: Any, old: Any, new: Any, where: str) -> None:
    if str(old.dtype) != str(new.dtype) or len(old) != len(new):
        _differs(where, f"{len(old)} values of {old.dtype}", f"{len(new)} values of {new.dtype}")
    numpy = sys.modules["numpy"]
    if isinstance(old.dtype, numpy.dtype) and not old.dtype.hasobject:
        _array(comparison, numpy.asarray(old), numpy.asarray(new), where)
    else:
        comparison.sequences(list(old), list(new), where)


def _differs(where: str, before: str, after: str) -> None:
    raise Differs(where, before, after)
