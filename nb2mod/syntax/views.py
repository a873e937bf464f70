"""Looks at all names of the notebook at once: globals(), dir(), exec, frames, `__main__`, IPython's namespace."""

import ast

_WHOLE = frozenset(("globals", "eval", "exec"))
_OWN_INSIDE = frozenset(("locals", "vars", "dir"))  # inside a function these are its own names
_FRAMES = frozenset("_getframe currentframe getouterframes getinnerframes f_globals f_locals f_back".split())
_SHELL = frozenset(
    (
        *("user_ns", "user_global_ns", "user_module", "ev", "ex", "run_cell", "run_cell_async", "run_code", "push"),
        *("del_var", "drop_by_id", "reset", "safe_execfile", "safe_execfile_ipy"),
    )
)
_SHELLS = frozenset(("ip", "ipy", "_ip", "ipython", "shell"))
_ALWAYS = frozenset(("user_ns", "user_global_ns"))
_SESSIONS = frozenset("dump_session load_session dump_module load_module testmod run_docstring_examples embed".split())
_LOOKING_MAGICS = frozenset("who who_ls whos psearch rerun".split())
# Of what `view_of` says: what gives the names themselves, to be looked at later too.
NAMES_THEMSELVES = frozenset(
    ("globals()", "locals()", "vars()", "__main__", "sys.modules", "user_ns", "user_global_ns", "user_module")
)
# Where none of these words stands, nothing looks.
VIEW_WORDS = (
    _WHOLE | _OWN_INSIDE | _FRAMES | _SHELL | _ALWAYS | _SESSIONS
    | {"__main__", "modules", "run_line_magic", "run_cell_magic", "magic"}
)  # fmt: skip
_EXPLICIT = {"eval": 1, "exec": 1}  # with so many arguments they are given the names to look at


def view_of(node: ast.AST, *, later: bool = False) -> str:
    """What of the node itself (not of what is below it) looks at all names, in words; "" for nothing. `later`: the node stands
    inside a function.
    """
    if isinstance(node, ast.Call):
        return _called(node, later)
    if isinstance(node, ast.Attribute):
        if node.attr in _ALWAYS or node.attr in ("f_globals", "f_locals") or (node.attr == "__main__"):
            return node.attr
        return node.attr if node.attr in _SHELL and _is_shell(node.value) else ""
    if isinstance(node, ast.Name):
        return node.id if node.id == "__main__" else ""
    if isinstance(node, ast.Subscript):
        named = isinstance(node.value, ast.Attribute) and node.value.attr == "modules"
        return "sys.modules" if named and _names_main(node.slice) else ""
    if isinstance(node, ast.Import):
        return "__main__" if any(alias.name == "__main__" for alias in node.names) else ""
    if isinstance(node, ast.ImportFrom):
        return "__main__" if node.module == "__main__" else ""
    return ""


def _called(node: ast.Call, later: bool) -> str:
    function = node.func
    given = len(node.args) + len(node.keywords)
    if isinstance(function, ast.Name):
        name = function.id
        if name in _WHOLE and given <= _EXPLICIT.get(name, given):
            return name if name in _EXPLICIT else f"{name}()"
        if name in _OWN_INSIDE and not given:
            return "" if later else f"{name}()"
        if name in ("currentframe", "_getframe") or name in _SESSIONS:
            return f"{name}()"
    elif isinstance(function, ast.Attribute):
        if function.attr in _FRAMES or function.attr in _SESSIONS:
            return f"{function.attr}()"
        if function.attr in ("run_line_magic", "magic", "run_cell_magic"):
            return _magic(node)
    # mock.patch("__main__.fetch"), import_module("__main__"), Timer(…, "from __main__ import f")
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    texts += [keyword.value.value for keyword in node.keywords if isinstance(keyword.value, ast.Constant)]
    return "__main__" if any(isinstance(text, str) and "__main__" in text for text in texts) else ""


def _magic(node: ast.Call) -> str:
    """A magic that looks at the notebook's names, or that only the run will tell."""
    first = node.args[0] if node.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        return "a magic"
    name = first.value.lstrip("% ").partition(" ")[0]
    if name == "run":  # a script has names of its own, a notebook or `-i` the notebook's
        text = " ".join(str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))
        return "%run" if " -i" in text or ".ipynb" in text else ""
    return f"%{name}" if name in _LOOKING_MAGICS else ""


def _is_shell(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "get_ipython"
    return isinstance(node, ast.Name) and node.id in _SHELLS


def _names_main(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "__name__"
    return isinstance(node, ast.Constant) and node.value == "__main__"
