"""What a block may run of the notebook's own code (B5): which functions could, while it runs, read or write names that have moved
into the function.

Only what is made above the block counts: the promise is about a notebook that runs from top to bottom. A piece of code is
dangerous when it looks at a name that the block binds, writes one that the block binds or reads, or reads the name of a
dangerous one. A name is tainted when a dangerous piece of code may be reached through it. The block is refused when it reads a
tainted name, or when dangerous code was given to somebody who may keep it and the block calls something that may call back.
"""

import sys

from nb2mod.stages.analyze.blocks.surroundings import Surroundings
from nb2mod.stages.analyze.meanings import BUILTINS
from nb2mod.syntax.block_facts import Flow, Spot
from nb2mod.syntax.closures import Closure

# Decorators after which only the name leads to the function.
_WRAPPING = frozenset(
    (
        *(
            "cache",
            "cached_property",
            "classmethod",
            "contextmanager",
            "dataclass",
            "jit",
            "lru_cache",
            "njit",
            "property",
        ),
        *(
            "staticmethod",
            "total_ordering",
            "vectorize",
            "wraps",
            "functools",
            "numba",
            "nb",
            "contextlib",
            "dataclasses",
        ),
        *("np", "numpy", "partial", "cached", "singledispatch"),
    )
)
_CALLS_NOTHING_BACK = frozenset(
    (
        *(
            "math",
            "cmath",
            "json",
            "re",
            "os",
            "random",
            "statistics",
            "string",
            "textwrap",
            "datetime",
            "time",
            "calendar",
        ),
        *(
            "pathlib",
            "shutil",
            "glob",
            "fnmatch",
            "csv",
            "io",
            "zlib",
            "gzip",
            "hashlib",
            "base64",
            "struct",
            "decimal",
        ),
        *("fractions", "collections", "copy", "bisect", "heapq", "sys", "platform", "uuid", "numpy"),
    )
)
_PLAIN_BUILTINS = BUILTINS - {"exec", "eval", "__import__", "breakpoint", "input", "open"}


class Reached:
    """The names through which the block could run dangerous code. `bound`: names the block binds; `read`: its parameters."""

    def __init__(self, around: Surroundings, bound: frozenset[str], read: frozenset[str]) -> None:
        self._around = around
        self._bound = bound
        self._read = read
        self.tainted: dict[str, str] = {}  # name → the name that the code behind it looks at
        self.kept = ""  # the same for code that somebody outside may keep
        self._carried: set[str] = set()  # tainted names whose calls give more than plain values
        self._groups: list[tuple[list[Flow], tuple[Closure, ...]]] = [
            (list(part.reading.flows), part.reading.closures) for part in around.before
        ]
        self._spread()

    def _spread(self) -> None:
        while True:
            before = (len(self.tainted), len(self._carried), self.kept)
            for flows, closures in self._groups:
                dangers = [self._danger(closure) for closure in closures]
                for flow in flows:
                    self._follow(flow, closures, dangers)
            if before == (len(self.tainted), len(self._carried), self.kept):
                return

    def _danger(self, closure: Closure) -> str:
        """The name over which the code and the block meet; "" for none."""
        met = (closure.reads & self._bound) | (closure.writes & (self._bound | self._read))
        if met:
            return min(met)
        if closure.view:
            return "every name"
        return next((self.tainted[name] for name in sorted(closure.reads) if name in self.tainted), "")

    def _follow(self, flow: Flow, closures: tuple[Closure, ...], dangers: list[str]) -> None:
        met = next((dangers[index] for index in flow.closures if dangers[index]), "")
        met = met or next((self.tainted[name] for name in sorted(flow.values) if name in self.tainted), "")
        met = met or next((self.tainted[name] for name in sorted(flow.calls) if name in self._carried), "")
        if not met:
            return
        own = [closures[index] for index in flow.closures if dangers[index]]
        if flow.target:
            self.tainted.setdefault(flow.target, met)
            if not (flow.binds and own and all(self._gives_plain(one, flow) for one in own)):
                self._carried.add(flow.target)
        if not flow.binds and self._may_keep(flow):
            self.kept = self.kept or met

    def _gives_plain(self, closure: Closure, flow: Flow) -> bool:
        """Whether a call of the function gives nothing that could run its code again."""
        defined = closure.name == flow.target and closure.kind == "function" and not closure.decorated
        return defined and not closure.makes and not any(name in self.tainted for name in closure.values)

    def _may_keep(self, flow: Flow) -> bool:
        """Whether what is given to a call may be kept by somebody else than the object that it is given to."""
        if not flow.target and not flow.callee:  # decorators
            return not (flow.values | flow.calls) <= _WRAPPING
        if flow.target:
            return False
        return flow.callee not in _PLAIN_BUILTINS

    def first_run(self) -> tuple[Spot, str] | None:
        """The first place of the block that may run dangerous code, and the name over which they meet."""
        for need in self._around.reading.needs:
            if need.name in self.tainted:
                return Spot(need.name, need.piece, need.line), self.tainted[need.name]
        if self.kept:
            for call in self._around.reading.calls:
                if not self._calls_nothing_back(call.what):
                    return call, self.kept
        return None

    def _calls_nothing_back(self, callee: str) -> bool:
        root = callee.partition(".")[0]
        bounds = self._around.names.bindings.get(root, ())
        if not bounds:
            return root in _PLAIN_BUILTINS and root == callee
        modules = {bound.binding.target.partition(".")[0] for bound in bounds}
        return modules <= _CALLS_NOTHING_BACK and modules <= sys.stdlib_module_names | {"numpy"}
