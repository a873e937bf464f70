"""What a terminal printed, as a picture: text with ANSI colours → SVG. Running commands lives in printed.py.

Letters are placed by column, so lines keep their shape whatever monospaced font the reader has; nothing is fetched.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

COLUMNS = 80
CELL, LINE, SIZE = 8.4, 19, 14  # width of a letter, height of a line, height of the font; pixels
MARGIN, BAR = 20, 40
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

PAPER, BAR_COLOUR, TEXT, BRIGHT, FAINT = "#0f1419", "#1a2028", "#c5cdd9", "#ffffff", "#7d8796"
COLOURS = {31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 36: "#79c0ff"}
DOTS = ("#ff5f57", "#febc2e", "#28c840")

_STYLE = re.compile(r"\x1b\[([\d;]*)m")


class Run(NamedTuple):
    """Letters of one style, and the column they begin at."""

    column: int
    text: str
    styles: frozenset[int]


def draw(title: str, text: str) -> str:
    """An SVG of a terminal window that shows `text`, as wide as the longest line but at least 80 columns."""
    lines = [list(_runs(line)) for line in text.rstrip("\n").split("\n")]
    columns = max(COLUMNS, *(line[-1].column + len(line[-1].text) for line in lines if line))
    width, height = round(2 * MARGIN + columns * CELL), BAR + len(lines) * LINE + MARGIN
    body = [_drawn(run, BAR + 6 + (number + 0.5) * LINE) for number, line in enumerate(lines) for run in line]
    return "\n".join([*_frame(title, width, height), *filter(None, body), "</g>", "</svg>", ""])


def _runs(line: str) -> Iterator[Run]:
    column, styles = 0, frozenset[int]()
    for position, part in enumerate(_STYLE.split(line)):
        if position % 2:
            codes = [int(code or 0) for code in part.split(";")]
            styles = frozenset() if codes == [0] else styles | set(codes)
        elif part:
            yield Run(column, part, styles)
            column += len(part)


def _drawn(run: Run, y: float) -> str:
    text = run.text.rstrip(" ")
    lead = len(text) - len(text.lstrip(" "))
    text = text.lstrip(" ")
    if not text:
        return ""
    x = MARGIN + (run.column + lead) * CELL
    bold = ' font-weight="600"' if 1 in run.styles else ""
    length = f'textLength="{len(text) * CELL:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {length} fill="{_colour(run)}"{bold}>{escape(text, quote=False)}</text>'


def _colour(run: Run) -> str:
    known = [COLOURS[style] for style in sorted(run.styles) if style in COLOURS]
    return known[0] if known else BRIGHT if 1 in run.styles else FAINT if 2 in run.styles else TEXT


def _frame(title: str, width: int, height: int) -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{width}" height="{height}" rx="10" fill="{PAPER}"/>'
    yield f'<path d="M0 {BAR - 10}V10a10 10 0 0 1 10-10h{width - 20}a10 10 0 0 1 10 10v{BAR - 20}z" fill="{BAR_COLOUR}"/>'
    for number, colour in enumerate(DOTS):
        yield f'<circle cx="{20 + 20 * number}" cy="{(BAR - 10) / 2:g}" r="6" fill="{colour}"/>'
    yield f'<g font-family="{FONT}" font-size="{SIZE}" xml:space="preserve">'
    middle, base = width / 2, (BAR - 10) / 2 + 4.5
    yield f'<text x="{middle:g}" y="{base:g}" text-anchor="middle" font-size="13" fill="{FAINT}">{escape(title)}</text>'
