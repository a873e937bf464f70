"""`nb2mod scan`: what notebooks repeat, what may move and where to, and why the rest stays. Writes nothing in the project."""

from msgspec.structs import replace

from nb2mod import pipeline
from nb2mod.cli import baseline as baselines
from nb2mod.cli import explaining, options, printing, project
from nb2mod.cli.errors import Exit
from nb2mod.cli.progress import meter
from nb2mod.cli.terminal import Terminal
from nb2mod.cli.usage import examples
from nb2mod.report import facts

EPILOG = examples(
    ("nb2mod scan", "the whole project"),
    ("nb2mod scan notebooks/sales.ipynb -v", "what of it stands elsewhere too"),
    ("nb2mod scan --check -q", "for CI: status 1 past the threshold"),
    ("nb2mod scan --baseline known.json", "for CI: status 1 only for what is new"),
    ("nb2mod scan --only 'load_*'", "what is called load_…"),
    ("nb2mod scan --explain load_scores", "the whole reckoning of one candidate"),
    ("nb2mod scan --plan plan.json", "a plan, to edit and extract later"),
    ("nb2mod scan --output-format json", "for scripts"),
)


def scan(
    paths: options.Paths = None,
    only: options.Only = None,
    ignore: options.Ignore = None,
    here: options.Here = False,
    unsafe: options.Unsafe = False,
    module: options.Module = None,
    plan: options.WrittenPlan = None,
    force: options.Force = False,
    explain: options.Explain = None,
    check: options.Check = False,
    baseline: options.Baseline = None,
    write_baseline: options.WrittenBaseline = None,
    output_format: options.OutputFormat = options.Format.text,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
    config: options.ConfigFile = None,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
) -> int:
    """Show what notebooks repeat, what may move and where to, and why the rest stays. Writes nothing in the project."""
    terminal = Terminal(quiet=quiet, verbose=verbose, no_color=no_color)
    project.refuse_here_alone(paths, here=here)
    explaining.refuse_lines(output_format, explain)
    if plan is not None and not force:
        printing.refuse_existing_plan(plan)
    known = baselines.read(baseline) if baseline is not None else ()
    if write_baseline is not None:
        baselines.refuse_part(write_baseline, paths, only, ignore)
    request = replace(
        project.opened(terminal, paths or (), config),
        select=tuple(only or ()),
        ignore=tuple(ignore or ()),
        here=here,
        unsafe=unsafe,
        module=module,
        jobs=jobs,
        cache=not no_cache,
    )
    with meter(terminal) as progress:
        report = pipeline.scan(request, progress)
    project.tell_unmatched(report, terminal)
    if write_baseline is not None:
        baselines.written(write_baseline, report, terminal)
    found = report
    if baseline is not None:
        report = baselines.without_known(report, known, baseline, terminal)
    if plan is not None:
        printing.write_plan(plan, report, terminal)
    if explain is not None:
        printing.print_explained(found, explaining.meant(found, explain), output_format, terminal)
    else:
        printing.print_scan(report, output_format, terminal)
    fails = (check or baseline is not None) and write_baseline is None
    unchecked = [*project.unreadable(request, report), *(project.nothing_to_check(report) if fails else ())]
    return _status(unchecked, terminal, fails=fails and facts.past_threshold(report))


def _status(unreadable: list[str], terminal: Terminal, *, fails: bool) -> Exit:
    """What a scan answers; files that were named and can't be read come first."""
    for sentence in unreadable:
        terminal.warn(sentence)
    if unreadable:
        return Exit.USAGE
    return Exit.FOUND if fails else Exit.DONE
