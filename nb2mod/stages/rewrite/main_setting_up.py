"""What a notebook sets before it imports something: the head of a module would import it first."""

import ast
from collections.abc import Iterator, Sequence

from nb2mod.model import Reason
from nb2mod.stages.rewrite.imports import THIRD, Alias, read_imports, section_of
from nb2mod.stages.rewrite.main_statements import CODE, Piece

# What an import may look at while it runs.
_SETTINGS = ("os.environ", "os.putenv", "os.chdir", "sys.path", "sys.modules", "matplotlib.use")
_ONLY_READS = ("os.environ.get", "os.environ.items", "os.environ.keys", "os.environ.values", "os.environ.copy")


def set_up_too_late(pieces: Sequence[Piece], head: Sequence[str]) -> Iterator[Reason]:
    """Imports that stand at the head of the module, and in the notebook below something that they may look at."""
    brought = {alias.binding for alias in read_imports(head).aliases if section_of(alias) == THIRD}
    setting = ""
    for piece in pieces:
        if piece.kind == "import" and setting:
            node = piece.nodes[0]
            for alias in _aliases(node):
                if alias.binding in brought:
                    message = f"imports {alias.source} after {setting}, and the module does so before"
                    yield Reason(CODE, message, "note", piece.place)
        elif piece.kind in ("statement", "shown"):
            setting = setting or _setting(piece)


def _aliases(node: ast.stmt) -> Iterator[Alias]:
    if isinstance(node, ast.Import):
        yield from (Alias(None, alias.name, alias.asname) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (Alias("." * node.level + (node.module or ""), alias.name, alias.asname) for alias in node.names)


def _setting(piece: Piece) -> str:
    """What a statement may set that an import looks at: the call or target, as written."""
    for node in piece.nodes:
        looked_up = {
            id(inner.value)
            for inner in ast.walk(node)
            if (isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Load))
            or (isinstance(inner, ast.Attribute) and ast.unparse(inner) in _ONLY_READS)
        }
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and id(inner) not in looked_up:
                text = ast.unparse(inner)
                if text.startswith(_SETTINGS) and text not in _ONLY_READS:
                    return f"`{text}` is used (cell {piece.place.cell})"
    return ""
