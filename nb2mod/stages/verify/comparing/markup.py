"""HTML, read as a person sees it: tables as rows of cells, text as lines; and apart from that its tags and attributes."""

from collections.abc import Sequence
from html.parser import HTMLParser

from nb2mod.stages.verify.comparing.chance import CELL
from nb2mod.stages.verify.comparing.noise import Compared, compare_texts

LIMIT = 400_000  # characters; longer ones (a plot with its whole library) are compared as text, the parser being slow
UNSEEN = {"script", "style", "template", "head"}
BREAKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "caption", "hr"}


class Seen(HTMLParser):
    """What a page shows, and its markup. Unclosed and misplaced tags are taken as they come; nothing is an error."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.markup: list[str] = []
        self.tables = 0
        self._row: list[str] | None = None
        self._text: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens a row, a cell or a line, or hides what it holds."""
        self.markup.append(" ".join([tag, *(f'{name}="{value or ""}"' for name, value in attrs)]))
        self._unseen += tag in UNSEEN
        self.tables += tag == "table"
        if tag == "tr":
            self._end_row()
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._end_cell()
        elif tag in BREAKS:
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        """A tag closes a row, a cell or a line."""
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag == "tr":
            self._end_row()
        elif tag in ("td", "th") and self._row is not None:
            self._row.append(self._taken())
        elif tag in BREAKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        """Text belongs to the open cell or line; that of scripts and styles to the markup."""
        if self._unseen:
            self.markup.append(data)
        else:
            self._text.append(data)

    def close(self) -> None:
        """Ends what is still open."""
        super().close()
        self._end_row()

    def _taken(self) -> str:
        text = " ".join("".join(self._text).split())
        self._text = []
        return text

    def _end_cell(self) -> None:
        text = self._taken()
        if text and self._row is not None:
            self._row.append(text)

    def _end_row(self) -> None:
        if self._row is not None:
            self._end_cell()
            self.lines.append(CELL.join(self._row))
            self._row = None
        self._end_line()

    def _end_line(self) -> None:
        if self._row is None:
            text = self._taken()
            if text:
                self.lines.append(text)


def compare_html(olds: Sequence[str], new: str) -> tuple[str, Compared]:
    """What differs, and whether it is a "table" or "text": first what is seen, cell by cell, then tags and attributes."""
    if new in olds or max(map(len, (*olds, new))) > LIMIT:
        return "text", compare_texts(olds, new)
    pages = [_seen(text) for text in olds]
    page = _seen(new)
    what = "table" if page.tables or any(other.tables for other in pages) else "text"
    seen = compare_texts(["\n".join(other.lines) for other in pages], "\n".join(page.lines))
    if seen.differs:
        return what, seen
    marked = compare_texts(["\n".join(other.markup) for other in pages], "\n".join(page.markup))
    return "text", marked._replace(noisy=marked.noisy or seen.noisy, tired=marked.tired or seen.tired)


def _seen(text: str) -> Seen:
    page = Seen()
    page.feed(text)
    page.close()
    return page
