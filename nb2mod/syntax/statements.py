"""One top-level statement → what says whether two are copies: hashes of its tree, and its names in order.

Layout, comments, quotes, parentheses, annotations of plain names and docstrings of nested functions leave no trace here;
attributes, keyword names, operators and imported modules do. The tree is walked without recursion: after the parser this is
what a cold scan spends most on.
"""

import ast
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from nb2mod.syntax.docstrings import split_docstring
from nb2mod.syntax.scopes import FUNCTIONS, FunctionNode, import_name
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.strings import CODE_CALLS, code_names

_DEFINITIONS = (*FUNCTIONS, ast.ClassDef)


class Trace(NamedTuple):
    """`skeleton`, `fixed` and `names` of a `Statement`, and its literals in order of appearance (f-strings as tuples)."""

    skeleton: bytes = b""
    fixed: bytes = b""
    names: tuple[str, ...] = ()
    literals: tuple[Any, ...] = ()


class _Walk:
    """What one walk has met, and what it has still to visit, the next one last."""

    __slots__ = ("literals", "names", "shape", "stack", "words")

    def __init__(self, root: ast.AST) -> None:
        self.stack: list[Any] = [root]
        self.shape = bytearray()
        self.words: list[str] = []
        self.literals: list[Any] = []
        self.names: list[str] = []

    def many(self, nodes: Sequence[Any]) -> None:
        self.words.append(f"[{len(nodes)}")
        self.stack.extend(reversed(nodes))

    def maybe(self, node: Any) -> None:
        """A part that may be missing."""
        self.shape.append(node is not None)
        if node is not None:
            self.stack.append(node)


def trace(statement: ast.stmt) -> Trace:
    """What a top-level statement looks like. Definitions have their own shape: nothing is said of them here."""
    if isinstance(statement, _DEFINITIONS):
        return Trace()
    walk = _Walk(statement)
    _visit(walk)
    shape = bytes(walk.shape) + "\0".join(walk.words).encode("utf-8", "surrogatepass")
    skeleton = fixed = blake2b(shape, digest_size=8).digest()
    if walk.literals:
        fixed = blake2b(shape + b"\0" + _text(walk.literals), digest_size=8).digest()
    return Trace(skeleton, fixed, tuple(walk.names), tuple(walk.literals))


def _visit(walk: _Walk) -> None:
    """The kinds of node that make up most of a cell, in line: a call for each would cost more than what is to be done."""
    stack, shape, words, literals, names = walk.stack, walk.shape, walk.words, walk.literals, walk.names
    add, pop, push = shape.append, stack.pop, stack.append
    while stack:
        node = pop()
        kind = type(node)
        if kind is ast.Name:
            add(1)
            names.append(node.id)
        elif kind is ast.Constant:
            add(2)
            literals.append(node.value)
        elif kind is ast.Attribute:
            add(3)
            words.append(node.attr)
            push(node.value)
        elif kind is ast.Call:
            add(4)
            arguments, keywords, func = node.args, node.keywords, node.func
            if keywords:
                words.append(f"({len(keywords)}")
                for keyword in reversed(keywords):
                    words.append(keyword.arg or "**")
                    push(keyword.value)
            add(len(arguments) % _LONG)
            if arguments:
                stack.extend(reversed(arguments))
            push(func)
            if (func.attr if type(func) is ast.Attribute else type(func) is ast.Name and func.id) in CODE_CALLS:
                # The text is among the literals; its names, numbered with the others, tie it to what they are in the run.
                names.extend(code_names(node))
        elif kind in _PLAIN:
            code, fields = _PLAIN[kind]
            add(code)
            for field in fields:
                value = getattr(node, field)
                if type(value) is list:
                    add(len(value) % _LONG)
                    if value:
                        stack.extend(reversed(value))
                elif value is None:
                    add(254)
                else:
                    add(255)
                    push(value)
        else:
            special = _SPECIAL.get(kind, _other)
            add(_SPECIAL_CODES.get(kind, 249))
            special(walk, node)


