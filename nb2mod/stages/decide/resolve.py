"""What dotted names in decorators, bases and defaults stand for, through the imports of their notebook. No verdicts here."""

from collections.abc import Collection, Iterator

from nb2mod.model import BindKind, Meaning, Used, UseKind
from nb2mod.stages.decide.subject import Subject
from nb2mod.syntax.evaluated import Run

# Calls that build a value from their arguments, the same whenever they are made; builtins by their plain name.
PURE_CALLS = frozenset(
    (
        *("abs", "all", "any", "bool", "bytearray", "bytes", "chr", "classmethod", "complex", "dict", "dict.fromkeys"),
        *("divmod", "enumerate", "float", "float.fromhex", "frozenset", "int", "len", "list", "map", "max", "min"),
        *("object", "ord", "pow", "property", "range", "repr", "reversed", "round", "set", "slice", "sorted"),
        *("staticmethod", "str", "str.maketrans", "sum", "super", "tuple", "type", "zip"),
        *("attr.Factory", "attr.attrib", "attr.ib", "attrs.Factory", "attrs.field", "collections.Counter"),
        *("collections.OrderedDict", "collections.defaultdict", "collections.deque", "collections.namedtuple"),
        *("dataclasses.field", "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"),
        *("decimal.Decimal", "enum.auto", "fractions.Fraction", "functools.partial", "functools.partialmethod"),
        *("itertools.count", "math.cos", "math.exp", "math.log", "math.log10", "math.log2", "math.radians", "math.sin"),
        *("math.sqrt", "numpy.dtype", "numpy.float32", "numpy.float64", "numpy.int32", "numpy.int64", "numpy.sqrt"),
        *("operator.attrgetter", "operator.itemgetter", "operator.methodcaller", "pathlib.Path", "pathlib.PurePath"),
        *("pydantic.Field", "pydantic.PrivateAttr", "re.compile", "tensorflow.TensorSpec", "threading.Lock"),
        *("threading.RLock", "types.MappingProxyType", "types.SimpleNamespace", "typing.NamedTuple", "typing.NewType"),
        *("typing.TypeVar", "uuid.UUID"),
    )
)
# Signatures and types, called in the arguments of decorators: @vectorize([float64(float64)]).
_PURE_MODULES = ("numba.",)
# Parts of dotted names under which libraries keep what can be set: pd.options.display.width, plt.rcParams, os.environ.
_CHANGES = frozenset(
    ("backends", "cfg", "conf", "config", "environ", "environb", "flags", "FLAGS", "options", "rcParams", "settings")
)
_CHANGING = frozenset(("sys.argv", "sys.modules", "sys.path", "sys.meta_path", "sys.warnoptions"))
_TYPES = ("typing.", "typing_extensions.", "collections.", "numpy.typing.", "numpy.s_", "numpy.index_exp", "ctypes.")


def meaning_of(subject: Subject, name: str) -> Meaning | None:
    """What the first part of a dotted name means; None for a name that is not taken from outside."""
    root = name.partition(".")[0]
    return next((one.meaning for one in subject.dependencies if one.name == root), None)


def stands_for(subject: Subject, name: str) -> tuple[str, ...]:
    """Every full dotted name that a dotted name could be: "numba.njit" for `nb.njit`. Empty when nothing tells."""
    meaning = meaning_of(subject, name)
    if meaning is None:
        return ()
    rest = name[len(name.partition(".")[0]) :]
    if meaning.kind == "builtin":
        return (name,)
    if meaning.kind == "import":
        return (meaning.bound[0].binding.target + rest,)
    if meaning.kind == "import statement" and all(b.binding.kind is BindKind.IMPORT for b in meaning.bound):
        return tuple(bound.binding.target + rest for bound in meaning.bound)
    if meaning.kind == "star":
        return tuple(f"{bound.binding.target}.{name}" for bound in meaning.bound)
    return ()


def is_one_of(subject: Subject, name: str, known: Collection[str]) -> bool:
    """Whether a dotted name certainly stands for one of `known`; for a star import, whether it may."""
    found = stands_for(subject, name)
    meaning = meaning_of(subject, name)
    agree = any if meaning is not None and meaning.kind == "star" else all
    return bool(found) and agree(full in known for full in found)


def sets(subject: Subject, name: str) -> bool:
    """Whether the notebook sets a dotted name, or something that the name is part of, as it sets `math.tau = 6`."""
    root, _, rest = name.partition(".")
    return any(
        used.use.kind is UseKind.ATTRIBUTE_STORE and f"{rest}.".startswith(f"{used.use.detail}.")
        for used in subject.names.uses.get(root, ())
    )


def builds_only(subject: Subject, run: Run) -> bool:
    """Whether a call or look-up that is made when the definition runs gives the same whenever it is made."""
    found = stands_for(subject, run.name) if run.name else ()
    if run.kind == "call":
        return bool(found) and all(full in PURE_CALLS or full.startswith(_PURE_MODULES) for full in found)
    if run.kind == "attribute":
        return not sets(subject, run.name) and not any(
            _CHANGES.intersection(full.split(".")) or full in _CHANGING for full in (*found, run.name)
        )
    meaning = meaning_of(subject, run.name) if run.name else None
    if meaning is not None and meaning.kind in ("constant", "helper", "builtin"):
        return True
    return bool(found) and all(full.startswith(_TYPES) for full in found)


def handed_to(subject: Subject, functions: Collection[str]) -> Iterator[Used]:
    """Uses in which the definition, or an attribute of it, is handed to a function of one of these names."""
    lines: set[tuple[int, int]] | None = None
    for used in subject.uses():
        if used.use.kind is UseKind.VALUE and used.use.detail.lstrip(".") in functions:
            yield used
        elif used.use.kind is UseKind.ATTRIBUTE:
            lines = _lines_calling(subject, functions) if lines is None else lines
            if (used.cell, used.use.line) in lines:
                yield used


def _lines_calling(subject: Subject, functions: Collection[str]) -> set[tuple[int, int]]:
    """(cell, line) of every call of one of these: what stands on the line may be an argument."""
    return {
        (used.cell, used.use.line)
        for name, uses in subject.names.uses.items()
        for used in uses
        if (used.use.kind is UseKind.CALL and name in functions)
        or (used.use.kind is UseKind.ATTRIBUTE_CALL and used.use.detail.rpartition(".")[2] in functions)
    }


def doing(run: Run) -> str:
    """A call or look-up in words."""
    if not run.name:
        return "calls something" if run.kind == "call" else "looks something up"
    return {"call": f"calls `{run.name}()`", "item": f"reads `{run.name}[…]`"}.get(run.kind, f"reads `{run.name}`")
