"""What runs when a definition's statement runs: defaults, decorators, annotations, bases, class bodies; and what it keeps.

An import runs a definition once, with its module; the notebook ran it where it stood, each time. Whether two definitions are
the same text is told in `alpha.py`.
"""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from nb2mod.stages.verify.proof.bindings import Binding
from nb2mod.stages.verify.proof.looks import HARMLESS_DECORATORS
from nb2mod.stages.verify.proof.scopes import DEFINITIONS, parameters
from nb2mod.stages.verify.proof.trees import all_nodes, last_name

Bindings = Mapping[str, Sequence[Binding]]
Part = tuple[str, ast.expr | ast.stmt]

# What a default may call: the same value whenever it is called, and one that nobody can change; or a new one that can be.
_VALUES = frozenset(
    (
        *(
            "abs",
            "all",
            "any",
            "bool",
            "bytes",
            "chr",
            "complex",
            "divmod",
            "float",
            "float.fromhex",
            "frozenset",
            "int",
        ),
        *("len", "max", "min", "ord", "pow", "range", "repr", "round", "slice", "str", "sum", "tuple", "type"),
        *("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "decimal.Decimal"),
        *(
            "fractions.Fraction",
            "math.cos",
            "math.exp",
            "math.log",
            "math.log10",
            "math.log2",
            "math.radians",
            "math.sin",
        ),
        *("math.sqrt", "numpy.dtype", "numpy.float32", "numpy.float64", "numpy.int32", "numpy.int64", "numpy.sqrt"),
        *("operator.attrgetter", "operator.itemgetter", "operator.methodcaller", "pathlib.Path", "pathlib.PurePath"),
        *("re.compile", "uuid.UUID"),
    )
)
_CONTAINERS = frozenset(
    (
        *("bytearray", "dict", "dict.fromkeys", "enumerate", "list", "map", "object", "reversed", "set", "sorted"),
        *("str.maketrans", "zip", "collections.Counter", "collections.OrderedDict", "collections.defaultdict"),
        *("collections.deque", "functools.partial", "itertools.count", "threading.Lock", "threading.RLock"),
        *("types.MappingProxyType", "types.SimpleNamespace"),
    )
)
# What a class body may call beside: it describes an attribute.
_DESCRIBE = frozenset(
    (
        "property",
        "staticmethod",
        "classmethod",
        "dataclasses.field",
        "enum.auto",
        "functools.partialmethod",
        "functools.cached_property",
        "typing.NewType",
        "typing.TypeVar",
        "collections.namedtuple",
        "typing.cast",
    )
)
_DECORATORS = HARMLESS_DECORATORS | {
    *("dataclass", "unique", "overload", "runtime_checkable", "singledispatch", "singledispatchmethod"),
    *("vectorize", "guvectorize", "compile", "script", "enable_grad", "lru_cache", "deprecated", "partial", "wraps"),
}
_PLAIN_METACLASSES = frozenset({"ABCMeta", "EnumMeta", "EnumType", "type"})
_HOOKS = frozenset({"__init_subclass__", "__set_name__", "__class_getitem__"})
_CHANGEABLE = frozenset({"options", "rcParams", "environ", "argv", "modules", "flags", "config", "settings"})
_STATELESS = frozenset(
    {"staticmethod", "wraps", "jit", "njit", "no_grad", "inference_mode", "vectorize", "contextmanager"}
)
_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)


def runs_anew(bindings: Bindings, before: Binding, *, again: bool) -> str | None:
    """Why it matters that an import runs a definition once, and maybe at another time (D1); None: nothing is known.

    `again`: other statements of the notebook bring the same object now, where each had made one of its own.
    """
    definition = before.definition
    if definition is None:
        is_shared = (
            again and before.value is not None and any(isinstance(n, _DISPLAYS) for n in all_nodes(before.value))
        )
        return (
            f"`{before.name}` is made anew by another statement; an import brings the same one" if is_shared else None
        )
    if again and (why := _kept_state(definition)):
        return f"`{before.name}` is defined again, {why}; an import does not"
    again = again or len([each for each in bindings.get(before.name, ()) if each.kind == "definition"]) > 1
    for function in _outer_functions(definition):
        for default in (*function.args.defaults, *filter(None, function.args.kw_defaults)):
            for node in all_nodes(default):
                called = called_name(bindings, node) if isinstance(node, ast.Call) else ""
                of_text = isinstance(node, ast.Call) and _is_method_of_text(node)
                other = isinstance(node, ast.Call) and not of_text and called not in (*_VALUES, *_CONTAINERS)
                if other or isinstance(node, (ast.Await, ast.NamedExpr)):
                    return f"a default value of `{function.name}` is computed when the definition runs"
                if again and (called in _CONTAINERS or isinstance(node, _DISPLAYS)):
                    return f"`{before.name}` is defined again, which resets a default value; an import does not"
    return None


