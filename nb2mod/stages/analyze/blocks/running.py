"""What a block may run of the notebook's own code (B5): which functions could, while it runs, read or write names that have moved
into the function.

Only what is made above the block counts: the promise is about a notebook that runs from top to bottom. A piece of code is
dangerous when it looks at a name that the block binds, writes one that the block binds or reads, or reads the name of a
dangerous one. A name is tainted when a dangerous piece of code may be reached through it. The block is refused when it reads a
tainted name, or when dangerous code was given to somebody who may keep it and the block calls something that may call back.
"""

from functools import cached_property

from nb2mod.stages.analyze.blocks.surroundings import Surroundings
from nb2mod.stages.analyze.given_names import BUILTINS
from nb2mod.syntax.block_facts import BOUND, Flow, Reading, Spot
from nb2mod.syntax.closures import Closure

# Decorators after which only the name leads to the function.
_WRAPPING = frozenset(
    "cache cached cached_property classmethod contextlib contextmanager dataclass dataclasses functools jax jit lru_cache nb "
    "njit np numba numpy partial property singledispatch staticmethod tf torch total_ordering vectorize wraps".split()
)
_CALLS_NOTHING_BACK = frozenset(
    "math cmath json re os random statistics string textwrap datetime time calendar pathlib shutil glob fnmatch csv io zlib "
    "gzip hashlib base64 struct decimal fractions collections copy bisect heapq sys platform uuid numpy".split()
)
# They are done with the names they were given when they return.
_USES_UP = frozenset("timeit repeat Timer eval exec sqldf len print sorted get".split())
# They run what they are given, or wrap it, and are done.
_KEEPS_NOTHING = _CALLS_NOTHING_BACK | frozenset(
    "scipy functools itertools operator timeit numba contextlib pandas seaborn sklearn statsmodels sympy typing".split()
)
_PLAIN_BUILTINS = BUILTINS - {"exec", "eval", "__import__", "breakpoint", "input", "open"}


