"""The calls of what an extraction moves, made again with both definitions: which ones, and what they add to the outcomes."""

import sys
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from nb2mod.model import ChangeSet, FileChange, Outcome, Ran, Report, RunOptions, RunStep, Sides
from nb2mod.model.projects import Package
from nb2mod.pipeline.drafting import black_settings
from nb2mod.pipeline.request import Request
from nb2mod.stages import discover, rewrite
from nb2mod.stages.index import Tree
from nb2mod.stages.verify import replay
from nb2mod.stages.verify.replay import NewFile, Record, Target
from nb2mod.stages.verify.running import kernels
from nb2mod.stages.verify.running.scratch import Scratch
from nb2mod.stages.verify.running.session import Stop

_NOT_AGAIN = {
    "timeout": "its calls were not made again: for that it has to run once more, and a run of it took too long",
    "died": "its calls were not made again: for that it has to run once more, and in a run of it the kernel died",
}
_PASS_MORE = "were not made again: they pass more from now on"


class Replayer:
    """Called after the runs of each notebook, on the same copy, from several threads. `records` gathers what was the same."""

    def __init__(
        self,
        targets: Mapping[str, Sequence[Target]],
        sides: Sides,
        options: RunOptions,
        package: Package,
        watch: Callable[[RunStep], None],
    ) -> None:
        self._targets = targets
        self._sides = sides
        self._options = options
        self._package = package
        self._watch = watch
        self._records: dict[str, tuple[Record, ...]] = {}

    def __call__(self, scratch: Scratch, path: str, outcome: Outcome, stop: Stop) -> Outcome:
        """The outcome with its replays; a call that differs makes the notebook differ.

        Definitions whose calls pass more from now on are left out, and a notebook whose old run took too long, or killed its
        kernel, is not run once more; notes say so.
        """
        wanted = self._targets.get(path, ())
        lifted = [f"calls of {one.name} (cell {one.cell}) {_PASS_MORE}" for one in wanted if one.passes_more]
        outcome = replace(outcome, notes=(*outcome.notes, *lifted)) if lifted else outcome
        targets = [one for one in wanted if not one.passes_more]
        if not targets:
            return outcome
        if outcome.failed:
            return replace(outcome, notes=(*outcome.notes, _NOT_AGAIN[outcome.failed]))
        scratch.lay("before")
        with replay.staged_package(scratch, self._sides, self._package.source_root, self._package.name) as folder:
            done = replay.replay(
                scratch,
                path,
                targets,
                self._options,
                new_package=folder,
                package=self._package.name,
                watch=self._watch,
                stop=stop,
            )
        self._records[path] = done.records
        differs = outcome.status is Ran.DIFFERS or bool(done.differences)
        return replace(
            outcome,
            status=Ran.DIFFERS if differs else outcome.status,
            differences=(*outcome.differences, *done.differences),
            replays=done.replays,
        )

    @property
    def records(self) -> list[Record]:
        """Calls that both definitions answered in the same way, by notebook in order of path."""
        return [record for path in sorted(self._records) for record in self._records[path]]


def with_tests(
    report: Report, request: Request, tree: Tree, package: Package, sides: Sides, records: Sequence[Record]
) -> Report:
    """The report with test modules, and their data, among its changes. Each test has passed. Effect: runs the new modules."""
    changes = report.changes.changes if report.changes else ()
    pythons, _ = kernels.interpreters(kernels.used_by(changes))
    made = {change.path for change in changes}
    with replay.package_folder(request.root, sides, package.source_root, package.name) as folder:
        files = replay.tests_for(
            records,
            new_package=folder,
            python=next(iter(pythons), sys.executable),
            folder=discover.tests_folder(request.root),
            taken=lambda path: path in made or discover.stands(request.root, path),
        )
    if not files:
        return replace(report, notes=(*report.notes, _no_tests(records)))
    style = rewrite.Style(black_settings(tree))
    added = [FileChange(file.path, None, _formatted(file, style)) for file in files]
    whole = tuple(sorted((*changes, *added), key=lambda change: change.path))
    return replace(report, changes=ChangeSet(whole))


def _no_tests(records: Sequence[Record]) -> str:
    if not records:
        return "No tests were written: the runs gave no call that can be made again; nb2mod verify -v tells why."
    return (
        f"No tests were written: of the calls that both definitions answered in the same way ({len(records):,}) none is small, "
        "does the same every time and shows something."
    )


def _formatted(file: NewFile, style: rewrite.Style) -> bytes:
    if not file.path.endswith(".py"):
        return file.content
    return style.formatted(file.content.decode("utf-8")).encode("utf-8")
