"""A module's text: made new, or extended by insertion. No line that a person wrote is moved or formatted."""

import ast
from collections.abc import Sequence

from nb2mod.model import Extraction, Insertion
from nb2mod.stages.rewrite.formatting import Style
from nb2mod.stages.rewrite.imports import Imports, read_imports, written
from nb2mod.stages.rewrite.inside import with_imports_inside
from nb2mod.stages.rewrite.lines import ending_of, lines_of, newline_of, offsets_of
from nb2mod.syntax import parse

_PURPOSES = {
    "dataset": "Reads and writes data.",
    "features": "Cleans data and makes features of it.",
    "plots": "Draws plots.",
    "modeling": "Fits, applies and scores models.",
    "settings": "Values that notebooks and modules share.",
    "tools": "Small functions that notebooks share.",
}
_SAME = {"datasets": "dataset", "plotting": "plots", "models": "modeling", "model": "modeling", "toolbox": "tools"}
PACKAGE_DOCSTRING = '"""Code that the notebooks share."""\n'


def new_module(extractions: Sequence[Extraction], package: str, style: Style) -> str:
    """A whole module: docstring, imports, constants, definitions in the plan's order; all of it as black writes it."""
    imports = read_imports(text for item in extractions for text in item.imports)
    parts = [f'"""{_purpose(extractions)}"""\n', written(imports, package), _body(extractions)]
    return style.formatted("\n\n".join(part for part in parts if part))


def extended(text: str, extractions: Sequence[Extraction], package: str, style: Style) -> tuple[Insertion, ...]:
    """What is added to a module that stands: the imports it lacks below its own, the definitions at its end."""
    if text.startswith("\ufeff"):
        found = extended(text[1:], extractions, package, style)
        return tuple(Insertion(insertion.offset + 1, insertion.text) for insertion in found)
    newline = newline_of(lines_of(text))
    tree = parse(text)
    wanted = read_imports(line for item in extractions for line in item.imports).without_future()
    imports = wanted.without(_standing_imports(text, tree))
    body = style.formatted(_body(extractions))
    insertions = []
    if imports.aliases or imports.statements:
        insertions.append(_imports_inserted(text, tree, style.formatted(written(imports, package)), newline))
    insertions.append(_appended(text, body, newline))
    if len(insertions) > 1 and insertions[0].offset == len(text):
        joined = insertions[0].text + _appended(text + insertions[0].text, body, newline).text
        return (Insertion(len(text), joined),)
    return tuple(insertions)


def inserted(text: str, insertions: Sequence[Insertion]) -> str:
    """The text with all insertions."""
    for insertion in sorted(insertions, key=lambda insertion: insertion.offset, reverse=True):
        text = text[: insertion.offset] + insertion.text + text[insertion.offset :]
    return text


def _body(extractions: Sequence[Extraction]) -> str:
    constants = "".join(_source(item) for item in extractions if item.kind == "constant")
    definitions = [_source(item) for item in extractions if item.kind != "constant"]
    return "\n\n".join(part for part in (constants, *definitions) if part)


def _source(item: Extraction) -> str:
    source = item.source if item.source.endswith("\n") else item.source + "\n"
    return with_imports_inside(source, item.local_imports)


def _purpose(extractions: Sequence[Extraction]) -> str:
    said = next((item.purpose for item in extractions if item.purpose), "")
    if said:
        return said
    name = extractions[0].module.rpartition(".")[2]
    topic, _, part = name.partition("_")
    topic = _SAME.get(topic, topic)
    if topic in _PURPOSES:
        return f"{_PURPOSES[topic][:-1]}: {part}." if part and not part.isdigit() else _PURPOSES[topic]
    names = [item.name for item in extractions if item.kind != "constant"] or [item.name for item in extractions]
    rest = len(names) - 3
    told = ", ".join(names[:3]) + (f" and {rest} more" if rest > 0 else "")
    return f"Shared by notebooks: {told}."


def _standing_imports(text: str, tree: ast.Module) -> Imports:
    kept = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom | ast.Try | ast.If)]
    return read_imports(segment for node in kept if (segment := ast.get_source_segment(text, node)))


def _imports_inserted(text: str, tree: ast.Module, imports: str, newline: str) -> Insertion:
    """Below the import block, or below the docstring, or above the first statement."""
    lines = lines_of(text)
    offsets = offsets_of(lines)
    imports = imports.replace("\n", newline)
    last, below_imports = _end_of_head(tree)
    if last is None:
        if not tree.body:
            return Insertion(len(text), _after_line(text, imports, newline))
        first = tree.body[0]
        line = min([first.lineno, *(node.lineno for node in getattr(first, "decorator_list", ()))])
        while line > 1 and lines[line - 2].startswith("#") and not _is_header(lines, line - 1):
            line -= 1
        return Insertion(offsets[line - 1], imports + newline * 2)
    end = max(node.end_lineno or node.lineno for node in tree.body if node.lineno <= last)
    blank = "" if below_imports else newline
    follows = lines[end] if end < len(lines) else newline
    gap = "" if below_imports or not follows.strip() else newline
    if end == len(lines):
        return Insertion(len(text), _after_line(text, blank + imports, newline))
    return Insertion(offsets[end], blank + imports + gap)


def _is_header(lines: Sequence[str], line: int) -> bool:
    """Whether the comment on this line belongs to the file's head (shebang, coding, licence), not to a statement."""
    return all(text.startswith("#") for text in lines[:line])


def _end_of_head(tree: ast.Module) -> tuple[int | None, bool]:
    """The last line of the leading docstring and imports, and whether an import is among them."""
    last: int | None = None
    below_imports = False
    for index, node in enumerate(tree.body):
        documents = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        guarded = isinstance(node, ast.Try | ast.If) and any(
            isinstance(inner, ast.Import | ast.ImportFrom) for inner in ast.walk(node)
        )
        if not (documents or guarded or isinstance(node, ast.Import | ast.ImportFrom)):
            break
        last = node.end_lineno or node.lineno
        below_imports = below_imports or not documents
    return last, below_imports


def _after_line(text: str, added: str, newline: str) -> str:
    """Text for the very end: on a line of its own, ending as the file ended."""
    if not text or ending_of(lines_of(text)[-1]):
        return added
    return newline + added.removesuffix(newline)


def _appended(text: str, body: str, newline: str) -> Insertion:
    """Two blank lines below what stands, counting those that are there."""
    body = body.replace("\n", newline)
    if not text.strip():
        return Insertion(len(text), body)
    blank = 0
    for line in reversed(lines_of(text)):
        if line.strip():
            break
        blank += 1
    return Insertion(len(text), _after_line(text, newline * max(0, 2 - blank) + body, newline))
