"""`nb2mod scan`: what is repeated, what has passed the threshold, where it would go, and why the rest stays."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from nb2mod import pipeline
from nb2mod.cli import options, planfile, printing, progress
from nb2mod.cli.errors import Exit
from nb2mod.report import facts

EPILOG = """Examples:

  nb2mod scan                              the whole project

  nb2mod scan notebooks/report.ipynb       what of this notebook stands elsewhere too

  nb2mod scan --check                      for CI: exit status 1 when something is past the threshold

  nb2mod scan --output-format json | jq .summary
"""


def scan(
    paths: options.Paths = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 when something is past the threshold.")] = False,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="Write the plan, to edit and extract later.", show_default=False),
    ] = None,
    only: options.Only = None,
    ignore: options.Ignore = None,
    unsafe: options.Unsafe = False,
    here: options.Here = False,
    module: options.Module = None,
    output_format: options.OutputFormat = options.Format.text,
    config: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
) -> None:
    """Report what the notebooks repeat and which of it has passed the threshold. Writes nothing in the project."""
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
    )
    told = pipeline.recover(request.root)
    if told:
        printing.note(told)
    with progress.shown(quiet) as tell:
        report = pipeline.scan(request, tell)
    printing.print_scan(report, output_format, look)
    if plan is not None:
        count = planfile.write(plan, report)
        printing.note(f"{plan}: {count} candidates; edit it, then `nb2mod extract --plan {plan}`")
    if check and facts.past_threshold(report):
        raise typer.Exit(Exit.FOUND)
