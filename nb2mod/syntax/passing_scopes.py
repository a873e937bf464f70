"""Which scopes and statements stand around one name of a cell, from the inside out. The only reader of libcst's parents."""

import ast
import dataclasses
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from nb2mod.syntax.closures import CONSUMERS
from nb2mod.syntax.scopes import body_scope, comprehension_names, import_name
from nb2mod.syntax.scopes import parameters as parameters_of

if TYPE_CHECKING:
    import libcst as cst

_NOTHING: frozenset[str] = frozenset()
# Done with a function when they return; those with a dot are methods that libraries of tables run at once.
USED_UP = frozenset("sorted min max .sort .apply .applymap .transform .assign .pipe".split())


class Around:
    """What stands around a name. `hidden`: names that functions, lambdas and comprehensions there bind; `unsure`: names that a
    class body or a walrus may bind; `assured`: names of the notebook that are bound there for certain by a loop's head, a
    `with`, or a statement above in the same suite, where it is not deferred. `deferred`: in code that runs when somebody calls
    it; `later`: in code that may run after the definition around it has returned. `owner`: the outermost definition around it,
    None for none. `quotes`: characters that an f-string around it forbids; `shown`: its text is printed (`{x=}`).
    """

    def __init__(self) -> None:
        self.hidden: frozenset[str] = _NOTHING
        self.unsure: frozenset[str] = _NOTHING
        self.assured: frozenset[str] = _NOTHING
        self.later = self.shown = self.deferred = False
        self.owner: cst.FunctionDef | cst.ClassDef | None = None
        self.quotes = ""
        self._declared: frozenset[str] = _NOTHING
        self._closed = False  # a scope lies between the name and what comes next: a class body there is not seen
        self._called = False  # the definition that was left last was left through a function's body


class Climber:
    """Climbs from a name to its module. `code` gives the text of a node."""

    def __init__(self, parents: Mapping["cst.CSTNode", "cst.CSTNode"], code: Callable[["cst.CSTNode"], str]) -> None:
        self._parents = parents
        self._code = code
        self._scopes: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def around(self, name: "cst.CSTNode") -> Around:
        import libcst as cst

        found = Around()
        path: list[cst.CSTNode] = [name]
        suites: list[tuple[cst.CSTNode, cst.CSTNode]] = []  # outside of definitions, each with what was left in it
        node = name
        while (parent := self._parents.get(node)) is not None:
            if isinstance(parent, cst.FunctionDef | cst.ClassDef):
                self._definition(found, parent, path)
            elif isinstance(parent, cst.Lambda) and parent.body is node:
                bound, stored = self._lambda(parent)
                found.hidden |= bound - found._declared
                found.unsure |= stored
                found._closed = found.deferred = True
                found.later = found.later or not self._is_used_up(parent)
            elif isinstance(parent, cst.BaseComp):
                self._comprehension(found, parent, path)
            elif isinstance(parent, cst.FormattedString):
                found.quotes += parent.end[0] + "\\#\n"
            elif isinstance(parent, cst.FormattedStringExpression):
                found.shown = found.shown or parent.equal is not None
            elif isinstance(parent, cst.IndentedBlock | cst.For | cst.With) and found.owner is None:
                suites.append((parent, node))
            path.append(parent)
            node = parent
        if not found.deferred:
            for suite, child in suites:
                found.assured |= self._bound_in(suite, child)
        return found

    # scopes

    def _definition(self, found: Around, parent: "cst.FunctionDef | cst.ClassDef", path: "list[cst.CSTNode]") -> None:
        import libcst as cst

        inside = parent.body is path[-1]
        # A definition that was taken for the outermost one is nested: the body of a function runs when somebody calls it.
        found.later = found.later or found._called
        found.owner = parent
        found._called = inside and isinstance(parent, cst.FunctionDef)
        if not inside:
            return
        bound, declared = self._body(parent)
        if isinstance(parent, cst.FunctionDef):
            found.hidden |= bound - found._declared
            found._declared |= declared
            found._closed = found.deferred = True
        elif not found._closed:
            found.unsure |= bound

    def _body(self, node: "cst.FunctionDef | cst.ClassDef") -> tuple[frozenset[str], frozenset[str]]:
        if id(node) not in self._scopes:
            tree = _parsed(self._code(node)).body[0]
            assert isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            scope = body_scope(tree.body, None if isinstance(tree, ast.ClassDef) else tree.args)
            self._scopes[id(node)] = (scope.bound, frozenset(scope.declared_global))
        return self._scopes[id(node)]

    def _lambda(self, node: "cst.Lambda") -> tuple[frozenset[str], frozenset[str]]:
        tree = self._expression(node)
        assert isinstance(tree, ast.Lambda)
        stored = {inner.target.id for inner in ast.walk(tree) if isinstance(inner, ast.NamedExpr)}
        return frozenset(parameter.arg for parameter in parameters_of(tree.args)), frozenset(stored)

    def _comprehension(self, found: Around, parent: "cst.BaseComp", path: "list[cst.CSTNode]") -> None:
        import libcst as cst

        child = path[-1]
        if isinstance(child, cst.CompFor) and len(path) > 1 and path[-2] is child.iter:
            return  # the first iterable is evaluated outside
        tree = self._expression(parent)
        found.hidden |= comprehension_names(tree.generators) - found._declared  # type: ignore[attr-defined]
        found._closed = True
        if isinstance(parent, cst.GeneratorExp):
            found.deferred = True
            found.later = found.later or not self._is_consumed(parent)

    def _expression(self, node: "cst.CSTNode") -> ast.expr:
        statement = _parsed(f"({self._code(node)}\n)").body[0]
        assert isinstance(statement, ast.Expr)
        return statement.value

    # code that runs later

    def _is_consumed(self, node: "cst.CSTNode") -> bool:
        call = self._call_given(node)
        return call is not None and len(call.args) == 1 and _called(call).lstrip(".") in CONSUMERS

    def _is_used_up(self, node: "cst.CSTNode") -> bool:
        call = self._call_given(node)
        return call is not None and _called(call) in USED_UP

    def _call_given(self, node: "cst.CSTNode") -> "cst.Call | None":
        import libcst as cst

        argument = self._parents.get(node)
        call = self._parents.get(argument) if isinstance(argument, cst.Arg) else None
        return call if isinstance(call, cst.Call) else None

    # what is bound for certain

    def _bound_in(self, suite: "cst.CSTNode", child: "cst.CSTNode") -> frozenset[str]:
        import libcst as cst

        if isinstance(suite, cst.IndentedBlock):
            return self._bound_above(suite, child)
        return self._bound_by_head(suite) if isinstance(suite, cst.For | cst.With) and suite.body is child else _NOTHING

    def _bound_above(self, block: "cst.IndentedBlock", child: "cst.CSTNode") -> frozenset[str]:
        import libcst as cst

        found: set[str] = set()
        for statement in block.body:
            if statement is child:
                break
            if isinstance(statement, cst.SimpleStatementLine):
                for node in _parsed(self._code(statement).strip() or "pass").body:
                    found |= _bound_by(node)
        return frozenset(found)

    def _bound_by_head(self, node: "cst.For | cst.With") -> frozenset[str]:
        import libcst as cst

        if isinstance(node, cst.For):
            return _target_names(self._code(node.target))
        targets = [item.asname.name for item in node.items if item.asname is not None]
        return frozenset().union(*(_target_names(self._code(target)) for target in targets))


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = compile(text, "<part>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _called(call: "cst.Call") -> str:
    """`sorted` of `sorted(…)`, `.apply` of `a.b.apply(…)`, "" otherwise."""
    import libcst as cst

    if isinstance(call.func, cst.Attribute):
        return f".{call.func.attr.value}"
    return call.func.value if isinstance(call.func, cst.Name) else ""


def _target_names(text: str) -> frozenset[str]:
    statement = _parsed(f"({text.strip()}\n)").body[0]
    found: set[str] = set()
    stack: list[ast.AST] = [statement.value] if isinstance(statement, ast.Expr) else []
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Tuple | ast.List | ast.Starred):
            stack.extend(ast.iter_child_nodes(node))
    return frozenset(found)