def _outer_functions(definition: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The function, or the methods of a class."""
    if isinstance(definition, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [definition]
    body = getattr(definition, "body", ())
    return [node for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def _kept_state(definition: ast.AST) -> str:
    """What a definition keeps between calls, so that a second one of the same text starts afresh."""
    if isinstance(definition, ast.ClassDef):
        return "which makes another class"
    decorators = [last_name(each) for each in getattr(definition, "decorator_list", ())]
    if any(name not in _STATELESS for name in decorators):
        return "which resets what its decorator keeps"
    name = getattr(definition, "name", "")
    body = [node for inner in getattr(definition, "body", ()) for node in all_nodes(inner)]
    called = {id(node.func) for node in body if isinstance(node, ast.Call)}
    own = [node for node in body if isinstance(node, ast.Name) and node.id == name and id(node) not in called]
    return "which resets its attributes" if own else ""


def acts(definition: ast.stmt, bindings: Bindings, pure: Collection[str] = ()) -> str:
    """What the definition's statement may do beside defining, in words; "" when it does nothing else.

    `bindings` are those of the notebook or module it stands in, `pure` dotted names of decorators a person vouches for.
    """
    for part, node in parts(definition):
        if part == "hook":
            return "it runs whenever another class is made"
        if part == "decorator":
            if not _only_wraps_it(node, bindings, pure):
                return f"its decorator `@{ast.unparse(node)}` may do more than wrap"
            continue
        if part == "metaclass" and last_name(node) not in _PLAIN_METACLASSES:
            return f"its metaclass `{ast.unparse(node)}` may do anything"
        for inner in _now(node):
            allowed = (_VALUES, _CONTAINERS, _DESCRIBE)
            if isinstance(inner, ast.Call) and not _is_method_of_text(inner):
                called = called_name(bindings, inner)
                if not any(called in names for names in allowed):
                    return f"its {part} calls `{ast.unparse(inner.func)}`"
            if isinstance(inner, (ast.Await, ast.NamedExpr, ast.Yield)):
                return f"its {part} does more than name a value"
    return ""


def reads_what_changes(definition: ast.stmt, stored: Collection[str]) -> str:
    """What a default, decorator or class body reads that may have another value when the module runs; "" when nothing.

    `stored` are the attributes that the notebook sets.
    """
    for part, node in parts(definition):
        if part not in ("default", "decorator", "body"):
            continue
        for inner in _now(node):
            if isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Load) and part != "body":
                return f"its {part} reads `{ast.unparse(inner)}`, which may change"
            if isinstance(inner, ast.Attribute) and (inner.attr in _CHANGEABLE or inner.attr in stored):
                return f"its {part} reads `{ast.unparse(inner)}`, which may change"
    return ""


def parts(definition: ast.stmt) -> Iterator[Part]:
    """(what it is, the syntax) of everything that runs with the definition's statement."""
    if not isinstance(definition, DEFINITIONS):
        return
    yield from (("decorator", each) for each in definition.decorator_list)
    if not isinstance(definition, ast.ClassDef):
        yield from (
            ("default", each) for each in (*definition.args.defaults, *filter(None, definition.args.kw_defaults))
        )
        yield from (("annotation", each.annotation) for each in parameters(definition.args) if each.annotation)
        if definition.returns is not None:
            yield "annotation", definition.returns
        return
    yield from (("base", each) for each in definition.bases)
    for keyword in definition.keywords:
        yield ("metaclass" if keyword.arg == "metaclass" else "base"), keyword.value
    for statement in definition.body:
        if isinstance(statement, DEFINITIONS):
            if statement.name in _HOOKS:
                yield "hook", statement
            yield from parts(statement)
        else:
            yield "body", statement


def _now(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what is in it, bodies of lambdas left out."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Lambda) and child is node.body:
            continue
        yield from _now(child)


def _only_wraps_it(decorator: ast.AST, bindings: Bindings, pure: Collection[str]) -> bool:
    name = last_name(decorator)
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if ast.unparse(called) in pure or dotted(bindings, called) in pure:
        return True
    arguments = (
        [*decorator.args, *(each.value for each in decorator.keywords)] if isinstance(decorator, ast.Call) else []
    )
    for argument in arguments:
        if any(
            isinstance(each, ast.Call) and called_name(bindings, each) not in (*_VALUES, *_CONTAINERS)
            for each in _now(argument)
        ):
            return False
    own = [each.definition for each in bindings.get(name, ()) if isinstance(called, ast.Name)]
    if own and all(each is not None for each in own):
        return all(isinstance(each, ast.FunctionDef) and _is_wrapper(each) for each in own)
    if name in ("register", "setter", "getter", "deleter"):
        owner = called.value.id if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else ""
        return bool(owner) and all(each.kind == "definition" for each in bindings.get(owner, ()))
    return name in _DECORATORS and not any(each.kind == "computed" for each in bindings.get(name, ()))


def _is_wrapper(function: ast.FunctionDef) -> bool:
    """A decorator that defines what it returns and does nothing else; or hands out such a one."""
    body = [node for node in function.body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    for node in body:
        match node:
            case ast.FunctionDef() | ast.ClassDef() | ast.Return(value=ast.Name()):
                pass
            case ast.Assign(targets=[ast.Attribute(value=ast.Name())], value=ast.Constant()):
                pass
            case _:
                return False
    return True


def computes(node: ast.AST, bindings: Bindings) -> bool:
    """Whether evaluating a piece of syntax may do something beside making a value."""
    allowed = (_VALUES, _CONTAINERS, _DESCRIBE, ("logging.getLogger",))
    for inner in _now(node):
        if isinstance(inner, ast.Call) and not any(called_name(bindings, inner) in names for names in allowed):
            return not _is_method_of_text(inner)
        if isinstance(inner, (ast.Await, ast.NamedExpr, ast.Yield)):
            return True
    return False


def called_name(bindings: Bindings, call: ast.Call) -> str:
    """The full name of what is called: a builtin that nothing hides, or what every binding of the name imports; else ""."""
    return dotted(bindings, call.func)


def dotted(bindings: Bindings, node: ast.AST) -> str:
    """`numpy.random.rand` for `np.random.rand`; "" for what is no import and no builtin."""
    root, _, rest = ast.unparse(node).partition(".")
    bound = bindings.get(root, ())
    if not bound:
        return f"{root}.{rest}" if rest else root
    targets = {each.target if each.kind == "import" else "" for each in bound}
    target = targets.pop() if len(targets) == 1 else ""
    return f"{target}.{rest}" if target and rest else target


def _is_method_of_text(call: ast.Call) -> bool:
    """`"a b c".split()`"""
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Constant)
