"""IPython syntax → plain Python, line for line, without IPython. Finds cell magics and lines; what they mean is in `magics`.

IPython's own transformer is the oracle in the tests. On purpose otherwise: %time and its kin become the Python they run, the
bodies of %%time and its kin are Python too, other %% cells are blank, and `\\r\\n` counts as `\\n`, which front ends send.
"""

import re
from typing import NamedTuple

from nb2mod.model import Magic, Masked
from nb2mod.notebook.magic_lines import mask_lines
from nb2mod.notebook.magics import (
    EXPANDED_BODIES,
    PYTHON_BODIES,
    SEALED_BODIES,
    bound_by_option,
    expanded_names,
    identifiers,
)
from nb2mod.notebook.prompts import cleaned
from nb2mod.notebook.timed import option_names, parses, split_options

_LINE_END = re.compile(r"(\r\n|\n|\r)")
_LINE_START = re.compile(r"\n[ \t]*+(?:[%!?,;/]|>>>|\.\.\.+:|In \[|\[nav\]|\[ins\])")
_BLANK_LINE = re.compile(r"\n[ \t]++(?=\n|\Z)")  # IPython empties such lines, in strings too
_QUESTION = re.compile(r"\?(?:[\r\n]|\Z)")
_ASSIGNED = re.compile(r"=[ \t]*(?:\\\r?\n[ \t]*)*[%!]")
_CELL_MAGIC_HELP = re.compile(r"%%\w+\?")
_KERNEL_CALL = re.compile(r"kernel\.execute")
_MOST_NESTED = 20  # %% lines under each other that are followed; the body of one more is read as a foreign one
_KEEPS_BODY_IN_FUNCTION = frozenset({"timeit"})


class _Cell(NamedTuple):
    """The lines of a cell, or of what follows a %% line, turned into Python."""

    lines: list[str]
    magics: list[Magic]
    cell_magic: str | None = None
    opaque: bool = False
    unknown: tuple[str, ...] = ()
    runs_in_function: bool = False
    transformed: bool = False


def mask(source: str) -> Masked:
    """`source` as plain Python with as many lines, and what IPython syntax it held. Any text will do; nothing is raised.

    A cell without IPython syntax comes back unchanged, quickly. Text that is no Python stays no Python: parsing it tells.
    """
    if not _may_hold_syntax(source):
        return Masked(python=_BLANK_LINE.sub("\n", source))
    split = _LINE_END.split(source)
    lines = split[0::2]
    # A lone \r before a line that is made blank would swallow that line's \n: it becomes one itself.
    ends = ["\n" if end == "\r" else end for end in split[1::2]]
    if lines[-1]:
        ends.append("")
    else:
        lines.pop()  # the last line has its end: nothing stands after it
    cell = _masked_cell(lines, 1)
    return Masked(
        python="".join([part for pair in zip(cell.lines, ends, strict=True) for part in pair]),
        magics=tuple(cell.magics),
        cell_magic=cell.cell_magic,
        opaque=cell.opaque,
        unknown=cell.unknown,
        runs_in_function=cell.runs_in_function,
        transformed=cell.transformed,
    )


def _may_hold_syntax(source: str) -> bool:
    if source[:1].isspace() or "\r" in source or _LINE_START.search("\n" + source):
        return True
    if "?" in source and _QUESTION.search(source):
        return True
    return ("%" in source or "!" in source) and _ASSIGNED.search(source) is not None


def _masked_cell(lines: list[str], first_number: int, depth: int = 0) -> _Cell:
    """The lines as one input to IPython; `first_number` is the first one's number in the cell, `depth` how many %% lines
    stand above.
    """
    lines, transformed = cleaned(lines)
    start = next((index for index, line in enumerate(lines) if line), 0)
    if lines[start].startswith("%%") and not _CELL_MAGIC_HELP.match(lines[start]):
        found = _masked_cell_magic(lines, start, first_number, depth)
        return found._replace(transformed=found.transformed or transformed)
    python, magics = mask_lines(lines, first_number)
    return _Cell(python, magics, transformed=transformed)


def _masked_cell_magic(lines: list[str], start: int, first_number: int, depth: int) -> _Cell:
    name, _, text = lines[start][2:].rstrip().partition(" ")
    number = first_number + start
    if name in PYTHON_BODIES and depth < _MOST_NESTED:
        return _masked_python_body(lines, start, number, name, text, depth)
    reads, binds, unknown = _opaque_names(name, text, lines[start + 1 :])
    magic = Magic(number, first_number + len(lines) - 1, name, text.strip(), reads, binds)
    return _Cell([""] * len(lines), [magic], name, True, unknown)


def _opaque_names(name: str, text: str, body: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Names that a foreign cell reads and binds by its %% line, and names that it may read or bind anyhow."""
    source = "\n".join(body)
    reads = expanded_names(text)
    binds = bound_by_option(text, "--out", "--err", "--proc")
    if name in EXPANDED_BODIES:
        reads = tuple(dict.fromkeys(reads + expanded_names(source)))
    elif name not in SEALED_BODIES or _KERNEL_CALL.search(source):
        return reads, binds, identifiers(f"{text}\n{source}")
    return reads, binds, tuple(dict.fromkeys(reads + binds))


def _masked_python_body(lines: list[str], start: int, number: int, name: str, text: str, depth: int) -> _Cell:
    body = _masked_cell(lines[start + 1 :], number + 1, depth + 1) if start + 1 < len(lines) else _Cell([], [])
    head = ""
    reads: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    if name == "capture":
        binds = tuple(word for word in text.split() if word.isidentifier())[:1]
    else:
        timed = split_options(name, text)
        reads, binds = option_names(name, timed.options)
        if (
            timed.python and name != "time"
        ):  # the statement beside %%timeit and %%prun runs too; beside %%time it is an error
            python, _ = mask_lines([timed.python], number)
            head = python[0] if parses(python[0]) else ""
    magic = Magic(number, number, name, text.strip(), reads, binds)
    return body._replace(
        lines=[*lines[:start], head, *body.lines],
        magics=[magic, *body.magics],
        cell_magic=name,
        runs_in_function=body.runs_in_function or name in _KEEPS_BODY_IN_FUNCTION,
    )
