"""Where a definition's local names could be seen: code in strings, looks at the namespace, functions that get away."""

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nb2mod.stages.verify.proof.scopes import DEFINITIONS, Read
from nb2mod.stages.verify.proof.trees import all_nodes, last_name

# They see the names of the frame that calls them.
NAMESPACE = frozenset(
    {"locals", "vars", "dir", "eval", "exec", "globals", "_getframe", "currentframe", "stack", "getargvalues"}
)
# They see the parameter names of a function they are given.
SIGNATURE_READERS = frozenset(
    {"signature", "getfullargspec", "getargspec", "get_type_hints", "interact", "interact_manual", "interactive"}
    | {"interactive_output", "validate_call", "singledispatch", "Parameter", "Model"}
)
# They take code or formulas as text; names in it are read from the caller.
CODE_TAKERS = frozenset(
    {"query", "eval", "exec", "evaluate", "sql", "execute", "sqldf", "read_sql", "read_sql_query", "timeit", "repeat"}
    | {"from_formula", "dmatrix", "dmatrices", "ols", "wls", "gls", "glm", "logit", "probit", "poisson", "rlm", "gee"}
    | {"mixedlm", "quantreg", "phreg"}
)
# A formula is nothing without data to fit.
_FITS = frozenset(
    {"ols", "wls", "gls", "glm", "logit", "probit", "poisson", "rlm", "gee", "mixedlm", "quantreg", "phreg"}
)
_NUMEXPR = frozenset({"ne", "numexpr"})
# Told by their names (`eval`), or readers of no names but with one library (`execute`).
_KNOWN_TAKERS = frozenset({"eval", "exec", "timeit", "repeat", "execute", "read_sql", "read_sql_query"})
# They hand out what they wrap, or read nothing of it but its body.
HARMLESS_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "setter", "getter", "deleter", "abstractmethod", "cache", "lru_cache"}
    | {"cached_property", "contextmanager", "asynccontextmanager", "wraps", "jit", "njit", "vectorize", "no_grad"}
    | {"inference_mode", "total_ordering", "final", "override"}
)
# They hand on what they are given and neither call nor compile it, nor a method of it.
_LEAVE_ALONE = (HARMLESS_DECORATORS - {"jit", "njit", "vectorize"}) | {"dataclass", "unique"}
_AT_NAME = re.compile(r"@([^\W\d]\w*)")
_IDENTIFIER = re.compile(r"(?<![.\w])[^\W\d]\w*")


@dataclass(frozen=True)
class Looks:
    """`namespace`: some call reads the names around it. `strings`: names in code strings. `escaping`: names read in any
    way but as the function of a call with positional arguments. `quiet_lambdas`: ids of lambdas nobody asks for names."""

    namespace: bool
    strings: frozenset[str]
    escaping: frozenset[str]
    quiet_lambdas: frozenset[int]


def looks_of(root: ast.AST) -> Looks:
    """One pass over a definition."""
    nodes = list(all_nodes(root))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    positional = {id(call.func) for call in calls if only_positional(call)}
    escaping = frozenset(
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in positional
    )
    quiet = {
        id(argument)
        for call in calls
        if last_name(call.func) not in SIGNATURE_READERS
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(argument, ast.Lambda)
    }
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value) if name not in escaping:
                quiet.add(id(value))
    return Looks(
        any(last_name(call.func) in NAMESPACE and not is_no_look(call) for call in calls),
        frozenset(name for call in calls for name in code_names(call)),
        escaping,
        frozenset(quiet),
    )


def only_held(statement: ast.stmt, found: Sequence[Read], own: Collection[str]) -> set[int]:
    """Ids of the names that a definition reads and can't run yet: those of bodies, and defaults that are nothing but a name.

    There are none when it has a decorator that may call what it is given. `own` are names that the notebook does not import.
    """
    if not isinstance(statement, DEFINITIONS):
        return set()
    for decorator in statement.decorator_list:
        root = ast.unparse(decorator).partition("(")[0].partition(".")[0]
        if last_name(decorator) not in _LEAVE_ALONE or root in own:
            return set()
    held = {id(read.node) for read in found if read.deferred}
    if not isinstance(statement, ast.ClassDef):
        defaults = (*statement.args.defaults, *statement.args.kw_defaults)
        held |= {id(default) for default in defaults if isinstance(default, ast.Name)}
    return held


def is_no_look(call: ast.Call) -> bool:
    """Whether a call only shares its name with a look at the names around it: `np.stack([a, b])`, torch's `model.eval()`."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("eval", "exec"):
        return not call.args and not call.keywords  # the builtins need code
    return takes_arrays(call)


def takes_arrays(call: ast.Call) -> bool:
    """Whether a call of something named `stack` can't be that of `inspect`, which takes nothing but the number `context`."""
    match call:
        case ast.Call(func=ast.Attribute(attr="stack") | ast.Name(id="stack"), args=arguments, keywords=named):
            pass
        case _:
            return False
    match arguments:
        case [ast.List() | ast.Tuple() | ast.ListComp() | ast.GeneratorExp(), *_]:
            return True
    spelled = [each for each in arguments if not isinstance(each, ast.Starred)]
    keywords = {each.arg for each in named} - {None}
    return len(spelled) + len(keywords) > 1 or bool(keywords - {"context"})


def only_positional(call: ast.Call) -> bool:
    """`f(a, b)`: no keyword, no star."""
    return not call.keywords and not any(isinstance(argument, ast.Starred) for argument in call.args)


def code_from_outside(root: ast.AST) -> str:
    """A call that takes code as text from elsewhere: the names in it are read from the module then; "" when there is none."""
    for node in all_nodes(root):
        if not isinstance(node, ast.Call) or last_name(node.func) not in CODE_TAKERS - _KNOWN_TAKERS:
            continue
        if _takes_values(node):
            continue
        if node.args and not isinstance(node.args[0], (ast.Constant, ast.JoinedStr)):
            return f"`{ast.unparse(node)[:60]}` takes code that is not in the text"
    return ""


def _takes_values(call: ast.Call) -> bool:
    """Whether it only shares its name with a taker of code: `kde.evaluate(points)`, or `poisson(rate)` without data."""
    name = last_name(call.func)
    if name == "evaluate" and isinstance(call.func, ast.Attribute):
        return last_name(call.func.value) not in _NUMEXPR
    return name in _FITS and len(call.args) + len(call.keywords) < 2


def names_in(text: str) -> set[str]:
    """Names that stand in a text, as an annotation in quotes holds them."""
    return set(_IDENTIFIER.findall(text))


def code_names(call: ast.Call) -> set[str]:
    """Names in the strings a call takes as code. pandas' query and eval read `@name` from the caller, others any word."""
    if last_name(call.func) not in CODE_TAKERS:
        return set()
    arguments = (*call.args, *(keyword.value for keyword in call.keywords))
    texts = [node.value for each in arguments for node in all_nodes(each) if isinstance(node, ast.Constant)]
    frame_method = isinstance(call.func, ast.Attribute) and call.func.attr in ("query", "eval")
    own_frame = isinstance(call.func, ast.Attribute) and last_name(call.func.value) in {"pd", "pandas", *_NUMEXPR}
    pattern = _AT_NAME if frame_method and not own_frame else _IDENTIFIER
    return {name for text in texts if isinstance(text, str) for name in pattern.findall(text)}
