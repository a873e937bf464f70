"""The copies of one candidate: their text, which of them is kept, and what the others lose by it."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from nb2mod.model import Features, Member
from nb2mod.notebook import is_directive
from nb2mod.stages.plan.reading import definition_in, lines_of, parsed
from nb2mod.syntax.strings import walk

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Fields in which a definition spells identifiers of its own; attributes and imported modules are not among them.
_SPELLED = ("id", "arg", "name", "rest", "asname", "names")


class Copy(Struct, frozen=True):
    """One copy as it stands in its cell. `text` is what travels: attached comments, decorators, body, its last comments."""

    member: Member
    path: str
    cell: int
    cell_id: str | None
    top: int
    line: int
    end_line: int
    name: str
    slots: tuple[str, ...]
    text: str
    core: str  # `text` without the comments above, trailing blanks removed: what "the same text" means

    @property
    def place(self) -> tuple[str, int, int]:
        """What copies are ordered by, whatever order the notebooks came in."""
        return self.path, self.cell, self.line


def copy_of(features: Sequence[Features], member: Member) -> Copy:
    """The copy a member points at."""
    file = features[member.file]
    cell = file.cells[member.cell]
    definition = cell.facts.definitions[member.definition]
    lines = lines_of(cell.source)
    above = range(definition.top, definition.line)
    top = max((line + 1 for line in above if is_directive(lines[line - 1])), default=definition.top)
    end = _end_with_comments(lines, definition.end_line)
    return Copy(
        member=member,
        path=file.path,
        cell=cell.number,
        cell_id=cell.id,
        top=top,
        line=definition.line,
        end_line=end,
        name=definition.name,
        slots=definition.slots,
        text="\n".join(lines[top - 1 : end]) + "\n",
        core="\n".join(line.rstrip() for line in lines[definition.line - 1 : definition.end_line]),
    )


def _end_with_comments(lines: Sequence[str], end: int) -> int:
    """Indented comments below the last statement belong to the body, though no syntax tree says so."""
    last = end
    for number in range(end, len(lines)):
        line = lines[number]
        if line.strip() and not (line[0] in " \t" and line.strip().startswith("#")):
            break
        if line.strip():
            last = number + 1
    return last


def ranked(copies: Sequence[Copy]) -> list[Copy]:
    """One copy per different text, the one to keep first: most frequent, then with a docstring, then by path."""
    counts = Counter(copy.core for copy in copies)
    ordered = sorted(copies, key=lambda copy: (-counts[copy.core], not _is_documented(copy.core), copy.place))
    first: dict[str, Copy] = {}
    for copy in ordered:
        first.setdefault(copy.core, copy)
    return list(first.values())


def lost(copy: Copy, kept: Copy) -> tuple[str, ...]:
    """What of a copy is not in the one that is kept: "docstring", "annotations", "comments"."""
    if copy.text == kept.text:
        return ()
    mine, other = _tree(copy), _tree(kept)
    found = []
    if _docstrings(mine) and _docstrings(mine) != _docstrings(other):
        found.append("docstring")
    if _annotations(mine) and _annotations(mine) != _annotations(other):
        found.append("annotations")
    if set(_comments(copy.text)) - set(_comments(kept.text)):
        found.append("comments")
    return tuple(found)


def renames(copy: Copy, kept: Copy) -> tuple[tuple[str, str], ...]:
    """The copy's identifiers and the kept copy's, where they differ; the definition's own name among them."""
    if copy.core == kept.core:
        return ()
    mine, other = definition_in(_tree(copy)), definition_in(_tree(kept))
    if mine is None or other is None:
        return ()
    pairs = dict.fromkeys(pair for pair in _paired(mine, other) if pair[0] != pair[1])
    return tuple(pairs)


def _tree(copy: Copy) -> ast.Module | None:
    return parsed(copy.text)


_MAY_BE_DOCUMENTED = re.compile(r"(?m)(?:^|:)[ \t]*[rRuU]?[\"']|\\$")


@lru_cache(maxsize=4096)
def _is_documented(text: str) -> bool:
    # No line starts with a string: then there is no docstring, and nothing to parse. Most definitions end here.
    return _MAY_BE_DOCUMENTED.search(text) is not None and bool(_docstrings(parsed(text)))


def _docstrings(tree: ast.Module | None) -> list[str]:
    nodes = (node for node in walk(tree) if isinstance(node, _DEFINITIONS)) if tree else ()
    return [text for node in nodes if (text := ast.get_docstring(node)) is not None]


def _annotations(tree: ast.Module | None) -> list[str]:
    found = []
    for node in walk(tree) if tree else ():
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            found.append(ast.unparse(node.annotation))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            found.append(ast.unparse(node.returns))
    return found


def _comments(text: str) -> list[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [token.string.lstrip("# ").rstrip() for token in tokens if token.type == tokenize.COMMENT]


def _paired(mine: ast.AST, other: ast.AST) -> Iterator[tuple[str, str]]:
    """Walks two trees of one shape side by side, past docstrings and annotations."""
    for field in mine._fields:
        left, right = getattr(mine, field, None), getattr(other, field, None)
        if field in ("annotation", "returns", "type_comment"):
            continue
        if isinstance(left, str) and isinstance(right, str):
            if field in _SPELLED or (field == "arg" and isinstance(mine, ast.keyword)):
                yield left, right
        elif isinstance(left, ast.AST) and isinstance(right, ast.AST):
            yield from _paired(left, right)
        elif isinstance(left, list) and isinstance(right, list):
            yield from _paired_lists(mine, _body(mine, field, left), _body(other, field, right))


def _paired_lists(owner: ast.AST, mine: list[object], other: list[object]) -> Iterator[tuple[str, str]]:
    for left, right in zip(mine, other, strict=False):
        if isinstance(left, ast.AST) and isinstance(right, ast.AST):
            yield from _paired(left, right)
        elif isinstance(left, str) and isinstance(right, str) and isinstance(owner, ast.Global | ast.Nonlocal):
            yield left, right


def _body(node: ast.AST, field: str, values: list[object]) -> list[object]:
    """A suite without its docstring, an annotated assignment seen as a plain one."""
    documented = field == "body" and isinstance(node, _DEFINITIONS) and ast.get_docstring(node, clean=False) is not None
    return [_plain(value) for value in (values[1:] if documented else values)]


def _plain(value: object) -> object:
    if isinstance(value, ast.AnnAssign) and value.value is not None:
        return ast.Assign(targets=[value.target], value=value.value)
    return value
