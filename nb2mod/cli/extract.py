"""`nb2mod extract`: moves what is past the threshold and safe into the package, and makes every notebook import it."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from nb2mod import pipeline
from nb2mod.cli import asking, kernels, options, planfile, printing, progress
from nb2mod.cli.errors import Exit
from nb2mod.model import Report
from nb2mod.pipeline import Request
from nb2mod.report import facts
from nb2mod.report.ink import Look

EPILOG = """Examples:

  nb2mod extract --diff                      show every changed cell, write nothing

  nb2mod extract                             do it; `nb2mod undo` takes it back

  nb2mod extract notebooks/report.ipynb      what stands in this notebook, all its copies everywhere

  nb2mod extract --only load_scores --module dataset

  nb2mod extract --interactive               yes or no for each, with its diff
"""


def extract(
    paths: options.Paths = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show the change of every cell and write nothing.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Compute and prove everything, write nothing.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 when something would move.")
    ] = False,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Ask for each candidate, with its diff.")
    ] = False,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan", metavar="FILE", help="Apply this plan; with --dry-run, write it if new.", show_default=False
        ),
    ] = None,
    only: options.Only = None,
    ignore: options.Ignore = None,
    unsafe: options.Unsafe = False,
    here: options.Here = False,
    module: options.Module = None,
    add_dependencies: Annotated[
        bool,
        typer.Option("--add-dependencies", help="Add what new modules import to a pyproject.toml that is not ours."),
    ] = False,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Also change files with uncommitted changes.")
    ] = False,
    output_format: options.OutputFormat = options.Format.text,
    config: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
) -> None:
    """Move repeated definitions into the package and make the notebooks import them. Proved before a byte is written."""
    look = options.look(quiet=quiet, verbose=verbose, no_color=no_color)
    request = replace(
        options.project(paths, config),
        jobs=jobs,
        cache=not no_cache,
        select=tuple(only or ()),
        ignore=tuple(ignore or ()),
        unsafe=unsafe,
        here=here,
        module=module,
        add_dependencies=add_dependencies,
        allow_dirty=allow_dirty,
    )
    writes_plan = plan is not None and dry_run and not plan.exists()
    if plan is not None and not writes_plan:
        request = replace(request, choices=planfile.read(plan))
    told = pipeline.recover(request.root)
    if told:
        printing.note(told)
    with progress.shown(quiet) as tell:
        report = pipeline.extract(request, tell)
    if interactive:
        report = _asked(request, report, look)
    if not (diff or dry_run or check):
        report = _written(request, report)
    if diff and output_format is options.Format.text:
        printing.print_diff(report, look)
    if not (diff and quiet):
        printing.print_extract(report, output_format, look)
    if plan is not None and writes_plan:
        count = planfile.write(plan, report)
        printing.note(f"{plan}: {count} candidates; edit it, then `nb2mod extract --plan {plan}`")
    if check and (facts.moved(report) or facts.past_threshold(report)):
        raise typer.Exit(Exit.FOUND)


def _written(request: Request, report: Report) -> Report:
    report = pipeline.write(request, report)
    if not report.applied:
        return report
    return replace(report, notes=kernels.next_steps(report))


def _asked(request: Request, report: Report, look: Look) -> Report:
    """The report again, for the candidates that got a yes."""
    accepted = asking.ask(report, look)
    if accepted is None:
        return report
    if not accepted:
        return replace(report, changes=None, plan=None)
    return pipeline.extract(replace(request, select=accepted, ignore=()))
