"""Reports on stdout, in the format asked for; notes on stderr."""

import sys
from functools import cache
from pathlib import Path

from nb2mod.cli.options import Format
from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Location, Notebook, Report
from nb2mod.report.ink import Look


def print_scan(report: Report, output: Format, look: Look) -> None:
    """What scan found."""
    if output is Format.json:
        from nb2mod.report import as_json

        _put(as_json.render_scan(report))
    elif output is Format.editor:
        _put_editor(report, look)
    else:
        from nb2mod.report import text

        _put(text.render_scan(report, look))


def print_extract(report: Report, output: Format, look: Look) -> None:
    """What extract did or would do."""
    if output is Format.json:
        from nb2mod.report import as_json

        _put(as_json.render_extract(report))
    elif output is Format.editor:
        _put_editor(report, look)
    else:
        from nb2mod.report import text

        _put(text.render_extract(report, look))


def print_diff(report: Report, look: Look) -> None:
    """Every change, per cell."""
    from nb2mod.report import diff

    if report.changes is not None:
        _put(diff.render(report.changes, look.ink))


def note(sentence: str) -> None:
    """One line for the person, beside the results."""
    from nb2mod.report.ink import clean

    print(clean(sentence), file=sys.stderr)


def _put(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def _put_editor(report: Report, look: Look) -> None:
    from nb2mod.report import editor

    root = Path(report.root)

    @cache
    def notebook(path: str) -> Notebook | None:
        from nb2mod.notebook import read

        try:
            return read(path, (root / path).read_bytes())
        except (OSError, UnreadableNotebook):
            return None

    def locate(location: Location) -> tuple[int, int]:
        from nb2mod.notebook import raw_line

        found = notebook(location.path) if location.cell else None
        if found is None:
            return max(location.line, 1), 1
        return raw_line(found, location.cell, max(location.line, 1))

    _put(editor.render(report, locate, verbose=look.verbose))
