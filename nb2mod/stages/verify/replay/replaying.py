"""One notebook's calls, recorded while it runs as far as it gets, and made again: starts the kernel, reads its answer."""

import contextlib
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nb2mod.model import Difference, NotebookRun, Plan, Replay, RunOptions, RunStep, Sides
from nb2mod.stages.verify.replay import loading
from nb2mod.stages.verify.replay.answering import decoded, record_of
from nb2mod.stages.verify.replay.calls import ReplayResult, Target
from nb2mod.stages.verify.replay.fitting import are_literals
from nb2mod.stages.verify.running.scratch import Scratch
from nb2mod.stages.verify.running.session import Stop, run_notebook

REPLAY_SECONDS = 30.0
"""For making the calls of one notebook again; what is left then is skipped.

The call that is under way then may take some 75 more, five times fifteen; a session looks inside for 120.
"""

_MOST_DIFFERENCES = 3  # told per definition: the first few say what is wrong


def targets(plan: Plan, path: str, sources: Mapping[int, str]) -> tuple[Target, ...]:
    """The functions and classes that `plan` takes out of the notebook at `path`. `sources`: its cells, before, by number.

    What their calls pass from now on is known where it is literals alone: a name may mean something else at each call.
    """
    return tuple(
        Target(
            path,
            site.cell,
            site.name,
            sources[site.cell],
            site.line,
            one.module,
            one.name,
            site.cell_id,
            passes_more=not are_literals(site.passes),
            passes=site.passes if are_literals(site.passes) else (),
        )
        for one in plan.extractions
        if one.kind != "constant"
        for site in one.sites
        if site.path == path and site.cell in sources and not site.call
    )


@contextlib.contextmanager
def staged_package(scratch: Scratch, sides: Sides, source_root: str, package: str) -> Iterator[Path]:
    """A folder that holds the package as it is after the change, beside the copy: to be given to `replay`.

    Lay the scratch copy out before this: laying it out empties the folder. Effect: copies the package, then removes it.
    """
    folder = scratch.private / "staged"
    try:
        _lay_package(scratch.source, sides, source_root, package, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def package_folder(root: Path, sides: Sides, source_root: str, package: str) -> Iterator[Path]:
    """The same without a scratch copy, in a temporary folder: to be given to `tests_for`."""
    with tempfile.TemporaryDirectory(prefix="nb2mod-package-") as folder:
        _lay_package(root, sides, source_root, package, Path(folder))
        yield Path(folder)


def _lay_package(root: Path, sides: Sides, source_root: str, package: str, folder: Path) -> None:
    prefix = "" if source_root in ("", ".") else f"{source_root.strip('/')}/"
    inner = f"{prefix}{package.replace('.', '/')}"
    if (root / inner).is_dir():
        skipped = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(root / inner, folder / inner.removeprefix(prefix), ignore=skipped)
    folder.mkdir(parents=True, exist_ok=True)
    for path, data in sides.after.items():
        if path.startswith(f"{inner}/"):
            target = folder / path.removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            if data is not None:
                target.write_bytes(data)


def replay(
    scratch: Scratch,
    path: str,
    targets: Sequence[Target],
    options: RunOptions,
    *,
    new_package: Path,
    package: str,
    watch: Callable[[RunStep], None] | None = None,
    stop: Stop | None = None,
) -> ReplayResult:
    """Run the notebook as it was before, as far as it gets, and pass what its definitions were given to the new ones.

    The copy must be laid out as "before"; it is no longer clean afterwards. `new_package` is a folder that holds the folder
    `package` as it is after (see `staged_package`). Whatever goes wrong costs the replay alone and is told in the notes: a
    kernel that dies, a definition that hangs. Raises what `run_notebook` raises. Effect: runs the notebook's code.
    """
    if not targets:
        return ReplayResult()
    start = time.monotonic()
    run, answer = run_notebook(
        scratch,
        path,
        options,
        watch=watch,
        prologue=(loading.prologue(targets),),
        epilogue=loading.epilogue(str(new_package), package, REPLAY_SECONDS),
        keep_going=True,
        phase="replay",
        stop=stop,
    )
    return result_of(targets, run, answer, time.monotonic() - start)


def result_of(targets: Sequence[Target], run: NotebookRun, answer: Any, seconds: float) -> ReplayResult:
    """What the kernel's answer says of each target; when there is none, why."""
    read = decoded(answer, len(targets))
    if read is None or read.note:
        note = read.note if read else _no_answer(run, answer)
        return ReplayResult(tuple(Replay(one.cell, one.name, note=note) for one in targets), seconds=seconds)
    replays, differences, records = [], [], []
    for target, found in zip(targets, read.targets, strict=True):
        skipped = Counter(found.skipped)
        note = found.note or "; ".join(f"{count} skipped: {reason}" for reason, count in skipped.most_common(3))
        replays.append(Replay(target.cell, target.name, found.recorded, found.same, skipped.total(), note))
        differences += [
            Difference(target.cell, "replay", f"{shown} = {before}", f"{shown} = {after}", target.cell_id)
            for shown, before, after in found.differences[:_MOST_DIFFERENCES]
        ]
        made = (record_of(target, case) for case in found.cases)
        records += [record for record in made if record is not None]
    return ReplayResult(tuple(replays), tuple(differences), tuple(records), seconds)


def _no_answer(run: NotebookRun, answer: Any) -> str:
    if run.failure:
        return f"nothing could be replayed: {run.failure}"
    if answer is None:
        return f"the calls could not be made again: {run.unanswered or 'the kernel left no answer'}"
    return "what the kernel says of its calls is no answer of nb2mod's: the notebook changed it, and it is not believed"
