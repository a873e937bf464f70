"""Names whose value does something when nothing holds it any more: it closes, stops, deletes its files.

In the notebook such a value lives as long as its name; as a local it would die with the function. So such a name is returned,
whether anything reads it or not. The rule goes by the call that made the value (or an item of it): `open`, `connect` and their
kin; classes of the notebook; what a generator function of the notebook gives; any other CapWords name, unless it is known to be
plain data or comes from a library of such. What a `with` statement gives is over at its end and counts as plain.
"""

from functools import cached_property, lru_cache

from nb2mod.model import BindKind
from nb2mod.stages.analyze.blocks.surroundings import Surroundings
from nb2mod.syntax.block_facts import Flow

_HOLDERS = frozenset(
    (
        *(
            "open",
            "urlopen",
            "connect",
            "create_engine",
            "cursor",
            "popen",
            "Popen",
            "mkstemp",
            "memmap",
            "mmap",
            "finalize",
        ),
        *("interactive", "interactive_output", "interact", "FuncAnimation", "ArtistAnimation", "TemporaryDirectory"),
        *(
            "NamedTemporaryFile",
            "TemporaryFile",
            "SpooledTemporaryFile",
            "ExcelWriter",
            "ExcelFile",
            "HDFStore",
            "PdfPages",
        ),
        *("ref", "proxy", "WeakValueDictionary", "WeakKeyDictionary", "WeakSet", "Thread", "Timer", "Process", "Pool"),
        *(
            "create_task",
            "ensure_future",
            "start_server",
            "socket",
            "jslink",
            "link",
            "dlink",
            "SummaryWriter",
            "memory_map",
        ),
        *("scandir", "iterparse", "Generator", "imap", "imap_unordered"),
    )
)
_WEAK = frozenset(("ref", "proxy", "finalize", "WeakMethod", "WeakSet", "WeakKeyDictionary", "WeakValueDictionary"))
_PLAIN = frozenset(
    (
        *(
            "DataFrame",
            "Series",
            "Index",
            "MultiIndex",
            "DatetimeIndex",
            "Categorical",
            "Timestamp",
            "Timedelta",
            "Path",
        ),
        *("PurePath", "Counter", "OrderedDict", "ChainMap", "UserDict", "Decimal", "Fraction", "Random", "RandomState"),
        *("UUID", "SimpleNamespace", "Enum", "StringIO", "BytesIO", "Symbol", "Symbols", "Matrix", "Rational", "Point"),
        *("Polygon", "LineString", "Graph", "DiGraph", "Exception", "ValueError", "TypeError", "KeyError", "Tensor"),
        *(
            "LongTensor",
            "FloatTensor",
            "Image",
            "Markdown",
            "HTML",
            "Namespace",
            "ArgumentParser",
            "Template",
            "Struct",
        ),
    )
)
# Objects of these libraries hold memory and nothing else; what they have of the other kind stands in _HOLDERS.
_PLAIN_LIBRARIES = frozenset(
    (
        *("pandas", "numpy", "sklearn", "scipy", "statsmodels", "sympy", "networkx", "shapely", "geopandas", "xarray"),
        *(
            "collections",
            "datetime",
            "pathlib",
            "decimal",
            "fractions",
            "string",
            "types",
            "typing",
            "uuid",
            "enum",
            "random",
        ),
        *("statistics", "math", "itertools", "functools", "operator", "re", "json", "textwrap", "xgboost", "lightgbm"),
    )
)


class Lifetimes:
    """Which names of a notebook hold such values, and where."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._names = around.names

    @cached_property
    def _generators(self) -> frozenset[str]:
        readings = [part.reading for part in self._around.parts_in(self._around.whole.sorts.yields)]
        return frozenset(
            closure.name for reading in readings for closure in reading.closures if closure.yields and closure.name
        )

    def in_block(self, name: str) -> bool:
        """Whether the block gives the name such a value."""
        flows = self._around.reading.flows
        return any(self._holds(flow, name) or self._refers_weakly(flow, name) for flow in flows)

    def before(self, name: str) -> bool:
        """Whether the name holds a value, when the block begins, that is known to do something when it is let go.

        Only what is known: the notebook lets go of it all the same, as soon as the call returns. That matters where the block
        reads a file that the old value had still to write, and to nobody else.
        """
        telling = self._telling
        return any(
            flow.target == name and flow.binds and any(made and self._is_known(made) for made in flow.made)
            for part in self._around.parts_in(self._around.whole.cells_touching(name))
            if part.before and part.binds(name) and not telling.isdisjoint(part.words.names)
            for flow in part.reading.flows
        )

    @cached_property
    def _telling(self) -> frozenset[str]:
        """Words without which nothing is made that `_is_known`."""
        whole = self._around.whole
        if "holders" not in whole.kept:
            named = (
                name
                for name, bounds in self._names.bindings.items()
                if bounds[0].binding.target.rpartition(".")[2] in _HOLDERS
                or any(bound.binding.kind is BindKind.CLASS for bound in bounds)
            )
            whole.kept["holders"] = _HOLDERS.union(named)
        return whole.kept["holders"] | {one.rpartition(".")[2] for one in self._generators}

    def _is_known(self, made: str) -> bool:
        root = made.partition(".")[0]
        bounds = self._names.bindings.get(root, ())
        if any(bound.binding.kind is BindKind.CLASS for bound in bounds):
            return any("__del__" in cell.source for cell in self._around.features.cells)
        imported = bounds[0].binding.target.rpartition(".")[2] if bounds and made == root else ""
        return made.rpartition(".")[2] in _HOLDERS or imported in _HOLDERS or made in self._generators

    def _refers_weakly(self, flow: Flow, name: str) -> bool:
        """Whether a weak reference is made to what the name holds: it must not be the last to hold it."""
        made = (*flow.made, flow.callee)
        return name in flow.values and any(one.rpartition(".")[2] in _WEAK for one in made)

    def _holds(self, flow: Flow, name: str) -> bool:
        if flow.target != name or not flow.binds:
            return False
        return any(made and self._is_holder(made) for made in flow.made)

    def _is_holder(self, made: str) -> bool:
        root, _, rest = made.partition(".")
        last = made.rpartition(".")[2]
        if last in _HOLDERS or (made in self._generators):
            return True
        bounds = self._names.bindings.get(root, ())
        kinds = {bound.binding.kind for bound in bounds}
        if BindKind.CLASS in kinds:
            return not rest or is_cap_words(last)
        if kinds == {BindKind.IMPORT}:
            library = bounds[0].binding.target.partition(".")[0]
            last = bounds[0].binding.target.rpartition(".")[2] if not rest else last
            if last in _HOLDERS:
                return True
            if library in _PLAIN_LIBRARIES:
                return False
        return is_cap_words(last) and last not in _PLAIN


@lru_cache(maxsize=1024)
def is_cap_words(name: str) -> bool:
    """`SomeClass`, `Thing`; not `MAX`, `some_function`."""
    return name[:1].isupper() and not name.isupper()
