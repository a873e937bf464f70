"""Who speaks of a name outside a run of statements: order-free, cell by cell, whatever can't be read counts as a reader.

A cell that certainly binds a name before it reads it does not care who bound it before.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from nb2mod.model import Magic
from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.paths import paths_of
from nb2mod.stages.verify.proof.scopes import reads
from nb2mod.stages.verify.proof.subject import Subject
from nb2mod.stages.verify.proof.trees import all_nodes, last_name
from nb2mod.stages.verify.proof.views import NotebookView, Unreadable, read_notebook

_WORD = re.compile(r"[^\W\d]\w*")
# Magics that show or take names without spelling them.
_SEE_ALL = frozenset({"who", "who_ls", "whos", "psearch"})
_FORGET = frozenset({"reset", "reset_selective", "xdel"})
# They see the names around them, whatever these are called.
_VIEWS = frozenset({"globals", "locals", "vars", "dir", "eval", "exec", "execfile"})
_LOOKUPS = frozenset(
    {"user_ns", "user_global_ns", "user_module", "__globals__", "f_globals", "f_locals", "_getframe", "currentframe"}
)
_OF_IPYTHON = frozenset(
    {"ex", "ev", "push", "magic", "system", "getoutput", "reset", "del_var", "run_cell", "run_line_magic"}
    | {"run_cell_magic", "run_code", "safe_execfile"}
)

_MAY_LOOK = re.compile(
    r"\b("
    + "|".join(sorted(_VIEWS | _LOOKUPS | _OF_IPYTHON | {"__main__", "builtins", "inspect", "modules", "stack"}))
    + r")\b"
)


def may_look(text: str) -> bool:
    """Whether a text holds any of the words that `looks_at_names` looks for."""
    return _MAY_LOOK.search(text) is not None


def read_in(cell: CellView, run: Collection[int], view: NotebookView) -> dict[str, str]:
    """Names that something in a cell of a notebook may read → where, in words; "" stands for any name.

    `run` are ids of statements left out.
    """
    found: dict[str, str] = {}
    for name, where in _in_cell(cell, run, view):
        found.setdefault(name, where)
    return found


def read_by_others(subject: Subject, view: NotebookView, names: Collection[str]) -> dict[str, str]:
    """Those of `names` that a notebook speaks of that runs this one in its own namespace → which one."""
    own = view.path.rpartition("/")[2].removesuffix(".ipynb")
    found: dict[str, str] = {}
    for other, data in subject.runners:
        if other == view.path or own.encode() not in data:
            continue
        try:
            text = read_notebook(other, data).text
        except Unreadable:
            continue  # nobody can run it
        found |= dict.fromkeys(set(_WORD.findall(text)) & set(names), other)
    return found


def looks_at_names(
    node: ast.stmt, own: Collection[str], *, one_by_one: bool = False, magics: Collection[int] = ()
) -> str:
    """Through which call or name a statement sees names that it does not spell; "" when it does not.

    `own` are names that the notebook binds: `for dir in path` takes nothing but a word. `one_by_one`: to look a name up by a text
    that stands there, see `_looked_up`, is no look. `magics` are lines that hold magics or shell lines: what those read is known
    otherwise.
    """
    harmless = _looked_up(node) if one_by_one else set()
    written = [inner for inner in all_nodes(node) if getattr(inner, "lineno", 0) not in magics]
    for inner in written:
        if how := _way_in(inner):
            return how
        harmless |= _of_values(inner, own)
    free = {id(read.node) for read in reads(node)}
    for inner in written:
        match inner:
            case ast.Name(id=name) if name in _VIEWS and id(inner) in free - harmless:
                return name
            case ast.Constant(value="__main__") if id(inner) not in harmless:
                return "__main__"
    return ""


def _way_in(node: ast.AST) -> str:
    """The name of an attribute, module or call through which a namespace is reached."""
    match node:
        case ast.Attribute(attr=name, value=value) if last_name(value) == "builtins" and name in _VIEWS:
            return name
        case ast.Attribute(attr=name, value=value) if last_name(value) == "get_ipython" and name in _OF_IPYTHON:
            return name
        case ast.Attribute(attr="stack", value=ast.Name(id="inspect")) | ast.alias(name="__main__"):
            return "stack" if isinstance(node, ast.Attribute) else "__main__"
        case ast.Attribute(attr=name) if name in _LOOKUPS:
            return name
        case ast.Subscript(value=ast.Attribute(attr="modules")):
            return "sys.modules"
        case ast.ImportFrom(module="inspect" | "builtins", names=names):
            return next((each.name for each in names if each.name in _VIEWS | {"stack", "currentframe"}), "")
    return ""


def _of_values(node: ast.AST, own: Collection[str]) -> set[int]:
    """Ids of names that look at one value, at a text that shows what it reads, or that the notebook has for its own."""
    match node:
        case ast.Call(func=ast.Name(id="vars" | "dir") as func, args=[_]):
            return {id(func)}
        case ast.Call(func=ast.Name(id="eval" | "exec") as func, args=[ast.Constant(value=str(text))]):
            return {id(func)} if not _VIEWS & set(_WORD.findall(text)) else set()
        case ast.Compare(left=ast.Name(id="__name__"), comparators=[ast.Constant() as main]):
            return {id(main)}
        case ast.Call(func=func, args=arguments):
            # What is called without a word of its own is the builtin.
            return {id(each) for each in arguments if isinstance(each, ast.Name) and each.id in own} - {id(func)}
        case ast.Subscript(value=ast.Name(id=name)) | ast.Attribute(value=ast.Name(id=name)) if name in own:
            return {id(node.value)}
        case ast.Subscript(slice=ast.Name(id=name)) if name in own:
            return {id(node.slice)}
    return set()


def _looked_up(node: ast.AST) -> set[int]:
    """Ids in uses that ask for one name that stands there, which counts as a word: `globals()["x"]`, `"x" in globals()`."""
    found: set[int] = set()
    for inner in all_nodes(node):
        match inner:
            case ast.Subscript(value=ast.Call(func=space), slice=ast.Constant(), ctx=ast.Load()):
                found.add(id(space))
            case ast.Call(func=ast.Attribute(attr="get", value=ast.Call(func=space)), args=[ast.Constant(), *_]):
                found.add(id(space))
            case ast.Compare(left=ast.Constant(), ops=[ast.In() | ast.NotIn()], comparators=[ast.Call(func=space)]):
                found.add(id(space))
    return found


def _in_cell(cell: CellView, run: Collection[int], view: NotebookView) -> Iterator[tuple[str, str]]:
    """(name, where it is read); "" stands for any name."""
    where = f"in cell {cell.number}"
    for magic in cell.masked.magics:
        yield from ((name, f"by a magic {where}") for name in magic.reads)
        if _sees_all(magic):
            yield "", f"by `%{magic.name}` {where}, which may read any name"
    if cell.tree is None:
        words = cell.masked.unknown if cell.masked.opaque else _WORD.findall(cell.source)
        yield from ((name, f"{where}, which is no Python") for name in words)
        return
    lines = {line for magic in cell.masked.magics for line in range(magic.line, magic.end_line + 1)}
    for segment in _segments(cell.tree, run):
        walk, _ = paths_of(segment, view.constants)
        held = (one.name for one in walk.held)
        yield from ((name, where) for name in (*walk.exposed, *walk.texts, *held))
        for node in segment:
            if how := looks_at_names(node, view.bindings, one_by_one=True, magics=lines):
                yield "", f"through `{how}` {where}"
            yield from ((name, f"by a text {where}") for name in words_in_texts(node))


def _sees_all(magic: Magic) -> bool:
    """`%who` lists names; `%run notebook.ipynb` and `%run -i` run in the notebook, other scripts apart from it."""
    if magic.name == "run":
        return ".ipynb" in magic.text or "-i" in magic.text.split()
    return magic.name in _SEE_ALL or (magic.unknown and magic.name not in _FORGET)


def _segments(tree: Sequence[ast.stmt], run: Collection[int]) -> Iterator[list[ast.stmt]]:
    """What stands above the run and what stands below it: the run may have bound a name in between."""
    segment: list[ast.stmt] = []
    for node in tree:
        if id(node) in run:
            yield segment
            segment = []
        else:
            segment.append(node)
    yield segment


def words_in_texts(node: ast.stmt) -> set[str]:
    """Names that a text looks up one by one, see `_looked_up`; or that are code of exec and eval."""
    found: set[str] = set()
    harmless = _looked_up(node)
    for inner in all_nodes(node):
        match inner:
            case ast.Subscript(value=ast.Call(func=space), slice=ast.Constant(value=str(text))) if (
                id(space) in harmless
            ):
                found.add(text)
            case ast.Call(func=ast.Attribute(value=ast.Call(func=space)), args=[ast.Constant(value=str(text)), *_]):
                found |= {text} if id(space) in harmless else set()
            case ast.Compare(left=ast.Constant(value=str(text)), comparators=[ast.Call(func=space)]):
                found |= {text} if id(space) in harmless else set()
    return found
