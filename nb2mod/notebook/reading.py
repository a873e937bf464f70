"""Bytes of an .ipynb → `Notebook`, with the spans that editing needs. The cheap way without spans is `skimming`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Cell, Notebook
from nb2mod.notebook import metadata
from nb2mod.notebook.document import Document, RawCell, decode, described, scan

_CONFLICT = re.compile(rb"(?m)^(?:<{7}|>{7})[ \r\n]")


def read(path: str, data: bytes) -> Notebook:
    """The notebook in `data`; `path` is only carried along.

    Raises UnreadableNotebook: NB404 for what is no notebook, NB406 for nbformat 3 and older, NB405 when the kernel is not
    Python. A wrong type inside one cell costs that cell: it is empty, `locked`, and `odd` says why.
    """
    return _accepted(peek(path, data))


def peek(path: str, data: bytes) -> Notebook:
    """As `read`, but of any language, and of nbformat 3 and older too (without spans, so they can't be edited)."""
    text, document = _scanned(data)
    fields = document.fields
    nbformat = _integer(fields.get("nbformat"))
    if nbformat is None:
        raise UnreadableNotebook(
            "expected a Jupyter notebook, found JSON without a number called nbformat; rename or exclude it"
        )
    if nbformat > 4:
        raise UnreadableNotebook(
            f"expected nbformat 4, found {nbformat}; save it as nbformat 4, or look for a newer nb2mod"
        )
    about = _object(fields.get("metadata"))
    if nbformat < 4:
        cells = tuple(_old_cells(document))
    elif document.cells is None:
        raise UnreadableNotebook("expected a list called cells, found none; restore the notebook from an older version")
    else:
        cells = tuple(_cell(number, raw) for number, raw in enumerate(document.cells, 1))
    kernelspec = _object(about.get("kernelspec"))
    kernel = kernelspec.get("name")
    info = _object(about.get("language_info"))
    stage, misdeclared = metadata.stage_of(_object(about.get("nb2mod")).get("stage"))
    return Notebook(
        path=path,
        data=data,
        text=text,
        cells=cells,
        nbformat=nbformat,
        nbformat_minor=_integer(fields.get("nbformat_minor")) or 0,
        language=metadata.language_of(kernelspec.get("language"), kernel, info.get("name"), info.get("version")),
        kernel=kernel if isinstance(kernel, str) else None,
        paired=metadata.paired_formats(_object(about.get("jupytext")).get("formats")),
        papermill="papermill" in about,
        stage=stage,
        misdeclared=misdeclared,
    )


def make_cell(
    number: int,
    kind: str,
    source: str,
    start: int,
    end: int,
    identity: str | None,
    about: Mapping[str, Any],
    count: int | None = None,
) -> Cell:
    """A cell that could be read, its tags and lock worked out from its metadata."""
    tags = metadata.tags_of(about.get("tags"))
    lock = metadata.locked(about, source if kind == "code" else "", tags)
    return Cell(number, kind, source, start, end, identity, tags, lock, "raises-exception" in tags, None, count)


def _accepted(notebook: Notebook) -> Notebook:
    if notebook.nbformat < 4:
        found = f"expected nbformat 4, found {notebook.nbformat}"
        raise UnreadableNotebook(f"{found}; upgrade it with: jupyter nbconvert --to notebook --inplace", "NB406")
    if notebook.language == "python 2":
        raise UnreadableNotebook(
            "expected a Python 3 kernel, found Python 2; left out (when it runs in Python 3, choose that kernel and save it)",
            "NB405",
        )
    if notebook.language != "python":
        raise UnreadableNotebook(f"expected a Python kernel, found {notebook.language}; left out", "NB405")
    return notebook


def _scanned(data: bytes) -> tuple[str, Document]:
    try:
        text = decode(data)
        return text, scan(text)
    except UnicodeDecodeError as error:
        where = f"byte {error.start} is not UTF-8"
        raise UnreadableNotebook(f"expected UTF-8 text, found otherwise ({where}); save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise UnreadableNotebook(_broken(data, error)) from None
    except ValueError as error:
        raise UnreadableNotebook(f"expected a Jupyter notebook: {error}; rename or exclude it") from None
    except RecursionError:
        raise UnreadableNotebook("expected a Jupyter notebook, found JSON nested too deeply; exclude it") from None


def _broken(data: bytes, error: json.JSONDecodeError) -> str:
    if not data.strip():
        return "expected a Jupyter notebook, found an empty file; delete or exclude it"
    if data.startswith(b"version https://git-lfs"):
        return "expected a Jupyter notebook, found a Git LFS pointer; run git lfs pull"
    if _CONFLICT.search(data):
        return "expected a Jupyter notebook, found the marks of a merge conflict; resolve it"
    where = f"{error.msg}: line {error.lineno}, column {error.colno}"
    return f"expected JSON, found it broken ({where}); restore the notebook from an older version"


def _cell(number: int, raw: RawCell) -> Cell:
    fields = raw.fields
    if fields is None:
        return _odd(number, "", "the cell is no JSON object")
    kind = fields.get("cell_type")
    if not isinstance(kind, str):
        return _odd(number, "", "its cell_type is missing" if kind is None else f"its cell_type is {described(kind)}")
    if "source" not in fields:
        return _odd(number, kind, "it has no source")
    value = fields["source"]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        source = "".join(value)
    elif isinstance(value, str):
        source = value
    else:
        return _odd(number, kind, f"its source is {described(value)}, not text")
    identity = fields.get("id")
    start, end = raw.spans["source"]
    about = _object(fields.get("metadata"))
    count = counter(_integer(fields.get("execution_count")))
    return make_cell(number, kind, source, start, end, identity if isinstance(identity, str) else None, about, count)


def counter(count: int | None) -> int | None:
    """A saved execution counter as it may be: no kernel counts below 0, or past what 32 bits hold."""
    return count if count is not None and 0 <= count < 2**31 else None


def _odd(number: int, kind: str, reason: str) -> Cell:
    return Cell(number, kind, "", locked=reason, odd=reason)


def _old_cells(document: Document) -> Iterator[Cell]:
    """Cells of nbformat 3 (worksheets, code under `input`) and of older ones, as far as they have the right types."""
    sheets = document.fields.get("worksheets")
    found = [raw.fields for raw in document.cells or ()]
    for sheet in sheets if isinstance(sheets, list) else ():
        inside = _object(sheet).get("cells")
        found.extend(inside if isinstance(inside, list) else ())
    for number, fields in enumerate(found, 1):
        cell = _object(fields)
        value = cell.get("input", cell.get("source", ""))
        lines = value if isinstance(value, list) else [value]
        source = "".join(line for line in lines if isinstance(line, str))
        kind = cell.get("cell_type")
        yield make_cell(
            number, kind if isinstance(kind, str) else "", source, 0, 0, None, _object(cell.get("metadata"))
        )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _integer(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
