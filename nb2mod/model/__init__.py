"""DATA: the frozen values that stages pass to each other. Imports nothing of ours."""

from nb2mod.model.analysis import Bound, Environment, Meaning, Names, Used
from nb2mod.model.changes import CellEdit, ChangeSet, FileChange, Insertion
from nb2mod.model.clones import (
    Candidate,
    CloneClass,
    CopiedNotebooks,
    Member,
    Need,
    Occurrence,
    Reason,
    Site,
    Target,
)
from nb2mod.model.facts import (
    Binding,
    BindKind,
    CellFacts,
    CellFeatures,
    Definition,
    Features,
    Statement,
    Use,
    UseKind,
)
from nb2mod.model.notebooks import Cell, Magic, Masked, Notebook
from nb2mod.model.places import Diagnostic, Location, Severity, Verdict
from nb2mod.model.plans import CallSite, Choice, Extraction, Plan, PlanOptions, PlanResult
from nb2mod.model.projects import Found, Package
from nb2mod.model.reports import Finding, Report, Summary
from nb2mod.model.runs import CellRun, Difference, NotebookRun, Outcome, Ran, Replay, RunError

__all__ = [
    "BindKind",
    "Binding",
    "Bound",
    "CallSite",
    "Candidate",
    "Cell",
    "CellEdit",
    "CellFacts",
    "CellFeatures",
    "CellRun",
    "ChangeSet",
    "Choice",
    "CloneClass",
    "CopiedNotebooks",
    "Definition",
    "Diagnostic",
    "Difference",
    "Environment",
    "Extraction",
    "Features",
    "FileChange",
    "Finding",
    "Found",
    "Insertion",
    "Location",
    "Magic",
    "Masked",
    "Meaning",
    "Member",
    "Names",
    "Need",
    "Notebook",
    "NotebookRun",
    "Occurrence",
    "Outcome",
    "Package",
    "Plan",
    "PlanOptions",
    "PlanResult",
    "Ran",
    "Reason",
    "Replay",
    "Report",
    "RunError",
    "Severity",
    "Site",
    "Statement",
    "Summary",
    "Target",
    "Use",
    "UseKind",
    "Used",
    "Verdict",
]
