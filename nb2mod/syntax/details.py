"""One definition's source → what the hazard checks need to know of it. Slower than the index's walk and asked of candidates only.

Scope questions are answered by `symtable`, Python's own; the index's reader is a second opinion, and where the two disagree
the definition is not touched. What runs when the statement runs is in `evaluated.py`.
"""

import ast
import symtable
import warnings
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from nb2mod.syntax.docstrings import are_laid_out, docstrings_of, split_docstring
from nb2mod.syntax.evaluated import (
    Decorator,
    Default,
    Run,
    class_body,
    decorator_of,
    decorator_runs,
    default_runs,
    defaults_of,
    dotted,
)
from nb2mod.syntax.scopes import FUNCTIONS
from nb2mod.syntax.scopes import parameters as parameters_of
from nb2mod.syntax.strings import walk
from nb2mod.syntax.wrapping import wraps_only

__all__ = ["Decorator", "Default", "Details", "Read", "Run", "details", "dotted", "free_names"]

# They see or change the names of a frame or a module; bare, whatever the arguments.
_NAMESPACES = frozenset(("exec", "eval", "globals", "locals", "__import__"))
_FRAMES = frozenset(("_getframe", "currentframe", "stack", "getouterframes", "getinnerframes", "trace"))
_SHELL = frozenset(
    (
        *("user_ns", "user_global_ns", "push", "ev", "ex", "run_cell", "run_line_magic", "run_cell_magic", "magic"),
        *("system", "getoutput", "getoutput_pexpect", "run_cell_async", "set_next_input", "drop_by_id", "reset"),
    )
)


class Read(Struct, frozen=True):
    """A name or call that was found, and the line from the definition's first (1)."""

    name: str
    line: int


class Details(Struct, frozen=True):
    """What one definition does, in plain values. Lines count from the definition's first line, decorators included, as 1."""

    free: frozenset[str]  # names it takes from outside, by symtable
    decorators: tuple[Decorator, ...]
    defaults: tuple[Default, ...]  # of a class: those of its methods
    globals: tuple[Read, ...]  # names declared global, in any function of it
    calls: tuple[Read, ...]  # bare names and last attributes of everything called: "locals", "_getframe"
    reads: tuple[Read, ...]  # every free name read, with its line
    annotations: tuple[Read, ...]  # names that annotations hold
    docstring: str | None
    is_generator: bool
    is_async: bool
    returns_function: bool  # a nested function or lambda that reads free names may leave it
    bases: tuple[str, ...] = ()  # classes: dotted bases, "" for an expression
    class_keywords: tuple[str, ...] = ()  # metaclass, …
    class_effects: tuple[Read, ...] = ()  # statements of a class body that do more than define, by ast name
    class_attributes: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    method_decorators: tuple[Decorator, ...] = ()
    local_imports: tuple[str, ...] = ()  # dotted modules imported inside
    runs: tuple[Run, ...] = ()  # calls made when the statement runs
    dynamic: tuple[Read, ...] = ()  # looks at namespaces or frames: exec, vars(), _getframe (N14)
    shell: tuple[Read, ...] = ()  # attributes of get_ipython() that run magics or see the notebook's names
    metaclass: str | None = None  # dotted; "" for an expression
    class_locals: frozenset[str] = frozenset()
    mutable_attributes: tuple[str, ...] = ()
    annotation_texts: tuple[str, ...] = ()
    wraps: int = 0  # see wrapping.wraps_only
    import_lines: tuple[Read, ...] = ()  # modules imported inside, with lines
    docstrings: tuple[str | None, ...] = ()  # its own and those of everything inside
    docstrings_stay: bool = True  # black would leave their text as it is
    defers: bool = False  # holds a function, lambda or generator expression that may run after the body is over
    deprecations: tuple[Read, ...] = ()  # warnings.warn("…", DeprecationWarning) of its own line, not of its caller's


_YIELDS = (ast.Yield, ast.YieldFrom)


