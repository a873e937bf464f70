"""What a run sees of the disk: the files discover found, or the same with changes laid over them."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from nb2mod.model import Found


class Tree(Struct, frozen=True):
    """The files of one run. `overlay` are bytes that stand in the place of a file's, by path: with it the result of an
    extraction can be scanned before a byte is written.
    """

    root: Path
    found: Found
    overlay: Mapping[str, bytes] = {}

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None when there is no such file, or it can't be read. Effect: reads the file."""
        if path in self.overlay:
            return self.overlay[path]
        try:
            place = self.root / path
            return place.read_bytes() if place.is_file() else None  # a link to a device, or a pipe, has no end
        except (OSError, ValueError):
            return None
