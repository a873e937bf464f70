"""A Report as the JSON that people script (docs/commands.md). Keys and their order are a promise: add at the end, never rename.

Output is ASCII: every terminal, pipe and code page carries it, and undecodable file names survive as escapes.
"""

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from nb2mod.model import (
    Argument,
    Candidate,
    Contrast,
    Diagnostic,
    Extraction,
    FileChange,
    Location,
    Measure,
    NotebookStage,
    Occurrence,
    Outcome,
    Plan,
    Ran,
    Reason,
    Report,
    Verdict,
    Verification,
    Whole,
)
from nb2mod.report import explaining, facts

VERSION = 1


def render_scan(report: Report) -> str:
    """What scan found, as one JSON object and a final newline."""
    return _dumped(_common(report, evidence=False) | _notebooks(report))


def render_extract(report: Report) -> str:
    """As scan's, with each occurrence's evidence, the plan, the changed files and whether they were written."""
    changes = report.changes.changes if report.changes else ()
    extra = {
        "plan": _plan(report.plan) if report.plan else None,
        "changes": [_change(change) for change in changes],
        "applied": report.applied,
    }
    if report.whole is not None:
        extra["whole"] = _whole(report.whole)
    if report.outcomes:
        extra["runs"] = [_outcome(outcome) for outcome in report.outcomes]
    return _dumped(_common(report, evidence=True) | extra | _notebooks(report))


def render_explained(report: Report, found: Sequence[Candidate]) -> str:
    """The whole reckoning of candidates: as scan's, with the stages of their notebooks, every check, and what comes along."""
    return _dumped(
        {
            "version": VERSION,
            "root": report.root,
            "candidates": [_candidate(one, evidence=False) | _explained(report, one) for one in found],
        }
    )


def _explained(report: Report, candidate: Candidate) -> dict[str, Any]:
    clear = explaining.passed(candidate)
    looked, why = explaining.looked_at(candidate)
    return {
        "notebooks": [_notebook(one) for one in explaining.notebooks_of(report, candidate)],
        "checks": {
            "found": [code.code for code in looked if code not in clear],
            "not_found": [code.code for code in clear],
            "not_made": why or None,
        },
        "along": [{"kind": kind, "text": text} for kind, text in explaining.along(report, candidate)],
        "saves": facts.saved_lines(candidate),
    }


def render_verify(found: Verification) -> str:
    """What verify found: each notebook that was run, and what the proof says of each moved definition."""
    statuses = [one.status for one in found.outcomes]
    return _dumped(
        {
            "version": VERSION,
            "root": found.root,
            "against": found.before,
            "summary": {"notebooks": len(statuses)} | {status.value: statuses.count(status) for status in Ran},
            "runs": [_outcome(outcome) for outcome in found.outcomes],
            "checked": [msgspec.to_builtins(one) for one in found.checked],
            "unproved": [
                {"message": one.message, "location": _location(Location(one.path, one.cell, one.line))}
                for one in found.unproved
            ],
            "diagnostics": [_diagnostic(one) for one in found.untold],
        }
    )


def _whole(whole: Whole) -> dict[str, Any]:
    return {
        "path": whole.path,
        "module": whole.module,
        "steps": [msgspec.to_builtins(step) for step in whole.steps],
        "stays": [{"name": name, **_reason(reason)} for name, reason in whole.stays],
        "main": whole.main or None,
        "parameters": [msgspec.to_builtins(one) for one in whole.parameters],
        "inside": [{"name": name, "why": why} for name, why in whole.inside],
        "left_out": [{"text": text, "why": why} for text, why in whole.left_out],
        "refused": [_reason(reason) for reason in whole.refused],
        "folder": whole.folder,
        "command": whole.command or None,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(outcome)
    return told


def _common(report: Report, *, evidence: bool) -> dict[str, Any]:
    summary = report.summary
    return {
        "version": VERSION,
        "root": report.root,
        "summary": {
            "notebooks": summary.notebooks,
            "skipped": summary.skipped,
            "code_cells": summary.code_cells,
            "definitions": summary.definitions,
            "verdicts": {verdict.value: sum(c.verdict is verdict for c in report.candidates) for verdict in Verdict},
        }
        | ({} if report.known is None else {"known": report.known})
        | ({"packages": list(report.packages)} if report.packages else {}),
        "candidates": [_candidate(candidate, evidence=evidence) for candidate in report.candidates],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in facts.diagnostics(report)],
    }