@lru_cache(maxsize=4096)
def details(source: str) -> Details:
    """The details of the definition that `source` is. Raises SyntaxError when it is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
        free = free_names(source)
    if len(tree.body) != 1 or not isinstance(tree.body[0], (*FUNCTIONS, ast.ClassDef)):
        raise SyntaxError("not one definition")
    node = tree.body[0]
    nested = list(walk(node))
    is_function = isinstance(node, FUNCTIONS)
    docstring, _ = split_docstring(node.body)
    own = _class_facts(node) if isinstance(node, ast.ClassDef) else _function_facts(node)
    imports = tuple(_local_imports(nested))
    annotations = list(_annotations(nested))
    return Details(
        free=free - {node.name},
        decorators=tuple(map(decorator_of, node.decorator_list)),
        globals=tuple(Read(name, n.lineno) for n in nested if isinstance(n, ast.Global) for name in n.names),
        calls=tuple(Read(_last(n.func), n.lineno) for n in nested if isinstance(n, ast.Call)),
        reads=tuple(
            Read(n.id, n.lineno)
            for n in nested
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in free
        ),
        annotations=tuple(_annotation_reads(annotations)),
        docstring=docstring,
        is_generator=is_function and any(type(n) in _YIELDS for n in nested) and _own_yields(node),
        is_async=isinstance(node, ast.AsyncFunctionDef),
        returns_function=is_function and _lets_functions_escape(nested),
        local_imports=tuple(read.name for read in imports),
        dynamic=tuple(_dynamic(nested)),
        shell=tuple(_shell(nested)),
        annotation_texts=tuple(ast.unparse(one) for one in annotations),
        import_lines=imports,
        docstrings=docstrings_of(node),
        docstrings_stay=are_laid_out(node),
        defers=any(isinstance(n, (*FUNCTIONS, ast.Lambda, ast.GeneratorExp)) for n in nested[1:]),
        deprecations=tuple(_deprecations(nested)),
        **own,  # type: ignore[arg-type]
    )


def free_names(source: str) -> frozenset[str]:
    """Global names that any scope of the source reads, binds or declares, by `symtable`; those bound at its top excepted."""
    top = symtable.symtable(source, "<definition>", "exec")
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    found: set[str] = set()
    stack = [top]
    while stack:
        table = stack.pop()
        for symbol in table.get_symbols():
            # is_global() is wrong for locals of a function called "top": it takes the table for the module's (CPython < 3.13).
            outside = symbol.is_declared_global() or (symbol.is_global() and not symbol.is_local())
            if outside or (table is top and symbol.is_referenced() and not symbol.is_assigned()):
                found.add(symbol.get_name())
        stack.extend(table.get_children())
    return frozenset(found - bound)


def _function_facts(node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, object]:
    return {
        "defaults": tuple(defaults_of(node)),
        "runs": (*decorator_runs(node.decorator_list), *default_runs(node)),
        "wraps": wraps_only(node),
    }


def _class_facts(node: ast.ClassDef) -> dict[str, object]:
    body = class_body(node)
    metaclasses = [keyword.value for keyword in node.keywords if keyword.arg == "metaclass"]
    return {
        "defaults": body.defaults,
        "runs": (*decorator_runs(node.decorator_list), *body.runs),
        "bases": tuple(map(dotted, node.bases)),
        "class_keywords": tuple(keyword.arg or "**" for keyword in node.keywords),
        "metaclass": dotted(metaclasses[0]) if metaclasses else None,
        "class_effects": tuple(Read(name, line) for name, line in body.effects),
        "class_attributes": body.attributes,
        "mutable_attributes": body.mutable,
        "methods": body.methods,
        "method_decorators": body.decorators,
        "class_locals": body.local,
    }


def _annotations(nodes: list[ast.AST]) -> Iterator[ast.expr]:
    for inner in nodes:
        found: list[ast.expr | None] = []
        if isinstance(inner, FUNCTIONS):
            found = [*(parameter.annotation for parameter in parameters_of(inner.args)), inner.returns]
        elif isinstance(inner, ast.AnnAssign):
            found = [inner.annotation]
        yield from (annotation for annotation in found if annotation is not None)


def _annotation_reads(annotations: list[ast.expr]) -> Iterator[Read]:
    for annotation in annotations:
        for part in ast.walk(annotation):
            if isinstance(part, ast.Name):
                yield Read(part.id, part.lineno)


def _own_yields(node: ast.AST) -> bool:
    """A yield of the function itself, not of a function inside it."""
    stack = list(ast.iter_child_nodes(node))
    while stack:
        inner = stack.pop()
        if isinstance(inner, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(inner, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack.extend(ast.iter_child_nodes(inner))
    return False


def _lets_functions_escape(nodes: list[ast.AST]) -> bool:
    """Whether a nested function, lambda or class is returned, yielded or stored somewhere: judged by its being there at all
    outside an argument of a call. `nodes` are all of a function, itself first.
    """
    inner_ones = [inner for inner in nodes[1:] if isinstance(inner, (*FUNCTIONS, ast.Lambda, ast.ClassDef))]
    if not inner_ones:
        return False
    arguments: set[ast.AST] = set()
    for inner in nodes:
        if isinstance(inner, ast.Call):
            arguments.update(inner.args)
            arguments.update(keyword.value for keyword in inner.keywords)
    return any(inner not in arguments for inner in inner_ones)


def _local_imports(nodes: list[ast.AST]) -> Iterator[Read]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (Read(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield Read("." * node.level + (node.module or ""), node.lineno)


def _dynamic(nodes: list[ast.AST]) -> Iterator[Read]:
    """`df.eval(…)` and `model.eval()` are methods of something else; `vars(x)` and `dir(x)` look at x alone."""
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in _NAMESPACES and isinstance(node.ctx, ast.Load):
            yield Read(node.id, node.lineno)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("vars", "dir") and not node.args and not node.keywords:
                yield Read(f"{node.func.id}()", node.lineno)
            elif node.func.id in _FRAMES - {"stack", "trace"}:
                yield Read(node.func.id, node.lineno)
        elif isinstance(node, ast.Attribute) and node.attr in _FRAMES:
            whole = dotted(node)
            if whole.startswith(("inspect.", "sys.")):
                yield Read(whole, node.lineno)
        elif isinstance(node, ast.Subscript | ast.Call) and any(map(_is_main, _given(node))):
            yield Read("__main__", node.lineno)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            yield from (Read("__main__", node.lineno) for module in modules if module == "__main__")


def _given(node: ast.Subscript | ast.Call) -> list[ast.expr]:
    return node.args if isinstance(node, ast.Call) else [node.slice]


def _is_main(node: ast.expr) -> bool:
    """`sys.modules["__main__"]`, `import_module("__main__")`; comparing with it is for the check of `__name__`."""
    return isinstance(node, ast.Constant) and node.value == "__main__"


def _deprecations(nodes: list[ast.AST]) -> Iterator[Read]:
    for node in nodes:
        if isinstance(node, ast.Call) and dotted(node.func) in ("warnings.warn", "warn"):
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            category = given.get("category") or (node.args[1] if len(node.args) > 1 else None)
            elsewhere = "stacklevel" in given or len(node.args) > 2
            if category is not None and dotted(category) == "DeprecationWarning" and not elsewhere:
                yield Read("DeprecationWarning", node.lineno)


def _shell(nodes: list[ast.AST]) -> Iterator[Read]:
    if not any(isinstance(node, ast.Name) and node.id == "get_ipython" for node in nodes):
        return
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in _SHELL:
            yield Read(node.attr, node.lineno)


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
