"""What a person does after an extraction, in words: install the package where the notebooks run, restart kernels, review."""

import os
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from nb2mod import pipeline
from nb2mod.model import Plan, Report
from nb2mod.pipeline import Request
from nb2mod.report import words

_PACKAGING = ("pyproject.toml", "setup.py", "setup.cfg")


def after(request: Request, report: Report) -> list[str]:
    """Notes for a report whose changes are written. In each, lines after the first are commands, to be kept whole."""
    plan, changes = report.plan, report.changes
    if plan is None or changes is None:
        return []
    notes = _package(plan, report) + _dependencies(request.root, plan)
    if plan.bootstrap:
        notes.append("A first cell in each notebook finds the package; an install is not needed.")
    else:
        notes += _installs(request.root, plan, report)
    notes.append(
        "Restart the kernels that are running. To see later edits of the package without a restart: "
        "nb2mod init --autoreload, which loads the autoreload extension in the notebooks."
    )
    notes.append("Review with git diff; nb2mod undo takes all of it back.")
    return notes


def _package(plan: Plan, report: Report) -> list[str]:
    created = [change.path for change in report.changes.changes if change.before is None] if report.changes else []
    if not plan.creates_package:
        return []
    made = [path for path in created if path == "pyproject.toml" or path.endswith("/__init__.py")]
    with_what = f" ({', '.join(made)})" if made else ""
    return [f"There was no package, so {plan.package} was made{with_what}, as nb2mod init would have done."]


def _dependencies(root: Path, plan: Plan) -> list[str]:
    """Distributions that the new modules import and that a pyproject.toml with [project] does not declare."""
    declared = _declared(root)
    missing = [] if declared is None else [name for name in plan.dependencies if _normal(name) not in declared]
    if not missing:
        return []
    return [
        f"The new modules import {', '.join(missing)}: add them to the dependencies in pyproject.toml "
        "(another time, --add-dependencies does it)."
    ]


def _declared(root: Path) -> set[str] | None:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project")
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(project, dict):
        return None
    dynamic, lines = project.get("dynamic", []), project.get("dependencies", [])
    if not isinstance(dynamic, list) or not isinstance(lines, list) or "dependencies" in dynamic:
        return None
    return {_normal(str(line)) for line in lines}


def _normal(requirement: str) -> str:
    """The distribution's name in the form in which names are compared, without version, extras and markers."""
    end = next((i for i, letter in enumerate(requirement) if not (letter.isalnum() or letter in "-_.")), None)
    return requirement[:end].lower().replace("_", "-").replace(".", "-")


def _installs(root: Path, plan: Plan, report: Report) -> list[str]:
    folder = _installable(root, plan.source_root)
    if folder is None:
        search = root / plan.source_root
        return [f"Nothing here installs {plan.package}; the notebooks find it when {search} is on sys.path."]
    target = "." if folder == Path.cwd() else str(folder)
    known, unknown = pipeline.interpreters(report)
    arguments = ("-m", "pip", "install", "-e", target)
    commands = [_command((python, *arguments)) for python in known]
    notes = []
    if commands:
        notes.append("\n".join([f"Install {plan.package} where the notebooks run, once per kernel:", *commands]))
    if unknown:
        told = ", ".join(f"{name} ({words.count(number, 'notebook')})" for name, number in unknown.items())
        run = _command(("python", *arguments))
        notes.append(f"This machine does not know these kernels: {told}. Run in the environment of each:\n{run}")
    return notes


def _installable(root: Path, source_root: str) -> Path | None:
    """The nearest folder with packaging from where the package stands up to the project's root."""
    for folder in _upwards(root, source_root):
        if any((folder / name).is_file() for name in _PACKAGING):
            return folder
    return None


def _upwards(root: Path, source_root: str) -> list[Path]:
    start = Path(os.path.normpath(root / source_root))
    return [folder for folder in (start, *start.parents) if folder.is_relative_to(root)]


def _command(words_: Sequence[str]) -> str:
    return subprocess.list2cmdline(words_) if sys.platform == "win32" else shlex.join(words_)
