"""What a run tells: totals, candidates, diagnostics, changes.

The report room turns it into text, JSON and editor lines.
"""

from msgspec import Struct

from nb2mod.model.changes import ChangeSet
from nb2mod.model.clones import Candidate, CopiedNotebooks
from nb2mod.model.places import Diagnostic
from nb2mod.model.plans import Plan
from nb2mod.model.runs import Outcome
from nb2mod.model.stages import NotebookStage
from nb2mod.model.whole import Whole


class Summary(Struct, frozen=True):
    """Totals over the looked-at files. `seconds` is wall time of the run."""

    notebooks: int = 0
    skipped: int = 0
    cells: int = 0
    code_cells: int = 0
    definitions: int = 0
    verdicts: dict[str, int] = {}
    seconds: float = 0.0


class Report(Struct, frozen=True):
    """The outcome of scan or extract. `root` is absolute."""

    root: str
    summary: Summary
    candidates: tuple[Candidate, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    copied: tuple[CopiedNotebooks, ...] = ()
    plan: Plan | None = None
    changes: ChangeSet | None = None
    notes: tuple[str, ...] = ()  # what a person does next, in words
    applied: bool = False
    part: bool = False  # only a part of the project was asked about: by paths, names or a plan file
    packages: tuple[str, ...] = ()  # several that extracted code could go to, and nothing that tells which
    known: int | None = None  # candidates that are left out because a baseline has them; None: there is no baseline
    unmatched: tuple[str, ...] = ()  # patterns that were to be ignored and that no candidate has
    notebooks: tuple[NotebookStage, ...] = ()  # those in the named paths, with stage and distance to each limit
    outcomes: tuple[Outcome, ...] = ()  # of the notebooks that were run, in order of path
    declined: tuple[str, ...] = ()  # names of what a person was asked about and did not take
    whole: Whole | None = None  # what becomes of the notebook that was to be moved as a whole


class Checked(Struct, frozen=True):
    """One definition that a notebook imports now and defined before; `evidence` as in `Occurrence`."""

    path: str
    cell: int
    name: str
    evidence: str
    doubt: str | None = None


class Verification(Struct, frozen=True):
    """The outcome of verify: two states of a project, and what shows that their notebooks do the same.

    `before` names the state that the working tree is compared with: a revision, or an entry of the journal. `unproved` are
    changes that the proof can't show to be the same, `untold` files whose state before can't be told.
    """

    root: str
    before: str
    outcomes: tuple[Outcome, ...] = ()
    checked: tuple[Checked, ...] = ()
    unproved: tuple["Finding", ...] = ()
    untold: tuple[Diagnostic, ...] = ()
    seconds: float = 0.0


class Finding(Struct, frozen=True):
    """A check that failed on a ChangeSet. `candidates` are the ids it speaks about; empty when it can't be told."""

    check: str  # "compiles", "names", "inlines", "json", "nbformat", "stable", "loads"
    message: str
    path: str
    cell: int = 0
    line: int = 0
    candidates: tuple[str, ...] = ()
