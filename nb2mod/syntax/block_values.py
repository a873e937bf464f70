"""What an expression gives, as far as its form tells: which calls made it, what it reads; whether a statement writes output."""

import ast
import sys
from collections.abc import Iterator

from nb2mod.syntax.evaluated import dotted
from nb2mod.syntax.scopes import COMPREHENSIONS

_PURE = frozenset(
    (
        *(
            "abs",
            "all",
            "any",
            "bool",
            "bytes",
            "chr",
            "complex",
            "dict",
            "divmod",
            "enumerate",
            "float",
            "frozenset",
            "hash",
        ),
        *("int", "isinstance", "len", "list", "max", "min", "ord", "pow", "range", "reversed", "round", "set", "slice"),
        *("sorted", "str", "sum", "tuple", "type", "zip"),
    )
)
_PURE_METHODS = frozenset(
    (
        *("add", "append", "copy", "count", "endswith", "extend", "format", "get", "index", "items", "join", "keys"),
        *("lower", "lstrip", "rstrip", "setdefault", "sort", "split", "splitlines", "startswith", "strip", "title"),
        *("update", "upper", "values"),
    )
)
SETTING = "ast_node_interactivity"
_LOUD_MODULES = frozenset(("this", "antigravity"))


def makers(value: ast.expr) -> Iterator[str]:
    """The dotted names of the calls whose results the value is or holds: both of `[open(a), connect(b)]`, `Session` of
    `Session().get(url)` too. "" for a call of what has no name.
    """
    stack: list[ast.expr | None] = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Call):
            yield dotted(node.func)
            if isinstance(node.func, ast.Attribute):
                stack.append(node.func.value)
        elif isinstance(node, ast.Await | ast.Starred | ast.NamedExpr | ast.Attribute):
            stack.append(node.value)
        elif isinstance(node, ast.IfExp):
            stack.extend((node.body, node.orelse))
        elif isinstance(node, ast.BoolOp):
            stack.extend(node.values)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            stack.extend(node.elts)
        elif isinstance(node, ast.Dict):
            stack.extend(node.values)
        elif isinstance(node, COMPREHENSIONS):
            stack.append(node.value if isinstance(node, ast.DictComp) else node.elt)


def root_of(node: ast.expr) -> str:
    """`a` of `a.b[0].c`, and of `a.b().c`; "" for what does not begin with a name."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def is_quiet(statement: ast.stmt) -> bool:
    """Whether a statement certainly writes no output: names, literals, arithmetic, attributes, calls of a few builtins and of
    methods that text, lists and dicts have; imports of the standard library.
    """
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            function = node.func
            pure = isinstance(function, ast.Name) and function.id in _PURE
            method = isinstance(function, ast.Attribute) and function.attr in _PURE_METHODS
            if not (pure or method):
                return False
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            roots = {module.partition(".")[0] for module in modules}
            if not roots <= sys.stdlib_module_names - _LOUD_MODULES:
                return False
        elif isinstance(node, ast.With | ast.AsyncWith | ast.Await | ast.ClassDef | ast.AsyncFor):
            return False
    return True


def display_settings(node: ast.AST) -> Iterator[tuple[str, int]]:
    """What a node itself sets `ast_node_interactivity` to, "" when that is computed, with the line."""
    if isinstance(node, ast.Assign):
        if any(isinstance(target, ast.Attribute) and target.attr == SETTING for target in node.targets):
            yield _text(node.value), node.lineno
    elif isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg == SETTING:
                yield _text(keyword.value), node.lineno
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        given = [text for text in texts if isinstance(text, str)]
        named = isinstance(node.func, ast.Attribute | ast.Name) and dotted(node.func).rpartition(".")[2]
        if named == "setattr" and SETTING in given:
            yield _text(node.args[-1]), node.lineno
        elif named in ("run_line_magic", "magic") and any(
            SETTING in text and "config" in " ".join(given) for text in given
        ):
            _, equals, value = given[-1].partition("=")
            if equals:
                yield value.strip(" '\""), node.lineno


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
