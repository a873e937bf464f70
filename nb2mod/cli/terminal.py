"""The two streams: results on stdout, notes on stderr; when they are coloured, how wide they are, what if nobody reads on."""

import os
import shutil
import sys
from typing import TextIO

from nb2mod.report.ink import Ink, Look, clean

_NARROWEST, _WIDEST = 40, 100


class Terminal:
    """What a command prints with. `look` is how its text on stdout should look."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False, no_color: bool = False) -> None:
        for stream in (sys.stdout, sys.stderr):
            _accept_any_text(stream)
        self.quiet = quiet
        self._no_color = no_color
        # A right margin further out than this is no longer seen as belonging to its line.
        width = min(max(shutil.get_terminal_size((80, 24)).columns, _NARROWEST), _WIDEST)
        self.look = Look(Ink(coloured(sys.stdout, no_color=no_color)), width, verbose, quiet)

    def result(self, text: str) -> None:
        """Effect: writes to stdout. When the reader went away (`| head`), the rest is dropped and the work goes on."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            _drop(sys.stdout)

    def note(self, sentence: str) -> None:
        """Effect: one line on stderr, unless quiet."""
        if not self.quiet:
            self.warn(sentence)

    def warn(self, sentence: str) -> None:
        """Effect: one line on stderr, quiet or not: for what changes the exit status or the files."""
        try:
            sys.stderr.write(f"nb2mod: {clean(sentence)}\n")
        except BrokenPipeError:
            _drop(sys.stderr)

    @property
    def shows_progress(self) -> bool:
        return not self.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def colours_progress(self) -> bool:
        return coloured(sys.stderr, no_color=self._no_color)


def coloured(stream: TextIO, *, no_color: bool = False) -> bool:
    """--no-color, then NO_COLOR, then FORCE_COLOR (0 is no), then whether it is a terminal that knows colours."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR")
    if forced:
        return forced != "0"
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _accept_any_text(stream: TextIO) -> None:
    """A character that the terminal's encoding lacks is shown as an escape, not raised as an error."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _drop(stream: TextIO) -> None:
    """Sends what is still to come to nowhere: the interpreter flushes at its end and would complain of the closed pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
