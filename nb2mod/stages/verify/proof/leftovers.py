"""What remains of a changed cell's text: every line that belongs to no replaced statement must still stand there, in order.

Statements are compared in `alignment.py`; this is about comments, directives, magics and the `;` at the end of a cell.
"""

import ast
import re
from collections.abc import Iterable, Sequence

from nb2mod.stages.verify.proof.cells import CellView
from nb2mod.stages.verify.proof.trees import first_line, last_line

_COMMENT = re.compile(r"\s*#")
_DIRECTIVE = re.compile(
    r"\s*#\s*(\||%%|@(title|param|markdown)\b|noqa\b|type:|fmt:|pylint:|ruff:|nb2mod:|(export|hide)\s*$|default_exp\s)"
)


def lost_or_new(
    before: CellView, after: CellView, replaced: Iterable[ast.stmt], imports: Iterable[ast.stmt]
) -> tuple[str, int] | None:
    """The first line that is lost or new, in words, and its number in the cell before. None: nothing is."""
    old, new = list(replaced), list(imports)
    required, optional = _remaining(before, old)
    kept = [line for line, _ in _without(after, new)]
    position = 0
    for number in sorted(required | optional):
        line = before.lines[number - 1].rstrip()
        if position < len(kept) and kept[position] == line:
            position += 1
        elif number in required:
            return f"line {number}, {line.strip()!r}, is lost or stands elsewhere", number
    if position < len(kept):
        return f"a line is new: {kept[position].strip()!r}", 0
    return hidden_or_shown(before, after, old)


def hidden_or_shown(before: CellView, after: CellView, replaced: Iterable[ast.stmt]) -> tuple[str, int] | None:
    """Whether the `;` that hides the cell's last output came or went, as `lost_or_new` tells it."""
    last_stays = bool(before.tree) and before.tree[-1] not in list(replaced)  # type: ignore[index]
    if last_stays and before.ends_hidden != after.ends_hidden:
        return "the `;` at the end of the cell hides an output, before or after", len(before.lines)
    return None


def with_comments(cell: CellView, run: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Statements that went as one run, and the lines between them: comments went along, a directive would be lost."""
    first, last = first_line(run[0]), last_line(run[-1])
    own = {number for node in run for number in range(first_line(node), last_line(node) + 1)}
    if any(number not in own and _DIRECTIVE.match(cell.lines[number - 1]) for number in range(first, last + 1)):
        return list(run)
    return [*run, ast.Pass(lineno=first, col_offset=0, end_lineno=last, end_col_offset=0)]


def _remaining(cell: CellView, replaced: list[ast.stmt]) -> tuple[set[int], set[int]]:
    """Lines that must stay, and comments that may go with a replaced statement: directly above it or indented below it."""
    taken = {number for node in replaced for number in range(first_line(node), last_line(node) + 1)}
    shared = {line for node in cell.tree or () if node not in replaced for line in (first_line(node), last_line(node))}
    optional: set[int] = set()
    for node in replaced:
        optional |= _comments_above(cell.lines, first_line(node)) | _comments_below(cell.lines, last_line(node))
    written = {number for number, line in enumerate(cell.lines, start=1) if line.strip()}
    # `A = 1; f(A)`: a line shared with a statement that stays is judged by the statements alone.
    return written - taken - optional - shared.intersection(taken), (optional & written) - taken


def _comments_above(lines: list[str], line: int) -> set[int]:
    found: set[int] = set()
    number = line - 1
    while number >= 1 and _COMMENT.match(lines[number - 1]) and not _DIRECTIVE.match(lines[number - 1]):
        found.add(number)
        number -= 1
    return found


def _comments_below(lines: list[str], line: int) -> set[int]:
    found: set[int] = set()
    number = line + 1
    while number <= len(lines) and (not lines[number - 1].strip() or re.match(r"\s+#", lines[number - 1])):
        found.add(number)
        number += 1
    return found


def _without(cell: CellView, imports: list[ast.stmt]) -> list[tuple[str, int]]:
    """Written lines of the cell that belong to no inserted import."""
    taken = {number for node in imports for number in range(first_line(node), last_line(node) + 1)}
    return [
        (line.rstrip(), number)
        for number, line in enumerate(cell.lines, start=1)
        if line.strip() and number not in taken
    ]
