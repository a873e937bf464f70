"""Cell and line → line and column of the raw file, which is where editors jump to. Reads each file once."""

from pathlib import Path

from nb2mod import notebook
from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Location, Notebook


class Positions:
    """Called with a Location. A place that can't be found, in a broken file for one, is the file's beginning."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._notebooks: dict[str, Notebook | None] = {}

    def __call__(self, location: Location) -> tuple[int, int]:
        if not location.cell:
            return max(location.line, 1), 1
        if location.path not in self._notebooks:
            self._notebooks[location.path] = self._read(location.path)
        found = self._notebooks[location.path]
        if found is None:
            return 1, 1
        try:
            return notebook.raw_line(found, location.cell, max(location.line, 1))
        except ValueError:
            return 1, 1

    def _read(self, path: str) -> Notebook | None:
        try:
            return notebook.peek(path, (self._root / path).read_bytes())
        except (OSError, UnreadableNotebook):
            return None
