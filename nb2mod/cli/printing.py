"""What commands give out: reports in the format asked for, and plan files.

Each format is imported when it is asked for: a warm scan would feel the others.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from nb2mod.cli.options import Format
from nb2mod.cli.terminal import Terminal
from nb2mod.errors import UsageError
from nb2mod.model import Candidate, Choice, Report, Verification


def print_scan(report: Report, output: Format, terminal: Terminal) -> None:
    """What scan found."""
    if output is Format.json:
        from nb2mod.report import as_json

        terminal.result(as_json.render_scan(report))
    elif output is Format.editor:
        terminal.result(_editor_lines(report, terminal))
    else:
        from nb2mod.report import text

        terminal.result(text.render_scan(report, terminal.look))


def print_explained(report: Report, found: Sequence[Candidate], output: Format, terminal: Terminal) -> None:
    """The whole reckoning of candidates."""
    if output is Format.json:
        from nb2mod.report import as_json

        terminal.result(as_json.render_explained(report, found))
    else:
        from nb2mod.report import explaining

        terminal.result("\n".join(explaining.render(report, one, terminal.look) for one in found))


def print_extract(report: Report, output: Format, terminal: Terminal, *, written: bool) -> None:
    """What extract did, or, not `written`, would do."""
    if output is Format.json:
        from nb2mod.report import as_json

        terminal.result(as_json.render_extract(report))
    elif output is Format.editor:
        terminal.result(_editor_lines(report, terminal))
    else:
        from nb2mod.report import text

        terminal.result(text.render_extract(report, terminal.look, written=written))


def print_verification(found: Verification, terminal: Terminal, *, json: bool) -> None:
    """What verify found."""
    if json:
        from nb2mod.report import as_json

        terminal.result(as_json.render_verify(found))
    else:
        from nb2mod.report import runs

        terminal.result(runs.render_verify(found, terminal.look))


def print_diff(report: Report, terminal: Terminal) -> None:
    """Every change, per cell, on stdout; what it comes to, on stderr."""
    from nb2mod.report import diff, runs, summing

    if report.changes is not None:
        terminal.result(diff.render(report.changes, terminal.look.ink))
    back = summing.taken_back(report)
    for line in summing.outcome(report, written=False):
        if line not in back:
            terminal.note(line)
    if report.outcomes:
        terminal.note(f"{runs.counted(report.outcomes)}.")
    tell_taken_back(report, terminal)


def tell_taken_back(report: Report, terminal: Terminal) -> None:
    """Effect: what was to move and stays, on stderr: how many, quiet or not; then which."""
    from nb2mod.report import summing

    for number, line in enumerate(summing.taken_back(report)):
        (terminal.note if number else terminal.warn)(line)


def refuse_existing_plan(path: Path) -> None:
    """Raises UsageError when there is a file: a person may have edited it."""
    if os.path.lexists(path):
        raise UsageError(f"{path}: there is a file already; --force writes over it, `nb2mod extract --plan` applies it")


def write_plan(path: Path, report: Report, terminal: Terminal) -> None:
    """Effect: writes the plan file, and says what can be done with it."""
    from nb2mod.cli import planfile
    from nb2mod.report.words import count

    told = count(planfile.write(path, report), "candidate")
    terminal.note(f"{path}: {told}; edit apply, module and name, then `nb2mod extract --plan {path}`")


def read_plan(path: Path) -> tuple[Choice, ...]:
    """What a plan file chooses. Raises UsageError for a file that is none."""
    from nb2mod.cli import planfile

    return planfile.read(path)


def _editor_lines(report: Report, terminal: Terminal) -> str:
    """Findings by their place in the raw files as they are on disk now. Effect: reads those files."""
    from nb2mod.cli.positions import Positions
    from nb2mod.report import editor

    return editor.render(report, Positions(Path(report.root)), verbose=terminal.look.verbose)
