"""Each notebook as it was, as it was again, and as it is now, on one scratch copy; once more where that differs."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from typing import NamedTuple

from msgspec.structs import replace

from nb2mod import notebook
from nb2mod.errors import UnreadableNotebook
from nb2mod.model import Notebook, NotebookRun, Outcome, RunOptions, RunStep, Sides
from nb2mod.model.projects import Package
from nb2mod.stages.verify.running import effects, kernels, pairing
from nb2mod.stages.verify.running.judging import Judge, Runs
from nb2mod.stages.verify.running.last import last_took
from nb2mod.stages.verify.running.pairing import runs
from nb2mod.stages.verify.running.scratch import Scratch, Side, scratch_copy
from nb2mod.stages.verify.running.session import Stop, run_notebook

__all__ = ["check", "last_took"]

Watch = Callable[[RunStep], None]
# Told the copy (in any state), the notebook, its outcome and how it is stopped; returns the outcome with more in it.
Also = Callable[[Scratch, str, Outcome, Stop], Outcome]


def check(
    root: Path,
    sides: Sides,
    paths: Sequence[str],
    options: RunOptions,
    package: Package,
    watch: Watch | None = None,
    also: Also | None = None,
) -> tuple[Outcome, ...]:
    """An Outcome for each notebook in `paths`, in that order. Effect: runs the notebooks, in copies of the project.

    With `options.jobs`, as many notebooks run beside each other, each on a copy of its own. `watch` is told of each notebook
    and cell, and with the phase "done" when a notebook is; never from two threads at once. `also` does more on the same copy
    for each notebook that may run at all. The tree is only read; Ctrl-C (KeyboardInterrupt) ends all kernels first. Raises
    UsageError when the copy can't be made, ProjectChanged when the project changes meanwhile.
    """
    lock = threading.Lock()

    def told(step: RunStep) -> None:
        with lock:
            if watch is not None:
                watch(step)

    jobs = max(1, min(options.jobs, len(paths)))
    with ExitStack() as stack:
        copies: Queue[Scratch] = Queue()
        for _ in range(jobs if paths else 0):
            roots = (package.source_root,)
            copies.put(stack.enter_context(scratch_copy(root, sides, options, package.name, roots)))
        if jobs == 1:
            outcomes = [_Trial(copies.queue[0], path, sides, options, told, Stop(), also).outcome() for path in paths]
        else:
            outcomes = _beside(copies, paths, sides, options, told, also)
        noted = _with_changes(outcomes, copies.queue[0]) if paths else ()
    return tuple(noted)


def _beside(
    copies: "Queue[Scratch]",
    paths: Sequence[str],
    sides: Sides,
    options: RunOptions,
    watch: Watch,
    also: Also | None,
) -> list[Outcome]:
    stop = Stop()

    def one(path: str) -> Outcome:
        scratch = copies.get()
        try:
            return _Trial(scratch, path, sides, options, watch, stop, also).outcome()
        finally:
            copies.put(scratch)

    with ThreadPoolExecutor(copies.qsize(), thread_name_prefix="nb2mod-run") as pool:
        futures = [pool.submit(one, path) for path in paths]
        try:
            return [future.result() for future in futures]
        except BaseException:  # Ctrl-C, or trouble with one copy: the others end before the copies are removed
            stop.ask()
            for future in futures:
                future.cancel()
            raise


def _with_changes(outcomes: Sequence[Outcome], scratch: Scratch) -> list[Outcome]:
    """A notebook that knows the project by its absolute path may have written there; a person may have, too."""
    changed = scratch.project_changes()
    if not changed:
        return list(outcomes)
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    note = f"the project itself changed while notebooks ran: {changed[0]}{more}"
    return [replace(outcome, notes=(*outcome.notes, note)) for outcome in outcomes]


class _Subject(NamedTuple):
    old: Notebook
    new: Notebook
    kernel: str


class _Trial:
    """One notebook's runs."""

    def __init__(
        self,
        scratch: Scratch,
        path: str,
        sides: Sides,
        options: RunOptions,
        watch: Watch,
        stop: Stop,
        also: Also | None,
    ) -> None:
        self._scratch = scratch
        self._path = path
        self._sides = sides
        self._options = options
        self._watch = watch
        self._stop = stop
        self._also = also
        self._notes: dict[str, None] = {}
        self._failed = ""

    def outcome(self) -> Outcome:
        """The whole trial. Raises asyncio.CancelledError when it is stopped."""
        if self._stop.asked:
            raise asyncio.CancelledError
        try:
            found = self._outcome()
        finally:
            self._watch(RunStep(self._path, "done"))
        unread = sorted(self._scratch.unreadable)
        if unread:
            more = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
            self._notes[f"the copy lacks what may not be read: {unread[0]}{more}"] = None
        return replace(found, notes=(*found.notes, *self._notes))

    def _outcome(self) -> Outcome:
        empty = Judge(self._path, "", 0, {}, self._scratch.package, (), self._options)
        subject = self._subject()
        if isinstance(subject, str):
            return empty.not_checked(subject)
        judge = empty._replace(
            kernel=subject.kernel,
            cells=sum(runs(cell) for cell in subject.old.cells),
            pairs=pairing.pair(subject.old.cells, subject.new.cells),
            modules=self._scratch.modules(),
            local=self._sides.local.get(self._path, ()),
        )
        reaches = effects.first(subject.old) or effects.first(subject.new)
        if reaches is not None and not self._options.allow_effects:
            return judge.not_checked(f"{reaches}; to run it all the same: --allow-effects")
        outcome = replace(self._judged(judge), failed=self._failed)
        # What writes to the outside is not run more often than the runs themselves need.
        if self._also is None or reaches is not None:
            return outcome
        return self._also(self._scratch, self._path, outcome, self._stop)

    def _judged(self, judge: Judge) -> Outcome:
        old = self._run("before", "old")
        if old.failed:
            return judge.not_checked(old.failure, old)
        again = self._run("before", "again")
        if again.failed:
            return judge.not_checked(f"it ran once as it was, then not: {again.failure}", old)
        found = Runs(old, again, self._run("after", "new"))
        if judge.suspects(found):
            found = found._replace(third=self._run("before", "again"), second=self._run("after", "new"))
        return judge.judged(found)

    def _run(self, side: Side, phase: str) -> NotebookRun:
        self._scratch.lay(side)
        run, _ = run_notebook(self._scratch, self._path, self._options, watch=self._watch, phase=phase, stop=self._stop)
        self._notes.update(dict.fromkeys(self._scratch.link_changes()))
        if side == "before" and run.failed in ("timeout", "died"):
            self._failed = run.failed
        return run

    def _subject(self) -> _Subject | str:
        """The notebook on both sides, or why there is nothing to run."""
        found = []
        for side, word in ((self._sides.before, "before"), (self._sides.after, "now")):
            data = side.get(self._path, self._scratch.original(self._path))
            if data is None:
                return f"there is no such notebook {word}"
            try:
                found.append(notebook.read(self._path, data))
            except UnreadableNotebook as error:
                return f"{word}: {error}"
        return _Subject(found[0], found[1], self._options.kernel or found[0].kernel or kernels.DEFAULT)