def _notebooks(report: Report) -> dict[str, Any]:
    return {"notebooks": [_notebook(one) for one in report.notebooks]}


def _notebook(one: NotebookStage) -> dict[str, Any]:
    return {
        "path": one.path,
        "stage": one.stage.value,
        "evidence": [
            {"kind": e.kind, "message": e.message, "weight": e.weight, "location": _location(e.location)}
            for e in one.evidence
        ],
        "measures": [_measure(measure) for measure in one.measures],
    }


def _measure(one: Measure) -> dict[str, Any]:
    return {
        "name": one.name,
        "value": one.value,
        "limit": one.limit,
        "past": one.past,
        "location": _location(one.location),
    }


def _candidate(candidate: Candidate, *, evidence: bool) -> dict[str, Any]:
    target = candidate.target or candidate.existing
    return {
        "id": candidate.id,
        "code": candidate.code,
        "kind": candidate.kind,
        "clone_type": candidate.clone_type,
        "similarity": candidate.similarity,
        "verdict": candidate.verdict.value,
        "reasons": [_reason(reason) for reason in candidate.reasons],
        "target": {"module": target.module, "name": target.name} if target else None,
        "occurrences": [_occurrence(occurrence, evidence=evidence) for occurrence in candidate.occurrences],
        "measures": [_measure(measure) for measure in candidate.measures],
        "arguments": [_argument(argument) for argument in candidate.arguments],
        "contrasts": [_contrast(contrast) for contrast in candidate.contrasts],
        "advice": candidate.advice or None,
        "calls": [_location(place) for place in candidate.calls],
        "drifted": {"module": candidate.drifted.module, "name": candidate.drifted.name} if candidate.drifted else None,
    }


def _argument(one: Argument) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "default": one.default or None,
        "values": [
            {"value": value, "locations": [_location(place) for place in places]} for value, places in one.values
        ],
    }


def _contrast(one: Contrast) -> dict[str, Any]:
    return {
        "what": one.what,
        "left": {"location": _location(one.left), "lines": list(one.left_lines)},
        "right": {"location": _location(one.right), "lines": list(one.right_lines)},
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "message": reason.message, "location": _location(reason.location)}


def _occurrence(occurrence: Occurrence, *, evidence: bool) -> dict[str, Any]:
    told = {
        "path": occurrence.path,
        "cell": occurrence.cell,
        "cell_id": occurrence.cell_id,
        "line": occurrence.line,
        "end_line": occurrence.end_line,
        "name": occurrence.name,
        "end_cell": occurrence.end_cell or occurrence.cell,
    }
    return told | {"evidence": occurrence.evidence or "not-checked", "doubt": occurrence.doubt} if evidence else told


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "location": _location(diagnostic.location),
    }


def _location(location: Location | None) -> dict[str, Any] | None:
    return {"path": location.path, "cell": location.cell, "line": location.line} if location else None


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "package": plan.package,
        "source_root": plan.source_root,
        "creates_package": plan.creates_package,
        "bootstrap": plan.bootstrap,
        "dependencies": list(plan.dependencies),
        "extractions": [_extraction(extraction) for extraction in plan.extractions],
    }


def _extraction(extraction: Extraction) -> dict[str, Any]:
    return {
        "candidate": extraction.candidate,
        "kind": extraction.kind,
        "module": extraction.module,
        "name": extraction.name,
        "existing": extraction.existing,
        "sites": [
            {
                "path": site.path,
                "cell": site.cell,
                "cell_id": site.cell_id,
                "line": site.line,
                "end_line": site.end_line,
                "name": site.name,
                "ignored": list(site.ignored),
                "renames": [{"from": old, "to": new} for old, new in site.renames],
                "passes": [{"name": name, "value": value} for name, value in site.passes],
            }
            for site in extraction.sites
        ],
    }


def _change(change: FileChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "created": change.before is None,
        "cells": [edit.cell for edit in change.cells],
    }


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2) + "\n"