class Reached:
    """The names through which the block could run dangerous code. `bound`: names the block binds; `read`: its parameters."""

    def __init__(self, around: Surroundings, bound: frozenset[str], read: frozenset[str]) -> None:
        self._around = around
        self._bound = bound
        self._read = read
        self.tainted: dict[str, str] = {}  # name → the name over which the code behind it and the block meet
        self.kept = ""  # the same for code that somebody outside may keep
        self._carriers: set[str] = set()  # tainted names of which a call gives more than plain values
        self._imports = around.whole.imported
        self._parts = around.before
        closes = frozenset(around.whole.sorts.closes)
        self._closing = [index for index, part in enumerate(self._parts) if part.cell in closes]
        self._viewing = any(part.before for part in around.parts_in(around.whole.sorts.views))
        self._spread()

    @cached_property
    def _own(self) -> dict[str, Closure]:
        """The notebook's functions and classes that are made above the block."""
        parts = [part.reading for part in self._parts if not part.words.names.isdisjoint(("def", "class"))]
        return {one.name: one for reading in parts for one in reading.closures if one.name}

    def _spread(self) -> None:
        """What is dangerous depends on what is tainted when the block begins, and the other way round."""
        dangers: dict[int, list[str]] | None = None
        while True:
            found = self._dangers()
            if found == dangers:
                return
            dangers = found
            before, self.tainted, self._carriers = self.tainted, {}, set()
            for index, part in enumerate(self._parts) if dangers or self._viewing else ():
                if index in dangers or part.words.views or part.words.mention(self.tainted.keys()):
                    reading = part.reading
                    self._go_through(reading, dangers.get(index) or [""] * len(reading.closures))
            # Once dangerous, always: the rounds come to an end.
            self.tainted = self.tainted if self.tainted.keys() >= before.keys() else {**before, **self.tainted}

    def _dangers(self) -> dict[int, list[str]]:
        """For each part that holds dangerous code, over which name each of its closures and the block meet."""
        found = {}
        met = self._bound | self._read | self.tainted.keys()
        for index in self._closing:
            part = self._parts[index]
            words = part.words
            if words.views or (words.closes and words.mention(met) and (words.classes or part.uses(met))):
                dangers = [self._danger(closure) for closure in part.reading.closures]
                if any(dangers):
                    found[index] = dangers
        return found

    def _danger(self, closure: Closure) -> str:
        """The name over which the code and the block meet; "" for none."""
        met = (closure.reads & self._bound) | (closure.writes & (self._bound | self._read))
        if met:
            return min(met)
        if closure.view:
            return "every name"
        return next((self.tainted[name] for name in sorted(closure.reads) if name in self.tainted), "")

    def _go_through(self, reading: Reading, dangers: list[str]) -> None:
        """One part of the notebook: what leads to dangerous code after it. A name that is certainly bound to nothing else leads
        there no more.
        """
        leading: set[str] = set()
        for closure, danger in zip(reading.closures, dangers, strict=True):
            if danger and (closure.makes or any(name in self.tainted for name in closure.values)):
                # Run before the block, it may have put code of its own where it reaches.
                for name in closure.writes | (closure.values - self._imports - BUILTINS - self._own.keys()):
                    self.tainted.setdefault(name, danger)
                    self._carriers.add(name)
                    leading.add(name)
        size = -1
        while size != len(self.tainted) + len(self._carriers):
            size = len(self.tainted) + len(self._carriers)
            for flow in reading.flows:
                if self._follow(flow, reading.closures, dangers):
                    leading.add(flow.target)
        for bound in reading.bound:
            if bound.end == BOUND and bound.name not in leading:
                self.tainted.pop(bound.name, None)
                self._carriers.discard(bound.name)

    def _follow(self, flow: Flow, closures: tuple[Closure, ...], dangers: list[str]) -> bool:
        met = next((dangers[index] for index in flow.closures if dangers[index]), "")
        met = met or next((self.tainted[name] for name in sorted(flow.values) if name in self.tainted), "")
        met = met or next((self.tainted[name] for name in sorted(flow.calls) if name in self._carriers), "")
        met = met or ("every name" if flow.names and not _is_used_up(flow) else "")
        if not met:
            return False
        own = [closures[index] for index in flow.closures if dangers[index]]
        if flow.target and not (flow.target in self._imports and not flow.binds):
            self.tainted.setdefault(flow.target, met)
            if not (flow.binds and own and all(self._gives_plain(one, flow) for one in own)):
                self._carriers.add(flow.target)
        if not flow.binds and self._may_keep(flow):
            self.kept = self.kept or met
        return bool(flow.target)

    def _gives_plain(self, closure: Closure, flow: Flow) -> bool:
        """Whether a call of the function gives nothing that could run its code again."""
        defined = closure.name == flow.target and closure.kind == "function" and not closure.decorated
        return defined and not closure.makes and not any(name in self.tainted for name in closure.values)

    def _may_keep(self, flow: Flow) -> bool:
        """Whether what is given to a call may be kept by somebody else than the object that it is given to."""
        if not flow.target and not flow.callee:
            return not all(name in _WRAPPING or self._wraps(name) for name in flow.values | flow.calls)
        if flow.target:
            return flow.target in self._imports and not self._modules_of(flow.target) <= _KEEPS_NOTHING
        if flow.callee in self._imports:
            return not self._modules_of(flow.callee) <= _KEEPS_NOTHING
        return flow.callee not in _PLAIN_BUILTINS and not self._wraps(flow.callee)

    def _wraps(self, name: str) -> bool:
        """Whether a function of the notebook has nothing to keep its arguments in."""
        own = self._own.get(name)
        return own is not None and own.kind == "function" and not own.writes and own.values <= self._imports | BUILTINS

    def _modules_of(self, name: str) -> set[str]:
        return {each.binding.target.partition(".")[0] for each in self._around.names.bindings.get(name, ())}

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
        if root not in self._around.names.bindings:
            return root in _PLAIN_BUILTINS and root == callee
        return root in self._imports and self._modules_of(root) <= _CALLS_NOTHING_BACK


def _is_used_up(flow: Flow) -> bool:
    return any(made.rpartition(".")[2] in _USES_UP for made in (*flow.made, flow.callee))
