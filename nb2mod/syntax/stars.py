"""What `from module import *` may bind. Known for modules of the standard library that do nothing when imported; else a guess on
the safe side.
"""

import builtins
import importlib
import sys
from functools import lru_cache

_BUILTINS = frozenset(dir(builtins))
_QUIET = frozenset(
    "abc bisect cmath collections collections.abc contextlib copy dataclasses datetime decimal enum fractions functools "
    "heapq itertools json math operator os os.path pathlib pprint random re statistics string textwrap time typing".split()
)
# What numpy, pylab and functional libraries put over builtins; the proof has the same list.
_SHADOWED = frozenset(
    (
        *("abs", "all", "any", "bool", "bytes", "complex", "divmod", "float", "int", "max", "min", "object", "open"),
        *("pow", "round", "sorted", "str", "sum", "filter", "map", "hash", "hex", "input", "format", "range", "slice"),
        *("type", "next", "reversed", "set", "vars", "zip"),
    )
)
_OPENERS = frozenset(("bz2", "codecs", "gzip", "io", "lzma", "shelve", "tarfile", "wave"))


def may_bring(module: str, name: str) -> bool:
    """Whether a star import of the module may bind the name. Effect: imports modules of the standard library."""
    known = _exports(module)
    if known is not None:
        return name in known
    if name not in _BUILTINS:
        return not name.startswith("_")
    if module.partition(".")[0] in sys.stdlib_module_names:
        return name == "open" and module in _OPENERS
    return name in _SHADOWED


def brings(module: str, name: str) -> bool:
    """Whether a star import of the module is known to bind the name."""
    return name in (_exports(module) or ())


@lru_cache(maxsize=64)
def _exports(module: str) -> frozenset[str] | None:
    if module not in _QUIET:
        return None
    found = importlib.import_module(module)
    public = (name for name in vars(found) if not name.startswith("_"))
    return frozenset(getattr(found, "__all__", public))
