"""Text by lines, as `ast` counts them: \\r\\n, \\r and \\n end a line, form feeds and Unicode separators do not."""

import re

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines_of(text: str) -> list[str]:
    """The lines with their ends."""
    return _LINE.findall(text)


def offsets_of(lines: list[str]) -> list[int]:
    """Where each line begins, and where the text ends."""
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    return offsets


def ending_of(line: str) -> str:
    """The line's end: "" for a last line without one."""
    return line[len(line.rstrip("\r\n")) :]


def newline_of(lines: list[str]) -> str:
    """How the text ends its lines, told by the first; "\\n" when no line has an end."""
    return next((ending for line in lines if (ending := ending_of(line))), "\n")