# What a list of children leaves in the shape; longer ones are told apart by what follows.
_LONG = 250


def _text(literals: Sequence[Any]) -> bytes:
    try:
        text = repr(literals)
    except ValueError:
        text = "".join(map(literal_repr, literals))
    return text.encode("utf-8", "surrogatepass")


def literal_repr(value: Any) -> str:
    """`repr` that takes any literal of a `Trace`: of an int beyond 4,300 digits it refuses to make a text (CVE-2020-10735)."""
    return hex(value) if type(value) is int and value.bit_length() > 10_000 else repr(value)


# what is met less often


def _function(walk: _Walk, node: FunctionNode) -> None:
    walk.names.append(node.name)
    _, body = split_docstring(node.body)
    walk.many(body)
    _signature(walk, node.args)
    walk.many(node.decorator_list)


def _lambda(walk: _Walk, node: ast.Lambda) -> None:
    walk.stack.append(node.body)
    _signature(walk, node.args)


def _signature(walk: _Walk, arguments: ast.arguments) -> None:
    counts = (len(arguments.posonlyargs), len(arguments.args), len(arguments.kwonlyargs))
    walk.words.append(f"{counts}{arguments.vararg is None}{arguments.kwarg is None}")
    walk.names.extend(parameter.arg for parameter in parameters_of(arguments))
    for default in arguments.kw_defaults:
        walk.maybe(default)
    walk.many(arguments.defaults)


def _class(walk: _Walk, node: ast.ClassDef) -> None:
    # A class's name shows in repr and pickles wherever an instance goes: it is never renamed.
    walk.words.append(node.name)
    walk.names.append(node.name)
    _, body = split_docstring(node.body)
    for part in (body, node.keywords, node.bases, node.decorator_list):
        walk.many(part)


def _annotated(walk: _Walk, node: ast.AnnAssign) -> None:
    """`x: int = 1` is `x = 1`; elsewhere than at a plain name too, since nothing keeps such an annotation."""
    if node.value is not None:
        walk.shape[-1] = _PLAIN[ast.Assign][0]
        walk.shape.append(255)
        walk.stack.append(node.value)
        walk.shape.append(1)
    walk.stack.append(node.target)


def _negative(walk: _Walk, node: ast.UnaryOp) -> None:
    """`-1` is a number, as `1` is."""
    operand = node.operand
    if type(node.op) is ast.USub and type(operand) is ast.Constant and type(operand.value) in (int, float, complex):
        walk.shape[-1] = 2
        walk.literals.append(-operand.value)  # type: ignore[operator]
    else:
        walk.stack.extend((operand, node.op))


def _joined(walk: _Walk, node: ast.JoinedStr) -> None:
    """Text is literal, however it is cut by the braces; what stands between them is not."""
    walk.literals.append(tuple(part.value if type(part) is ast.Constant else None for part in node.values))
    walk.many([part for part in node.values if type(part) is not ast.Constant])


def _formatted(walk: _Walk, node: ast.FormattedValue) -> None:
    walk.words.append(f"!{node.conversion}")
    walk.maybe(node.format_spec)
    walk.stack.append(node.value)


def _import(walk: _Walk, node: ast.Import) -> None:
    for alias in node.names:
        walk.words.append(f"{alias.name} {alias.asname is None and '.' in alias.name}")
        walk.names.append(import_name(alias))


def _import_from(walk: _Walk, node: ast.ImportFrom) -> None:
    walk.words.append(f"{'.' * node.level}{node.module} {len(node.names)}")
    for alias in node.names:
        walk.words.append(alias.name)
        walk.names.append(alias.asname or alias.name)


def _delete(walk: _Walk, node: ast.Delete) -> None:
    """`del (a, b)` is `del a, b`: black takes the parentheses away."""
    targets: Sequence[ast.expr] = node.targets
    while len(targets) == 1 and isinstance(targets[0], ast.Tuple) and targets[0].elts:
        targets = targets[0].elts
    walk.many(targets)


