"""The cheap pass over a notebook's bytes: cells without spans, and links. Every scan of every file goes through here.

msgspec decodes the few fields that matter and leaps over outputs. Whatever does not fit the types falls back to `reading`,
which answers for odd files. Both give the same cells; tests hold them together.
"""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from nb2mod.model import Cell, Notebook
from nb2mod.notebook import metadata
from nb2mod.notebook.document import BOM
from nb2mod.notebook.reading import counter, make_cell, read

_LINKS = ((b"colab.research.google.com", "colab"), (b"mybinder.org", "binder"))


class _CellMetadata(Struct, frozen=True, gc=False):
    tags: Any = None
    nbgrader: Any = None
    editable: Any = None
    cellView: Any = None  # noqa: N815 - the key's own spelling


_NO_METADATA = _CellMetadata()


class _Cell(Struct, frozen=True, gc=False):
    cell_type: str
    source: str | list[str]
    metadata: _CellMetadata = _NO_METADATA
    id: str | None = None
    execution_count: int | None = None


class _Kernelspec(Struct, frozen=True, gc=False):
    name: str | None = None
    language: str | None = None


class _LanguageInfo(Struct, frozen=True, gc=False):
    name: str | None = None
    version: Any = None


class _Jupytext(Struct, frozen=True, gc=False):
    formats: str | None = None


class _Nb2mod(Struct, frozen=True, gc=False):
    stage: Any = None


class _Metadata(Struct, frozen=True, gc=False):
    kernelspec: _Kernelspec = _Kernelspec()
    language_info: _LanguageInfo = _LanguageInfo()
    jupytext: _Jupytext = _Jupytext()
    papermill: msgspec.Raw | UnsetType = UNSET
    nb2mod: _Nb2mod = _Nb2mod()


class _Notebook(Struct, frozen=True, gc=False):
    cells: list[_Cell]
    nbformat: int
    nbformat_minor: int = 0
    metadata: _Metadata = _Metadata()


_DECODER = msgspec.json.Decoder(_Notebook)


def quick(path: str, data: bytes) -> Notebook:
    """What `read` gives and raises, but `text` is "" and no cell has a span. About a tenth of its time."""
    try:
        found = _DECODER.decode(_checked(data))
    except (ValueError, RecursionError):  # msgspec's errors and UnicodeDecodeError are ValueErrors
        return _without_spans(read(path, data))
    about = found.metadata
    kernel = about.kernelspec.name
    info = about.language_info
    language = metadata.language_of(about.kernelspec.language, kernel, info.name, info.version)
    if found.nbformat != 4 or language != "python":
        return _without_spans(read(path, data))
    stage, misdeclared = metadata.stage_of(about.nb2mod.stage)
    return Notebook(
        path=path,
        data=data,
        text="",
        cells=tuple([_cell(number, cell) for number, cell in enumerate(found.cells, 1)]),
        nbformat=4,
        nbformat_minor=found.nbformat_minor,
        language=language,
        kernel=kernel,
        paired=metadata.paired_formats(about.jupytext.formats),
        papermill=about.papermill is not UNSET,
        stage=stage,
        misdeclared=misdeclared,
    )


def links(data: bytes) -> tuple[str, ...]:
    """Which services the file has links to: "colab", "binder". Looks at the raw bytes, outputs included."""
    return tuple([name for address, name in _LINKS if address in data])


def _checked(data: bytes) -> bytes:
    """The bytes without byte order mark. Raises UnicodeDecodeError: msgspec does not look inside strings it leaps over."""
    if not data.isascii():
        data.decode("utf-8")
        return data.removeprefix(BOM)
    return data


def _cell(number: int, cell: _Cell) -> Cell:
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    about, count = cell.metadata, counter(cell.execution_count)
    if about == _NO_METADATA:  # nearly every cell
        lock = metadata.locked({}, source, ()) if cell.cell_type == "code" and "@param" in source else None
        return Cell(number, cell.cell_type, source, 0, 0, cell.id, (), lock, False, None, count)
    return make_cell(number, cell.cell_type, source, 0, 0, cell.id, msgspec.structs.asdict(about), count)


def _without_spans(notebook: Notebook) -> Notebook:
    cells = tuple(msgspec.structs.replace(cell, start=0, end=0) for cell in notebook.cells)
    return msgspec.structs.replace(notebook, cells=cells, text="")