def _bound_by(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Assign):
        return {name for target in node.targets for name in _target_names(ast.unparse(target))}
    if isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name):
        return {node.target.id} if node.value is not None else set()
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {import_name(alias) for alias in node.names if alias.name != "*"}
    return set()


def family(module: "cst.Module") -> "tuple[dict[cst.CSTNode, cst.CSTNode], dict[str, list[cst.Name]]]":
    """The parent of every node, and the nodes that spell each name. libcst's own providers cost three times as much, and its
    `children` makes a copy of each node.
    """
    import libcst as cst

    blank = (cst.BaseParenthesizableWhitespace, cst.EmptyLine, cst.TrailingWhitespace)
    fields: dict[type, tuple[str, ...]] = {}  # () for layout, which holds no name
    parents: dict[cst.CSTNode, cst.CSTNode] = {}
    named: dict[str, list[cst.Name]] = {}
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind not in fields:
            fields[kind] = () if issubclass(kind, blank) else tuple(one.name for one in dataclasses.fields(kind))
        if isinstance(node, cst.Name):
            named.setdefault(node.value, []).append(node)
        for field in fields[kind]:
            value = getattr(node, field)
            for child in value if isinstance(value, tuple | list) else (value,):
                if isinstance(child, cst.CSTNode):
                    parents[child] = node
                    stack.append(child)
    return parents, named


def is_read(name: "cst.Name", parents: Mapping["cst.CSTNode", "cst.CSTNode"]) -> bool:
    """Whether a name is read where it stands: no target, no keyword, no attribute, nothing that is defined or declared."""
    import libcst as cst

    node: cst.CSTNode = name
    parent = parents[node]
    while isinstance(parent, cst.Element | cst.StarredElement | cst.Tuple | cst.List):
        node, parent = parent, parents[parent]
    if isinstance(parent, cst.Attribute):
        return parent.value is node
    if isinstance(parent, cst.Arg):
        return parent.value is node
    if isinstance(parent, cst.Param):
        return parent.name is not node
    if isinstance(parent, cst.FunctionDef | cst.ClassDef):
        return parent.name is not node
    if isinstance(parent, cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.NamedExpr | cst.For | cst.CompFor):
        return parent.target is not node
    if isinstance(parent, cst.Del | cst.NameItem | cst.ImportAlias | cst.ImportFrom | cst.AsName):
        return False
    return not isinstance(parent, cst.MatchAs | cst.MatchStar | cst.MatchMapping | cst.MatchKeywordElement)
