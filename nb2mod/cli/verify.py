"""`nb2mod verify`: runs notebooks as they were and as they are, and tells what differs."""

from nb2mod import pipeline
from nb2mod.cli import options, printing, project, run_options, running
from nb2mod.cli.errors import Exit
from nb2mod.cli.terminal import Terminal
from nb2mod.cli.usage import examples
from nb2mod.model import Ran

EPILOG = examples(
    ("nb2mod verify", "the last extraction"),
    ("nb2mod verify --against main", "a branch, for a review or CI"),
    ("nb2mod verify notebooks/a.ipynb", "one notebook"),
    ("nb2mod verify --link-data data/raw", "with data too big to be copied"),
    ("nb2mod verify --output-format json", "for scripts"),
)


def verify(
    paths: run_options.Verified = None,
    against: run_options.Against = None,
    require_verified: run_options.RequireVerified = False,
    kernel: run_options.Kernel = None,
    timeout: run_options.Timeout = run_options.CELL_SECONDS,
    notebook_timeout: run_options.NotebookTimeout = run_options.NOTEBOOK_SECONDS,
    jobs: run_options.RunJobs = 0,
    allow_effects: run_options.AllowEffects = False,
    link_data: run_options.LinkData = None,
    size_limit: run_options.SizeLimit = run_options.MEGABYTES,
    no_replay: run_options.NoReplay = False,
    output_format: run_options.OutputFormat = run_options.Format.text,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
    config: options.ConfigFile = None,
) -> int:
    """Run notebooks as they were and as they are, in copies of the project, and tell what differs. Changes nothing."""
    terminal = Terminal(quiet=quiet, verbose=verbose, no_color=no_color)
    request = project.opened(terminal, paths or (), config)
    chosen = run_options.run_options(
        kernel, timeout, notebook_timeout, jobs, allow_effects, link_data or (), size_limit, no_replay
    )
    with running.shown(terminal) as (announce, watch):
        found = pipeline.verify(request, chosen, against, announce, watch)
    printing.print_verification(found, terminal, json=output_format is run_options.Format.json)
    statuses = {one.status for one in found.outcomes}
    refused = Ran.DIFFERS in statuses or (require_verified and Ran.NOT_CHECKED in statuses)
    return Exit.REFUSED if refused or (require_verified and found.untold) else Exit.DONE
