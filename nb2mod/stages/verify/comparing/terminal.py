"""What a person sees of a text that drives a terminal: carriage returns, backspaces, cursor up and colours are carried out.

A progress bar writes a hundred times over the same line; only what stands there at the end is compared.
"""

import re

ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
MOVES = re.compile(r"\x1b\[(\d*)([ABK])|([\r\n\x08])")
ROWS_UP = 1000  # no screen is higher; a larger jump is not a progress bar's


def shown(text: str) -> str:
    """`text` as it stands on the screen at the end. Text without control characters comes back as it is."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\x1b" in text:
        if "\x1b[A" in text or re.search(r"\x1b\[\d+A", text):
            return _on_screen(text)
        text = ESCAPE.sub("", text)
    if "\r" in text or "\x08" in text:
        return "\n".join(_overwritten(line) if "\r" in line or "\x08" in line else line for line in text.split("\n"))
    return text


def _overwritten(line: str) -> str:
    """One line after its carriage returns and backspaces: what is written later stands over what was there."""
    row: list[str] = []
    for part in line.split("\r"):
        column = 0
        for number, piece in enumerate(part.split("\x08")):
            column = max(0, column - 1) if number else 0
            row[column : column + len(piece)] = piece
            column += len(piece)
    return "".join(row)


def _on_screen(text: str) -> str:
    """As `shown`, for text that also moves up: several progress bars under each other."""
    rows: list[list[str]] = [[]]
    row, column, start = 0, 0, 0
    for move in MOVES.finditer(text):
        column = _written(rows[row], column, ESCAPE.sub("", text[start : move.start()]))
        start = move.end()
        count, letter, char = move.groups()
        if char == "\n" or letter == "B":
            row, column = row + 1, 0 if char else column
            if row == len(rows):
                rows.append([])
        elif char == "\r":
            column = 0
        elif char == "\x08":
            column = max(0, column - 1)
        elif letter == "A":
            row = max(0, row - min(int(count[:4] or 1), ROWS_UP))
        elif letter == "K":
            _erased(rows[row], column, count)
    _written(rows[row], column, ESCAPE.sub("", text[start:]))
    return "\n".join("".join(line) for line in rows)


def _written(line: list[str], column: int, text: str) -> int:
    if text and len(line) < column:
        line += " " * (column - len(line))
    line[column : column + len(text)] = text
    return column + len(text)


def _erased(line: list[str], column: int, how: str) -> None:
    """To the end of the line, from its beginning, or all of it."""
    if how == "1":
        line[:column] = " " * min(column, len(line))
    else:
        del line[0 if how == "2" else column :]
