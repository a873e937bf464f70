"""A notebook as nbclient wants it: an nbformat node in memory, made from what was read. Nothing is ever written from it."""

from typing import Any

from nb2mod.model import Notebook


def as_node(notebook: Notebook) -> Any:
    """A fresh NotebookNode with the notebook's cells, one for one: kind, source, tags; no outputs, no other metadata.

    Line ends are those that front ends send to kernels. Loads nbformat on the first call.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nbformat import from_dict

    cells: list[dict[str, Any]] = []
    for cell in notebook.cells:
        about: dict[str, Any] = {"cell_type": cell.kind or "raw", "metadata": {"tags": list(cell.tags)}}
        source = cell.source.replace("\r\n", "\n")
        cells.append(
            about | {"source": source} | ({"outputs": [], "execution_count": None} if cell.kind == "code" else {})
        )
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})  # type: ignore[no-untyped-call]
