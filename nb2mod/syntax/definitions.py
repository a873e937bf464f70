"""The definitions a reader met → their shapes and the lines they stand on."""

import ast
from collections.abc import Sequence

from nb2mod.model import Definition
from nb2mod.syntax.reader import Reader
from nb2mod.syntax.shape import shape_of
from nb2mod.syntax.weighing import weight


def definitions_of(reader: Reader, lines: Sequence[str]) -> tuple[Definition, ...]:
    """The definitions that `reader` met, with shapes. `lines` are the cell's."""
    found = []
    for node, statement, conditional in reader.definitions:
        first = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
        # Its own lines: what is asked of the text of one definition must not cost the length of its cell.
        shape = shape_of(node, "\n".join(lines[first - 1 : node.end_lineno]))
        kind = "class" if isinstance(node, ast.ClassDef) else "function"
        if isinstance(node, ast.AsyncFunctionDef):
            kind = "async function"
        found.append(
            Definition(
                name=node.name,
                kind=kind,
                top=first if conditional else top_line(lines, first),
                line=first,
                def_line=node.lineno,
                end_line=node.end_lineno or node.lineno,
                statements=shape.statements,
                nodes=shape.nodes,
                exact=shape.exact,
                shape=shape.digest,
                slots=shape.slots,
                params=shape.params,
                conditional=conditional,
                statement=statement,
                complexity=weight((node,))[1] + isinstance(node, ast.ClassDef),
                tokens=shape.tokens,
            )
        )
    return tuple(found)


_DIRECTIVES = (
    "#|",
    "#%%",
    "# %%",
    "#@",
    "# @title",
    "# @param",
    "# noqa",
    "# type:",
    "# nb2mod:",
    "#!",
    "# In[",
    "# +",
    "# -",
)


def top_line(lines: Sequence[str], line: int) -> int:
    """The first of the comment lines directly above `line`; directives stay where they are (hazard F3)."""
    while line > 1:
        above = lines[line - 2].strip()
        if not above.startswith("#") or above.startswith(_DIRECTIVES):
            break
        line -= 1
    return line
