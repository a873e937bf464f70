"""`nb2mod extract`: moves what may move and shows that every notebook still does what it did, or only shows what it would do."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from nb2mod import pipeline
from nb2mod.cli import options, printing, project, run_options, running
from nb2mod.cli.errors import Exit
from nb2mod.cli.progress import meter
from nb2mod.cli.terminal import Terminal
from nb2mod.cli.usage import examples
from nb2mod.errors import Refused, UsageError
from nb2mod.model import Ran, Report, RunOptions
from nb2mod.pipeline import Request
from nb2mod.report import facts

EPILOG = examples(
    ("nb2mod extract --diff", "every changed cell, nothing written"),
    ("nb2mod extract", "do it; nb2mod undo takes it back"),
    ("nb2mod extract a.ipynb", "what stands in it; all copies change"),
    ("nb2mod extract --interactive", "yes or no for each, with its diff"),
    ("nb2mod extract --only load --module io", "one, to a module you choose"),
    ("nb2mod extract --plan plan.json", "as a plan says, edited or not"),
    ("nb2mod extract --verify", "only when the notebooks run the same"),
    ("nb2mod extract --whole a.ipynb", "its steps as a module, with a main"),
)


class _Mode(Struct, frozen=True):
    """What is to be shown, and whether anything is written."""

    output_format: options.Format
    diff: bool
    check: bool
    dry_run: bool

    @property
    def writes(self) -> bool:
        return not (self.diff or self.check or self.dry_run)


class _Runs(Struct, frozen=True):
    """Whether the notebooks are to be run, whether all must be checked by it, whether tests are made of it, and how."""

    asked: bool
    required: bool
    tests: bool
    options: RunOptions


def extract(
    paths: options.Paths = None,
    only: options.Only = None,
    ignore: options.Ignore = None,
    here: options.Here = False,
    whole: options.Whole = None,
    unsafe: options.Unsafe = False,
    ask: options.Interactive = False,
    module: options.Module = None,
    plan: options.AppliedPlan = None,
    add_dependencies: options.AddDependencies = False,
    allow_dirty: options.AllowDirty = False,
    verify: run_options.Verify = False,
    tests: run_options.Tests = False,
    require_verified: run_options.RequireVerified = False,
    kernel: run_options.Kernel = None,
    timeout: run_options.Timeout = run_options.CELL_SECONDS,
    notebook_timeout: run_options.NotebookTimeout = run_options.NOTEBOOK_SECONDS,
    allow_effects: run_options.AllowEffects = False,
    link_data: run_options.LinkData = None,
    size_limit: run_options.SizeLimit = run_options.MEGABYTES,
    no_replay: run_options.NoReplay = False,
    dry_run: options.DryRun = False,
    show_diff: options.Diff = False,
    check: options.Check = False,
    output_format: options.OutputFormat = options.Format.text,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
    config: options.ConfigFile = None,
    jobs: options.Jobs = 0,
    no_cache: options.NoCache = False,
) -> int:
    """Move what is repeated into the package, and make every notebook import it. All or nothing; nb2mod undo takes it back."""
    mode = _Mode(output_format, show_diff, check, dry_run)
    how = run_options.run_options(
        kernel, timeout, notebook_timeout, jobs, allow_effects, link_data or (), size_limit, no_replay
    )
    runs = _Runs(verify or tests or require_verified, require_verified, tests, how)
    _refuse_contradictions(mode, runs, ask=ask)
    _refuse_places(paths, whole, here=here, chosen=bool(only or ignore or plan or ask))
    new_plan = plan if _is_new_plan(plan, mode) else None
    terminal = Terminal(quiet=quiet, verbose=verbose, no_color=no_color)
    request = replace(
        project.opened(terminal, paths or (), config, whole),
        select=tuple(only or ()),
        ignore=tuple(ignore or ()),
        here=here or whole is not None,
        unsafe=unsafe or ask,
        module=module,
        choices=printing.read_plan(plan) if plan is not None and new_plan is None else None,
        add_dependencies=add_dependencies,
        allow_dirty=allow_dirty,
        jobs=jobs,
        cache=not no_cache,
    )
    report = _asked(request, terminal) if ask else _computed(request, terminal)
    if new_plan is not None:
        printing.write_plan(new_plan, report, terminal)
    return _finish(request, _verified(request, report, runs, mode, terminal), mode, terminal)


def _verified(request: Request, report: Report, runs: _Runs, mode: _Mode, terminal: Terminal) -> Report:
    """The report with what running came to, if that was asked for. Raises Refused when it forbids to write."""
    if not runs.asked:
        return report
    with running.shown(terminal) as (announce, watch):
        report = pipeline.run(request, report, runs.options, announce, watch, tests=runs.tests)
    if refusal := _refusal(report, require_verified=runs.required):
        printing.print_extract(report, mode.output_format, terminal, written=False)
        raise Refused(refusal)
    return report


def _refusal(report: Report, *, require_verified: bool) -> str:
    """Why what the runs came to forbids to write; "" when nothing does."""
    differ = [one for one in report.outcomes if one.status is Ran.DIFFERS]
    if differ:
        first = differ[0].differences[0] if differ[0].differences else None
        where = f" cell {first.cell}" if first and first.cell else ""
        more = f" and {len(differ) - 1} more" if len(differ) > 1 else ""
        return (
            f"{differ[0].path}{where}{more}: a run after the change differs from the runs before; nothing was written"
        )
    unchecked = [one for one in report.outcomes if one.status is Ran.NOT_CHECKED]
    if require_verified and unchecked:
        more = f" ({len(unchecked) - 1} more)" if len(unchecked) > 1 else ""
        return f"{unchecked[0].path}: not checked: {unchecked[0].reason}{more}; nothing was written"
    return ""


def _refuse_contradictions(mode: _Mode, runs: _Runs, *, ask: bool) -> None:
    if not runs.asked and replace(runs.options, jobs=1) != run_options.DEFAULT:
        raise UsageError("these options say how notebooks are run, and extract runs none by itself: add --verify")
    if ask and mode.output_format is not options.Format.text:
        raise UsageError(f"--interactive asks in text; leave out --output-format {mode.output_format}")
    if mode.diff and mode.output_format is not options.Format.text:
        raise UsageError(f"--diff is text; leave it out, or --output-format {mode.output_format}")


def _refuse_places(paths: Sequence[Path] | None, whole: Path | None, *, here: bool, chosen: bool) -> None:
    """Raises UsageError for `--here` that names no place, and for `--whole` beside what says otherwise what moves."""
    project.refuse_here_alone(paths, here=here and whole is None)
    if whole is None:
        return
    if paths or chosen:
        raise UsageError(
            "--whole takes one notebook with all that is in it: leave out PATHS, --only, --ignore, --plan and --interactive"
        )
    if whole.suffix != ".ipynb" or whole.is_dir():
        raise UsageError(f"--whole {whole}: expected a notebook (.ipynb)")


def _is_new_plan(plan: Path | None, mode: _Mode) -> bool:
    """True when the plan is to be written. Raises UsageError when it was to be read and is not there."""
    if plan is None or plan.exists():
        return False
    if not mode.dry_run:
        raise UsageError(f"{plan}: no such plan; write one with nb2mod scan --plan {plan}")
    return True


def _asked(request: Request, terminal: Terminal) -> Report:
    """The report of a run that moves only what got a yes."""
    from nb2mod.cli import asking

    report = _computed(request, terminal)
    printing.tell_taken_back(report, terminal)
    accepted, declined = asking.ask(report, terminal)
    if not accepted:
        return asking.unchanged(report, declined)
    return replace(_computed(replace(request, select=accepted, ignore=()), terminal), declined=declined)


def _computed(request: Request, terminal: Terminal) -> Report:
    """Raises UsageError when a named file can't be read: a person who names a file means it."""
    with meter(terminal) as progress:
        report = pipeline.extract(request, progress)
    project.tell_unmatched(report, terminal)
    unreadable = project.unreadable(request, report)
    if unreadable:
        raise UsageError(unreadable[0])
    return report


def _finish(request: Request, report: Report, mode: _Mode, terminal: Terminal) -> int:
    if mode.writes:
        report = pipeline.write(request, report)
    if report.applied and not terminal.quiet:
        from nb2mod.cli import next_steps

        report = replace(report, notes=(*report.notes, *next_steps.after(request, report)))
    _tell(request, report, mode, terminal)
    unchecked = project.nothing_to_check(report) if mode.check else []
    for sentence in unchecked:
        terminal.warn(sentence)
    if unchecked:
        return Exit.USAGE
    return Exit.FOUND if mode.check and facts.past_threshold(report) else Exit.DONE


def _tell(request: Request, report: Report, mode: _Mode, terminal: Terminal) -> None:
    if mode.diff:
        printing.print_diff(report, terminal)
    elif mode.output_format is options.Format.editor and report.applied:
        # What was moved stands on other lines now, or is gone: the places to jump to are those of the files as they are.
        now = pipeline.scan(replace(request, select=(), choices=None))
        printing.print_scan(now, mode.output_format, terminal)
        printing.tell_taken_back(report, terminal)
    else:
        printing.print_extract(report, mode.output_format, terminal, written=mode.writes)
