"""Writes to the notebook's names that no statement shows: through IPython's namespace, or through the module `__main__`."""

import ast
import re
from collections.abc import Iterator

_WORTH_A_LOOK = re.compile(
    r"\buser_(?:global_)?ns\b|__main__|\bsys\.modules\b|\bget_ipython\b|\.(?:push|ex|run_c\w+)\("
)
_WORDS = ("user_", "__main__", "sys.modules", "get_ipython", ".push(", ".ex(", ".run_c")
_NAMESPACES = frozenset(("user_ns", "user_global_ns"))
_SHELLS = frozenset(("ip", "ipy", "_ip", "ipython", "shell"))
_RUNNERS = frozenset(
    (
        *("push", "ex", "run_cell", "run_cell_async", "run_cell_magic", "run_code", "safe_execfile"),
        *("safe_execfile_ipy", "safe_run_module", "drop_by_id", "del_var", "reset"),
    )
)
_MAGIC_CALLS = frozenset(("run_line_magic", "magic"))
_MAGICS = frozenset(("run", "reset", "reset_selective"))
_LOOKING_METHODS = frozenset(("get", "items", "keys", "values", "copy"))
_LOOKING_CALLS = frozenset(("getattr", "hasattr", "dir", "len", "list", "print", "sorted", "type", "repr", "id"))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def unseen_writes(tree: ast.Module, source: str) -> tuple[bool, bool]:
    """Whether a cell may bind any name in such a way when it runs, and whether functions of it may when they are called."""
    # Plain substrings first: this is asked of every cell, and a search for alternatives costs a hundred times as much.
    if not any(word in source for word in _WORDS) or not _WORTH_A_LOOK.search(source):
        return False, False
    found = {deferred for node, parent, deferred in _walk(tree) if _writes(node, parent)}
    return False in found, True in found


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST, bool]]:
    """Every node with its parent, and whether it stands inside a function."""
    stack: list[tuple[ast.AST, ast.AST, bool]] = [(node, tree, False) for node in tree.body]
    while stack:
        node, parent, deferred = stack.pop()
        yield node, parent, deferred
        inside = deferred or isinstance(node, _FUNCTIONS)
        stack.extend((child, node, inside) for child in ast.iter_child_nodes(node))


def _writes(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        if node.attr in _NAMESPACES:
            return not _only_looks(node, parent)
        return node.attr in _RUNNERS and _is_shell(node.value)
    if isinstance(node, ast.Call):
        if _is_main_by_name(node):
            return not _only_looks(node, parent)
        return isinstance(node.func, ast.Attribute) and node.func.attr in _MAGIC_CALLS and _may_bind(node)
    if isinstance(node, ast.Subscript):
        return _is_main_in_modules(node) and not _only_looks(node, parent)
    if isinstance(node, ast.Name):
        return node.id == "__main__" and not _only_looks(node, parent)
    return isinstance(node, ast.alias) and node.name == "__main__" and node.asname is not None


def _only_looks(node: ast.AST, parent: ast.AST) -> bool:
    """Whether what stands around an expression reads from its value, and neither writes to it nor gives it a name."""
    if isinstance(parent, ast.Attribute):
        of_namespace = isinstance(node, ast.Attribute)
        looks = parent.attr in _LOOKING_METHODS if of_namespace else parent.attr != "__dict__"
        return isinstance(parent.ctx, ast.Load) and looks
    if isinstance(parent, ast.Subscript):
        return isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id in _LOOKING_CALLS
    return isinstance(parent, ast.Compare | ast.For | ast.comprehension)


def _is_shell(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "get_ipython"
    return isinstance(node, ast.Name) and node.id in _SHELLS


def _may_bind(call: ast.Call) -> bool:
    """`%run` and its like, or a magic that only the run will tell."""
    first = call.args[0] if call.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        return True
    return first.value.lstrip("% ").partition(" ")[0] in _MAGICS


def _is_main_by_name(call: ast.Call) -> bool:
    """`importlib.import_module("__main__")`"""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in ("import_module", "__import__") and any(map(_names_main, call.args))


def _is_main_in_modules(node: ast.Subscript) -> bool:
    """`sys.modules["__main__"]`, `sys.modules[__name__]`"""
    modules = isinstance(node.value, ast.Attribute) and node.value.attr == "modules"
    return modules and _names_main(node.slice)


def _names_main(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "__name__"
    return isinstance(node, ast.Constant) and node.value == "__main__"
