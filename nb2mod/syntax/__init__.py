"""LIBRARY: Python as text. Source → facts. Syntax trees stay inside.

`facts` reads one masked cell; `shape.py` says when two definitions are the same; `scopes.py` which names a scope binds.
"""

import ast
import re
import warnings
from itertools import islice

from nb2mod.model import Binding, BindKind, CellFacts, Magic, Masked, Use, UseKind
from nb2mod.syntax.definitions import definitions_of
from nb2mod.syntax.depth import too_deep
from nb2mod.syntax.reader import Reader
from nb2mod.syntax.unseen import unseen_writes

_LINE_END = re.compile(r"\r\n|\r|\n")
_KEEP = re.compile(r"#\s*nb2mod:\s*keep\b")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
# Magics that bind what they name, or raise. Others may bind nothing: `%store -r` of what is not stored, `%sql` of a query that
# fails, `%%bash --out` where there is no such program; `%xdel` takes a name away.
_BIND_ALWAYS = frozenset(("capture", "aimport", "macro", "sc"))
_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

__all__ = ["facts", "lines_between", "offset_of_line", "parse", "split_lines"]


def split_lines(source: str) -> list[str]:
    """The lines of a cell as `ast` counts them: form feeds and Unicode separators do not end a line."""
    return _LINE_END.split(source)


def lines_between(source: str, first: int, last: int) -> str:
    """The text from one line to another, counted from 1, as it stands, without the end of the last."""
    start = offset_of_line(source, first)
    ends = [found.start() for found in _LINE_END.finditer(source, start)][: last - first + 1]
    return source[start : ends[-1] if len(ends) > last - first else len(source)]


def offset_of_line(source: str, line: int) -> int:
    """Where a line begins, in characters; lines count from 1."""
    ends = (found.end() for found in _LINE_END.finditer(source))
    return next(islice(ends, line - 2, None), len(source)) if line > 1 else 0


def parse(source: str) -> ast.Module:
    """The tree of one cell; `await` is allowed at top level. Raises SyntaxError for anything Python can't compile as text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(source, "<cell>", "exec", _FLAGS, dont_inherit=True)
    except (ValueError, RecursionError, MemoryError, UnicodeError) as error:
        # Null bytes, lone surrogates, nesting too deep: to a person all of them are "this is no Python".
        raise SyntaxError(str(error) or type(error).__name__) from error
    assert isinstance(tree, ast.Module)
    return tree


def facts(source: str, masked: Masked, installs: tuple[str, ...] = ()) -> CellFacts:
    """What a code cell binds, reads and defines. Never raises: a cell that does not parse says so in `error`."""
    magic_lines = tuple((magic.line, magic.end_line, magic.name) for magic in masked.magics)
    common = {
        "magic_lines": magic_lines,
        "cell_magic": masked.cell_magic,
        "opaque": masked.opaque,
        "runs_in_function": masked.runs_in_function,
        "transformed": masked.transformed,
        "installs": installs,
        "any_name": any(magic.unknown for magic in masked.magics),
    }
    try:
        tree = parse(masked.python)
        if too_deep(tree, masked.python):
            raise RecursionError
        reader = Reader(masked.python)
        reader.read(tree.body)
        lines = split_lines(masked.python)
        definitions = definitions_of(reader, lines)
    except SyntaxError as error:
        unknown = tuple(sorted(set(_IDENTIFIER.findall(source))))
        common["unknown"] = unknown
        return CellFacts(error=error.msg or "invalid syntax", error_line=error.lineno or 0, **common)  # type: ignore[arg-type]
    except RecursionError:
        unknown = tuple(sorted(set(_IDENTIFIER.findall(source))))
        common["unknown"] = unknown
        return CellFacts(error="nested too deeply to be read", **common)  # type: ignore[arg-type]
    now, later = unseen_writes(tree, source)
    common["any_name"] = common["any_name"] or reader.any_name or now
    keep = tuple(n for n, line in enumerate(lines, 1) if _KEEP.search(line)) if "nb2mod" in source else ()
    return CellFacts(
        statements=tuple(reader.statements),
        bindings=(*reader.bindings, *_magic_bindings(masked)),
        uses=(*reader.uses, *_magic_uses(masked)),
        definitions=definitions,
        keywords=tuple(sorted(reader.keywords)),
        strings=tuple(sorted(reader.strings)),
        unknown=masked.unknown,
        keep=keep,
        future=tuple(reader.future),
        modules=tuple(sorted(reader.modules.union(_magic_modules(masked)))),
        any_name_later=reader.any_name_later or later,
        **common,  # type: ignore[arg-type]
    )


# What %pylab binds, spelled out (IPython.core.pylabtools.import_pylab); without --no-import-all the two stars too.
_PYLAB = (
    ("numpy", "numpy", "import numpy"),
    ("matplotlib", "matplotlib", "import matplotlib"),
    ("pylab", "matplotlib.pylab", "from matplotlib import pylab"),
    ("mlab", "matplotlib.mlab", "from matplotlib import mlab"),
    ("pyplot", "matplotlib.pyplot", "from matplotlib import pyplot"),
    ("np", "numpy", "import numpy as np"),
    ("plt", "matplotlib.pyplot", "import matplotlib.pyplot as plt"),
    ("figsize", "IPython.core.pylabtools.figsize", "from IPython.core.pylabtools import figsize"),
    ("getfigs", "IPython.core.pylabtools.getfigs", "from IPython.core.pylabtools import getfigs"),
)
_PYLAB_STARS = ("matplotlib.pylab", "numpy")


def _pylab_bindings(magic: Magic) -> list[Binding]:
    found = [Binding(name, BindKind.IMPORT, magic.line, True, target, text=text) for name, target, text in _PYLAB]
    if "--no-import-all" not in magic.text:
        found += [
            Binding("*", BindKind.STAR, magic.line, True, module, text=f"from {module} import *")
            for module in _PYLAB_STARS
        ]
    return found


def _magic_bindings(masked: Masked) -> list[Binding]:
    pylab = [binding for magic in masked.magics if magic.name == "pylab" for binding in _pylab_bindings(magic)]
    return pylab + [
        Binding(name, BindKind.MAGIC, magic.line, certain=magic.name in _BIND_ALWAYS, target=magic.name)
        for magic in masked.magics
        for name in magic.binds
    ]


def _magic_modules(masked: Masked) -> set[str]:
    pylab = any(magic.name == "pylab" for magic in masked.magics)
    return {target.partition(".")[0] for _, target, _ in _PYLAB} if pylab else set()


def _magic_uses(masked: Masked) -> list[Use]:
    return [Use(name, UseKind.MAGIC, magic.line, magic.name) for magic in masked.magics for name in magic.reads]
