"""The text of statements whose calls got arguments: beside those, nothing was typed in, and nothing taken out."""

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from nb2mod.stages.verify.proof.cells import CellView, lines_of
from nb2mod.stages.verify.proof.trees import first_line, last_line

Edits = Sequence[tuple[ast.stmt, ast.stmt]]  # statements as they were, and as they would be


def retyped(before: CellView, after: CellView, edits: Edits, *, magics_only: bool = False) -> str:
    """What else was changed in the lines of the statements, in words; "" when nothing was. `magics_only`: comments and layout
    are nobody's business.
    """
    old, new = lines_of(before.masked.python), lines_of(after.masked.python)
    for node, now in edits:
        if len(_numbers(node)) != len(_numbers(now)):
            if not magics_only or before.masked.magics:
                return "the calls take another number of lines"
            continue
        for number, there in zip(_numbers(node), _numbers(now), strict=True):
            one, other = before.lines[number - 1], after.lines[there - 1]
            if not magics_only and "nb2mod: keep" in one:
                return f"line {number} is marked `# nb2mod: keep`"
            if not magics_only and not _only_inserted(one, other):
                return f"line {number} lost something: {other.strip()!r}"
            if before.masked.magics and _head(one, old[number - 1]) != _head(other, new[there - 1]):
                return f"line {number} runs in another way: {other.strip()!r}"
        more = Counter() if magics_only else _tokens(new, _numbers(now)) - _tokens(old, _numbers(node))
        if odd := [text for text in more if text == ";" or text.startswith("#")]:
            return f"something beside the call was typed in: {odd[0]!r}"
    return ""


def with_edits(before: CellView, after: CellView, edits: Edits) -> CellView:
    """The cell before with the lines of its edited statements as they are now."""
    lines = list(before.lines)
    for node, now in edits:
        if len(_numbers(node)) == len(_numbers(now)):
            for number, there in zip(_numbers(node), _numbers(now), strict=True):
                lines[number - 1] = after.lines[there - 1]
    return replace(before, source="\n".join(lines), given=tuple(before.tree or ()))


def _numbers(node: ast.stmt) -> range:
    return range(first_line(node), last_line(node) + 1)


def _only_inserted(old: str, new: str) -> bool:
    rest = iter(new)
    return all(character in rest for character in old)


def _head(line: str, python: str) -> str:
    """What stands before the Python of a magic's line: `%timeit -n 10 `."""
    position = line.rfind(python.strip()) if python.strip() else -1
    return line[:position] if position >= 0 else line if not python.strip() else ""


def _tokens(lines: Sequence[str], numbers: range) -> Counter[str]:
    """Every token of some lines; lines that don't stand alone count as words."""
    text = "\n".join(lines[number - 1] for number in numbers)
    try:
        return Counter(each.string for each in tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return Counter(text.split())
