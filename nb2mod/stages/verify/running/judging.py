"""The runs of one notebook, before and after → its Outcome. Pure; what differs between two runs is compare.py's business."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from nb2mod.model import Difference, NotebookRun, Outcome, Ran, RunError, RunOptions
from nb2mod.stages.verify.comparing import Comparison, compare

_WANTING = frozenset(
    """
    ModuleNotFoundError ImportError FileNotFoundError NotADirectoryError PermissionError
    ConnectionError ConnectionRefusedError ConnectionResetError ConnectionAbortedError BrokenPipeError TimeoutError Timeout
    ConnectTimeout ReadTimeout ConnectTimeoutError ReadTimeoutError ConnectError URLError HTTPError HTTPStatusError SSLError
    SSLCertVerificationError ProxyError gaierror herror MaxRetryError NewConnectionError NameResolutionError RemoteDisconnected
    ClientConnectorError ClientConnectionError ServerDisconnectedError EndpointConnectionError NoCredentialsError
    PartialCredentialsError CredentialRetrievalError ProfileNotFound ClientError BotoCoreError NoSuchKey NoSuchBucket
    DefaultCredentialsError RefreshError GoogleAuthError Forbidden Unauthorized AuthenticationError ClientAuthenticationError
    InvalidCredentialsError ServiceRequestError OperationalError InterfaceError NoSuchModuleError RepositoryNotFoundError
    GatedRepoError LocalEntryNotFoundError OfflineModeIsEnabled HfHubHTTPError DatasetNotFoundError CommandNotFoundError
    StdinNotImplementedError KaggleApiHTTPError ServerSelectionTimeoutError NoBrokersAvailable KernelGatewayError
    """.split()
)
"""Errors that say a module, a file, a connection, a permission or a person is missing here: it could not run further."""

_IMPORTED = re.compile(r"No module named '([^']+)'|cannot import name '[^']*' from '([^']+)'")


class Runs(NamedTuple):
    """Two runs of the old notebook and one of the new; a third and a second, when those differed."""

    old: NotebookRun
    again: NotebookRun
    new: NotebookRun
    third: NotebookRun | None = None
    second: NotebookRun | None = None


class Judge(NamedTuple):
    """What is known of a notebook before it is judged. `cells`: code cells that are to run, of the old notebook."""

    path: str
    kernel: str
    cells: int
    pairs: Mapping[int, int]
    package: str
    modules: Collection[str]
    options: RunOptions
    local: Collection[str] = ()  # names that are bound no longer, and need not be

    def not_checked(self, reason: str, old: NotebookRun | None = None, notes: tuple[str, ...] = ()) -> Outcome:
        """Nothing can be said, and why."""
        ran, seconds = (len(old.cells), old.seconds) if old else (0, 0.0)
        return Outcome(
            self.path, Ran.NOT_CHECKED, reason, (), notes, self.cells, ran, kernel=self.kernel, seconds=seconds
        )

    def suspects(self, runs: Runs) -> bool:
        """Whether the first three runs differ, so that two more have to show that it is no accident."""
        if runs.new.failed:
            return runs.new.failed != "package"
        return bool(self._compared(runs.old, runs.again, new=runs.new).differences)

    def judged(self, runs: Runs) -> Outcome:
        """The outcome. A difference counts when both runs of the new notebook show it and none of the old does."""
        old, new = runs.old, runs.second or runs.new
        if new.failed or runs.new.failed:
            return self._failed(runs)
        if runs.third is not None and runs.third.failed:
            return self.not_checked(f"it ran twice as it was, then not: {runs.third.failure}", old)
        olds = [run for run in (old, runs.again, runs.third) if run is not None]
        found = self._compared(*olds, new=new)
        differences: tuple[Difference, ...] = tuple(found.differences)
        dropped: tuple[str, ...] = ()
        if runs.second is not None and differences:
            differences, dropped = self._believed(differences, olds, runs.new)
        status, reason = Ran.DIFFERS if differences else Ran.SAME, ""
        if not differences and old.error is not None and self._wants(old.error):
            status, reason = Ran.NOT_CHECKED, f"stopped at cell {old.error.cell}: {_spelled(old.error)}"
        notes = (*found.notes, *dropped)
        return Outcome(
            self.path,
            status,
            reason,
            tuple(differences),
            notes,
            self.cells,
            min(len(run.cells) for run in runs if run is not None),
            found.noisy,
            None if differences else old.error,
            self.kernel,
            old.seconds,
        )

    def _believed(
        self, differences: Sequence[Difference], olds: Sequence[NotebookRun], first: NotebookRun
    ) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
        """The differences that are no accident, and notes on the others.

        One counts when the first run of the new notebook shows it too, and when the old runs can be told apart from it: where
        an old run would differ from the other old ones in the same way, no two runs agree enough to say anything.
        """
        again = {_place(one) for one in self._compared(*olds, new=first).differences}
        kept = [one for one in differences if _place(one) in again]
        notes = []
        if len(kept) < len(differences):
            notes.append("a difference did not show in both runs of the new notebook; it is not held against it")
        others = [[old for old in olds if old is not held] for held in olds]
        held_out = [self._compared(*rest, new=held) for rest, held in zip(others, olds, strict=True) if rest]
        random = {_place(one) for compared in held_out for one in compared.differences}
        believed = tuple(one for one in kept if _place(one) not in random)
        cells = sorted({one.cell for one in kept if _place(one) in random and one.cell})
        if len(believed) < len(kept):
            where = f"cell {', '.join(map(str, cells))}" if cells else "the names at the end"
            notes.append(f"no two runs agree, before or after, so that nothing can be said of {where}")
        return believed, tuple(notes)

    def _compared(self, *olds: NotebookRun, new: NotebookRun) -> Comparison:
        return compare(olds, new, modules=self.modules, cells=self.pairs, local=self.local)

    def _failed(self, runs: Runs) -> Outcome:
        """The new notebook's run ended for a reason that is no exception of its own."""
        if runs.second is not None and bool(runs.second.failed) != bool(runs.new.failed):
            failure = runs.second.failure or runs.new.failure
            return self.not_checked(f"of two runs of the new notebook, one failed: {failure}", runs.old)
        new = runs.second or runs.new
        if new.failed not in ("died", "timeout", "unreadable") or (
            new.failed == "timeout" and not self._was_quick(runs)
        ):
            return self.not_checked(f"as it is now: {new.failure}", runs.old)
        where = {after: before for before, after in self.pairs.items()}
        last = new.cells[-1].cell if new.cells else 0
        was = f"{_spelled(runs.old.error)} in cell {runs.old.error.cell}" if runs.old.error else "ran to its end"
        difference = Difference(where.get(last, 0), "error", was, new.failure)
        outcome = self.not_checked("", runs.old)
        return replace(outcome, status=Ran.DIFFERS, differences=(difference,), ran=min(outcome.ran, len(new.cells)))

    def _was_quick(self, runs: Runs) -> bool:
        """Whether the old runs took less than half of every limit, so that a time limit is no matter of chance."""
        return all(
            run.seconds < self.options.notebook_timeout / 2
            and all(cell.seconds < self.options.cell_timeout / 2 for cell in run.cells)
            for run in (runs.old, runs.again)
        )

    def _wants(self, error: RunError) -> bool:
        """Whether the notebook ended for want of something outside. A module of the package's own is none."""
        if error.name not in _WANTING:
            return False
        imported = _IMPORTED.search(error.message)
        name = (imported[1] or imported[2]) if imported else ""
        return not (self.package and f"{name}.".startswith(f"{self.package}."))


def _place(one: Difference) -> tuple[int, str]:
    """Where two differences are the same: the cell and what of it; at the end, the name."""
    return one.cell, one.what if one.cell else one.before.partition(" = ")[0]


def _spelled(error: RunError) -> str:
    message = error.message.strip().splitlines()
    return f"{error.name}: {message[0][:200]}" if message else error.name