def _declaration(walk: _Walk, node: ast.Global | ast.Nonlocal) -> None:
    walk.words.append(str(len(node.names)))
    walk.names.extend(node.names)


def _other(walk: _Walk, node: ast.AST) -> None:
    """Any other node, by what its fields hold: the bound name of a handler or a pattern, a class pattern's words."""
    walk.words.append(type(node).__name__)
    for field in getattr(node, "_fields", ()):  # no node: the key of `**more` in a display
        value = getattr(node, field, None)
        if isinstance(value, list):
            nodes = [item for item in value if not isinstance(item, str)]
            walk.words.extend(item for item in value if isinstance(item, str))
            walk.words.append(str(len(value)))
            for item in reversed(nodes):
                walk.maybe(item)
        elif isinstance(value, str) and field in ("name", "rest"):
            walk.shape.append(3)
            walk.names.append(value)
        elif isinstance(value, str):
            walk.words.append(value)
        elif value is None or isinstance(value, ast.AST):
            walk.maybe(value)
        else:
            walk.literals.append(value)


def _generator(walk: _Walk, node: ast.comprehension) -> None:
    walk.shape.append(node.is_async)
    walk.many(node.ifs)
    walk.stack.extend((node.iter, node.target))


# The fields that hold nodes, from the last to the first, for kinds that hold nothing else. Codes are places in these lists,
# so that no version of Python writes others: never sort them.
_FIELDS = {
    "Expr": "value", "Assign": "value targets", "AugAssign": "value op target", "Return": "value", "Pass": "",
    "Break": "", "Continue": "", "For": "orelse body iter target", "AsyncFor": "orelse body iter target",
    "While": "orelse body test", "If": "orelse body test", "With": "body items", "AsyncWith": "body items",
    "Raise": "cause exc", "Try": "finalbody orelse handlers body", "TryStar": "finalbody orelse handlers body",
    "Assert": "msg test", "BoolOp": "values op", "NamedExpr": "value target", "BinOp": "right op left",
    "IfExp": "orelse body test", "Dict": "values keys", "Set": "elts", "ListComp": "generators elt",
    "SetComp": "generators elt", "DictComp": "generators value key", "GeneratorExp": "generators elt", "Await": "value",
    "Yield": "value", "YieldFrom": "value", "Compare": "comparators ops left", "Subscript": "slice value",
    "Starred": "value", "List": "elts", "Tuple": "elts", "Slice": "step upper lower", "withitem": "optional_vars context_expr",
    "Match": "cases subject", "match_case": "body guard pattern", "And": "", "Or": "", "Not": "", "Invert": "", "UAdd": "",
    "USub": "", "Add": "", "Sub": "", "Mult": "", "MatMult": "", "Div": "", "Mod": "", "Pow": "", "LShift": "", "RShift": "",
    "BitOr": "", "BitXor": "", "BitAnd": "", "FloorDiv": "", "Eq": "", "NotEq": "", "Lt": "", "LtE": "", "Gt": "", "GtE": "",
    "Is": "", "IsNot": "", "In": "", "NotIn": "",
}  # fmt: skip
_SPECIAL: dict[type[ast.AST], Callable[[_Walk, Any], None]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _lambda,
    ast.ClassDef: _class,
    ast.AnnAssign: _annotated,
    ast.UnaryOp: _negative,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Delete: _delete,
    ast.Global: _declaration,
    ast.Nonlocal: _declaration,
    ast.comprehension: _generator,
}
_PLAIN: dict[type[ast.AST], tuple[int, tuple[str, ...]]] = {
    getattr(ast, name): (5 + place, tuple(fields.split())) for place, (name, fields) in enumerate(_FIELDS.items())
}
_SPECIAL_CODES = {kind: 5 + len(_FIELDS) + place for place, kind in enumerate(_SPECIAL)}


# The skeleton of a constant that stands alone: a text in the middle of a cell, `...`.
BARE_CONSTANT = trace(ast.parse("0").body[0]).skeleton
