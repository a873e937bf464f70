"""What a piece of source text says: the names it leaves free, the modules its imports load, the statement it is.

Everything here reads text and answers with names; nothing knows of notebooks, candidates or modules to be made.
"""

import ast
import builtins
import re
import symtable
import sys
import warnings
from collections.abc import Iterator
from functools import lru_cache

from nb2mod.syntax import parse
from nb2mod.syntax.strings import walk

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}
# A kernel has IPython loaded before the first cell runs.
_ALWAYS_LOADED = sys.stdlib_module_names | {"IPython", "__future__"}


def lines_of(text: str) -> list[str]:
    """The lines as `ast` counts them, line ends removed."""
    return [line.rstrip("\r\n") for line in _LINE.findall(text)]


@lru_cache(maxsize=256)
def parsed(text: str) -> ast.Module | None:
    """The tree, or None for text that is no Python on its own."""
    try:
        return parse(text)
    except SyntaxError:
        return None


@lru_cache(maxsize=256)
def _table(text: str) -> symtable.SymbolTable | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return symtable.symtable(text, "<text>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None


def definition_in(tree: ast.Module | None) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None:
    """The one definition a text consists of; None when it is anything else."""
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], _DEFINITIONS):
        return None
    return tree.body[0]


@lru_cache(maxsize=4096)
def free_names(text: str) -> frozenset[str]:
    """Names that the text reads and does not bind, builtins included: what has to stand in its module."""
    top = _table(text)
    if top is None:
        return frozenset()
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return frozenset(_global_reads(top)) - bound


def _global_reads(table: symtable.SymbolTable) -> Iterator[str]:
    outermost = table.get_type() == "module"
    for symbol in table.get_symbols():
        # is_global() is wrong for locals of a function called "top": it takes the table for the module's (CPython < 3.13).
        outside = symbol.is_declared_global() or (symbol.is_global() and not symbol.is_local())
        if symbol.is_referenced() and (outermost or outside):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _global_reads(child)


def reads_itself(text: str, name: str) -> bool:
    """Whether a definition reads its own name from its module: under another name it would read something else."""
    top = _table(text)
    return top is None or name in {found for table in top.get_children() for found in _global_reads(table)}


def renamed(text: str, name: str, other: str) -> str:
    """The text of a function or constant that does not read itself, under another name."""
    return re.sub(rf"(?m)^((?:async[ \t]+)?def[ \t]+|){re.escape(name)}(?=\s*[\[(=:])", rf"\g<1>{other}", text, count=1)


def mentions(text: str, name: str) -> bool:
    """Whether the name stands in the text as a word: as code, or inside a string that may be code (N12)."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def has_annotations(node: ast.AST) -> bool:
    """Whether `from __future__ import annotations` would change anything in it."""
    for inner in walk(node):
        if isinstance(inner, ast.arg) and inner.annotation is not None:
            return True
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.returns is not None:
            return True
        if isinstance(inner, ast.AnnAssign):
            return True
    return False


@lru_cache(maxsize=4096)
def loaded_by(text: str) -> frozenset[str]:
    """Dotted modules outside the standard library that the imports in a text load, whole paths: a.b gives a and a.b.

    `from a import b` counts a.b too: it may be a module. Relative imports are nobody's third party.
    """
    tree = parsed(text)
    if tree is None:
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names.update(prefixes(alias.name))
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            for alias in node.names:
                names.update(prefixes(node.module if alias.name == "*" else f"{node.module}.{alias.name}"))
    return frozenset(name for name in names if root_of(name) not in _ALWAYS_LOADED)


def prefixes(dotted: str) -> list[str]:
    """a.b.c gives a, a.b and a.b.c."""
    parts = dotted.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def root_of(dotted: str) -> str:
    """The top-level module of a dotted name."""
    return dotted.partition(".")[0]


def bound_by(text: str) -> dict[str, str]:
    """Name → what it stands for, for each name the imports of a text bind. `import a.b` binds a, whatever b is."""
    tree = parsed(text)
    if tree is None:
        return {}
    names: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = root_of(alias.name)
                names[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                if alias.name != "*":
                    names[alias.asname or alias.name] = f"{module}.{alias.name}"
    return names


def chains_from(text: str, name: str) -> frozenset[str] | None:
    """The dotted chains that a text reads a name in, each as far as it goes; None when a string in it that is no docstring
    mentions the name too: it may be code.
    """
    longest: dict[int, str] = {}
    nodes = list(ast.walk(parsed(text) or ast.Module([], [])))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and id(node) not in alone and mentions(str(node.value), name):
            return None
        inner: ast.AST = node
        chain = ""
        while isinstance(inner, ast.Attribute):
            chain = f".{inner.attr}{chain}"
            inner = inner.value
        if isinstance(inner, ast.Name) and inner.id == name:
            longest[id(inner)] = max(longest.get(id(inner), ""), f"{name}{chain}", key=len)
    return frozenset(longest.values())


def imports_in(text: str) -> list[str]:
    """Its statements one by one, each on one line."""
    tree = parsed(text)
    return [ast.unparse(node) for node in tree.body] if tree else []


def literal_in(text: str) -> str:
    """The value of an assignment's text, or the text itself when it is a value alone."""
    tree = parsed(text)
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            return ast.unparse(node.value)
    return text


def statement_bindings(text: str) -> frozenset[str]:
    """Names that a whole statement (try, if) binds at its top level."""
    try:
        top = symtable.symtable(text, "<text>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    return frozenset(symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported())


def same_statement(text: str) -> str:
    """Equal for texts that are one statement up to layout and comments; "" for text that is no Python."""
    tree = parsed(text)
    return "" if tree is None else ast.unparse(tree)
