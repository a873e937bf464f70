"""Notebooks and projects for the tests of running: written in a line, read back as a person would."""

import json
from pathlib import Path
from typing import Any

from nb2mod import notebook
from nb2mod.model import Notebook

Source = str | tuple[str, list[str]]


def ipynb(*cells: Source, kernel: str | None = "python3", ids: bool = True, **about: Any) -> bytes:
    """A notebook of code cells; a pair is a source and its tags; a source that begins with `#md` is Markdown."""
    metadata = ({"kernelspec": {"name": kernel, "language": "python"}} if kernel else {}) | about
    made = []
    for number, cell in enumerate(cells):
        source, tags = cell if isinstance(cell, tuple) else (cell, [])
        kind = "markdown" if source.startswith("#md") else "code"
        one: dict[str, Any] = {"cell_type": kind, "metadata": {"tags": tags} if tags else {}, "source": source}
        if ids:
            one["id"] = f"c{number}"
        made.append(one | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    minor = 5 if ids else 4
    return json.dumps({"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": made}).encode()


def read(*cells: Source, **about: Any) -> Notebook:
    return notebook.read("a.ipynb", ipynb(*cells, **about))


def lay(root: Path, files: dict[str, bytes | str]) -> Path:
    """Write a project's files below `root`."""
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def picture(root: Path) -> dict[str, tuple[str, bytes | str]]:
    """Everything below `root`: kind and contents by path. Two equal pictures are the same tree."""
    found: dict[str, tuple[str, bytes | str]] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = ("link", str(path.readlink()))
        elif path.is_dir():
            found[name] = ("folder", "")
        else:
            found[name] = ("file", path.read_bytes())
    return found
