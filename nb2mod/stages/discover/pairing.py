"""Which notebooks jupytext's settings pair with a text file, where no notebook says so itself (hazard F4)."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from nb2mod.notebook.metadata import paired_formats
from nb2mod.stages.discover.metadata import at

# In the order jupytext looks for them; those in other languages than TOML are searched for the one key.
_FILES = ("jupytext", ".jupytext", "jupytext.toml", ".jupytext.toml", "jupytext.yml", ".jupytext.yml", "jupytext.yaml")
_MORE = (".jupytext.yaml", "jupytext.json", ".jupytext.json", "jupytext.py", ".jupytext.py")
_KEYS = ("formats", "default_jupytext_formats")
# `md`, `py:percent`, `.nb.py`; neither another folder, a prefix, "auto" nor a table of folders.
_BESIDE = re.compile(r"(?:\w+\.)?(?:md|markdown|Rmd|qmd|py|R|r|jl)")
_KEY = re.compile(r"""^[^#\n]*?\b(?:default_jupytext_)?formats["']?\s*[:=]\s*["']?([^"'#\n]+)""", re.MULTILINE)


def pairing(root: Path, notebooks: Iterable[str]) -> dict[str, str]:
    """Notebook → the formats it is paired in, for those below a folder whose jupytext settings name several.

    The nearest settings up to the root count. Effect: reads them. Never fails: what can't be read pairs nothing.
    """
    found = {}
    known: dict[str, tuple[str, object]] = {}
    for path in notebooks:
        folder, formats = _governing(root, path.rpartition("/")[0], known)
        several = paired_formats(formats)
        if several and _matches(formats, path.removeprefix(f"{folder}/" if folder else "")):
            found[path] = several
    return found


def has_half(root: Path, path: str, formats: str) -> bool:
    """Whether a text file may stand that the formats pair a notebook with: without one there is nothing to keep in step.

    Only formats that put it beside the notebook under the same name are looked up, see `_BESIDE`; all others may. Effect: asks
    the disk.
    """
    named = [one.strip().partition(":")[0].removeprefix(".") for one in formats.split(",")]
    texts = [one for one in named if one != "ipynb"]
    if not all(_BESIDE.fullmatch(one) for one in texts):
        return True
    beside = root / path.removesuffix(".ipynb")
    return any(beside.with_name(f"{beside.name}.{one}").exists() for one in texts)


def _governing(root: Path, folder: str, known: dict[str, tuple[str, object]]) -> tuple[str, object]:
    """The nearest folder that says something of formats, and what it says."""
    if folder not in known:
        formats = _formats_in(root / folder)
        above = formats is None and folder != ""
        known[folder] = _governing(root, folder.rpartition("/")[0], known) if above else (folder, formats)
    return known[folder]


def _formats_in(folder: Path) -> object:
    for name in (*_FILES, *_MORE):
        text = _text(folder / name)
        if text is not None:
            return _formats_of(text)
    text = _text(folder / "pyproject.toml")
    return _key_of(at(_toml(text), "tool", "jupytext")) if text and "jupytext" in text else None


def _formats_of(text: str) -> object:
    formats = _key_of(_toml(text))
    if formats is not None:
        return formats
    plain = _KEY.search(text)
    return plain[1].strip() if plain else None


def _key_of(table: object) -> object:
    return next((value for key in _KEYS if (value := at(table, key)) is not None), None)


def _matches(formats: object, path: str) -> bool:
    """Whether the ipynb half of the formats stands where the notebook does: `notebooks///ipynb,scripts///py:percent`."""
    if isinstance(formats, dict):
        folders = [folder for folder, name in formats.items() if str(name).startswith("ipynb")]
    else:
        folders = [one.rpartition("///")[0] for one in re.split(r"[,;]", str(formats)) if "ipynb" in one]
    return not folders or any(path.startswith(folder.strip().strip("/")) for folder in folders)


def _toml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # numbers beyond Python's limit and deep nesting are no TOMLDecodeError
        return {}


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else None  # a device or a pipe has no end
    except (OSError, UnicodeDecodeError):
        return None
