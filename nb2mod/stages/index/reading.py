"""One file → `Features`: the cheap pass over everything. Bytes → cells → masked source → `ast`; no libcst, no nbformat.

What a cell's text says depends on the text alone, so facts are made once per distinct text (`read_cells`) and joined with
where the cells stand (`outline`, `complete`). Remembering both between runs is the store's work.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec.structs import replace

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import CellFacts, CellFeatures, Features, Heading, Masked
from nb2mod.notebook import headings_of, installs, links, mask, quick
from nb2mod.syntax import facts

_EMPTY = CellFacts()


def digest(source: str) -> bytes:
    """The key under which a cell's facts are kept: 16 bytes of BLAKE2b over its text."""
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def outline(path: str, data: bytes) -> Features:
    """Where the code cells of a notebook stand, their facts still empty. A file that is no notebook says so in `error`."""
    try:
        notebook = quick(path, data)
    except UnreadableNotebook as error:
        return Features(path, error=str(error), error_code=error.code)
    cells = tuple(
        CellFeatures(
            cell.number,
            cell.id,
            cell.source,
            digest(cell.source),
            _EMPTY,
            cell.tags,
            cell.locked,
            cell.raises,
            cell.odd,
            cell.count,
        )
        for cell in notebook.cells
        if cell.kind == "code"
    )
    return Features(
        path,
        cells,
        markdown_cells=len(notebook.cells) - len(cells),
        nbformat=notebook.nbformat,
        kernel=notebook.kernel,
        language=notebook.language,
        paired=notebook.paired,
        links=links(data),
        headings=tuple(
            Heading(cell.number, level, text)
            for cell in notebook.cells
            if cell.kind == "markdown"
            for level, text in headings_of(cell.source)
        ),
        papermill=notebook.papermill,
        stage=notebook.stage,
        misdeclared=notebook.misdeclared,
    )


def outline_module(path: str, data: bytes) -> Features:
    """A module of the team's package as one cell with number 0."""
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Features(path, kind="module", error=f"not UTF-8: {error}")
    # A module's facts must not meet those of a cell with the same text: magics mean nothing here.
    key = digest("module\0" + source)
    return Features(path, (CellFeatures(0, None, source, key, _EMPTY),), kind="module")


def read_cell(source: str) -> CellFacts:
    """The facts of one code cell."""
    masked = mask(source)
    return facts(source, masked, installs(masked))


def read_module(source: str) -> CellFacts:
    """The facts of a plain module."""
    return facts(source, Masked(source))


def read_cells(sources: Iterable[tuple[bytes, str, bool]]) -> list[tuple[bytes, CellFacts]]:
    """Facts for (digest, source, is module) triples: a batch for one worker."""
    return [(key, read_module(source) if is_module else read_cell(source)) for key, source, is_module in sources]


def complete(features: Features, known: Mapping[bytes, CellFacts]) -> Features:
    """`features` with the facts of its cells filled in."""
    if features.error:
        return features
    cells = tuple(replace(cell, facts=known[cell.digest]) for cell in features.cells)
    return replace(features, cells=cells)
