"""A case: one folder under fixtures/cases, read from disk, and a Report brought into the same words.

    <hazard>_<fact>/
    ├── before/         a project as a person has it
    ├── expected.toml   what scan says of it
    └── after/          only the files that extract changes or makes; missing when it changes nothing

docs/contributing.md tells how to add one. Running notebooks lives in `running.py`, making a case in `author.py`.
"""

import difflib
import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.author import Link
from nb2mod.model import Candidate, Report

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
PRIVATE = {".nb2mod", "__pycache__", ".ipynb_checkpoints"}  # not part of what a person sees in the tree
KEYS = {"why", "run", "executes", "adds", "loses", "candidates", "diagnostics"}
ENTRY_KEYS = {"code", "verdict", "places", "reasons", "notes", "at", "target", "kind"}
REQUIRED_KEYS = {"code", "verdict", "places"}

Tree = dict[str, bytes]
Entry = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One case as its author wrote it.

    `candidates` maps a name to what scan says of each candidate of that name. `adds` are the names a notebook may hold
    after extract and not before, `loses` those that are no longer there (B16). `executes` is False for notebooks that can't
    run here; `run` holds fields of Request.
    """

    name: str
    before: Tree
    after: Tree
    why: str
    run: dict[str, Any] = field(default_factory=dict)
    executes: bool = True
    adds: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    candidates: dict[str, list[Entry]] = field(default_factory=dict)
    diagnostics: tuple[str, ...] = ()

    @property
    def extracted(self) -> Tree:
        """The whole tree as it must be after extract."""
        return self.before | self.after


def all_cases() -> list[str]:
    """The names of all cases, in order."""
    return sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def read_case(folder: Path) -> Case:
    """Refuses a key it does not know: a misspelt expectation would otherwise be an expectation nobody checks."""
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    _refuse_unknown(folder.name, set(expected), KEYS)
    candidates = {name: _entries(value) for name, value in expected.get("candidates", {}).items()}
    for name, entries in candidates.items():
        for entry in entries:
            _refuse_unknown(f"{folder.name}: {name}", set(entry), ENTRY_KEYS)
            if missing := REQUIRED_KEYS - set(entry):
                raise ValueError(f"{folder.name}/expected.toml: {name} lacks {sorted(missing)}")
    return Case(
        name=folder.name,
        before=read_tree(folder / "before"),
        after=read_tree(folder / "after"),
        why=expected["why"],
        run=expected.get("run", {}),
        executes=expected.get("executes", True),
        adds=tuple(expected.get("adds", ())),
        loses=tuple(expected.get("loses", ())),
        candidates=candidates,
        diagnostics=tuple(sorted(expected.get("diagnostics", ()))),
    )


def _entries(value: Entry | list[Entry]) -> list[Entry]:
    return value if isinstance(value, list) else [value]


def _refuse_unknown(where: str, found: set[str], known: set[str]) -> None:
    if unknown := found - known:
        raise ValueError(f"{where}/expected.toml: unknown {sorted(unknown)}; known are {sorted(known)}")


def read_tree(root: Path) -> Tree:
    """Every file and link under `root` by its path with forward slashes; empty when there is no such folder."""
    files = (path for path in sorted(root.rglob("*")) if path.is_symlink() or path.is_file())
    return {
        path.relative_to(root).as_posix(): _content(path)
        for path in files
        if not PRIVATE.intersection(path.relative_to(root).parts)
    }


def _content(path: Path) -> bytes:
    return Link(str(path.readlink()).encode()) if path.is_symlink() else path.read_bytes()


def write_tree(tree: Tree, root: Path) -> Path:
    """Effect: `root` holds exactly `tree`."""
    if root.exists():
        shutil.rmtree(root)
    root.mkdir(parents=True)
    for name, data in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, Link):
            path.symlink_to(data.decode())
        else:
            path.write_bytes(data)
    return root


def notebooks(tree: Tree) -> list[str]:
    """The paths of the tree's notebooks, links left out: what they lead to is there under its own path."""
    return sorted(name for name, data in tree.items() if name.endswith(".ipynb") and not isinstance(data, Link))


def changed(before: Tree, after: Tree) -> Tree:
    """The files of `after` that are new or different. A file that is gone is an error: nb2mod deletes none."""
    if gone := sorted(before.keys() - after.keys()):
        raise AssertionError(f"files are gone: {gone}")
    return {name: data for name, data in after.items() if before.get(name) != data}


def said(report: Report) -> dict[str, list[Entry]]:
    """The report's candidates as expected.toml would write them, every key filled in."""
    entries: dict[str, list[Entry]] = {}
    for candidate in report.candidates:
        entries.setdefault(candidate.name, []).append(_entry(candidate))
    return entries


def _entry(candidate: Candidate) -> Entry:
    holding = sorted({reason.code for reason in candidate.reasons if reason.effect in ("blocks", "review")})
    notes = sorted({reason.code for reason in candidate.reasons if reason.effect in ("note", "below")})
    target = candidate.target or candidate.existing
    return {
        "code": candidate.code,
        "kind": candidate.kind,
        "verdict": str(candidate.verdict),
        "places": candidate.places,
        "reasons": holding,
        "notes": notes,
        "at": [f"{place.path}:{place.cell}" for place in sorted(candidate.occurrences)],
        "target": f"{target.module}.{target.name}" if target else None,
    }


def differences(case: Case, report: Report) -> list[str]:
    """Where the report differs from expected.toml; empty when it says what it must.

    `code`, `verdict`, `places` and the reasons that block or want review are always compared, `notes`, `at`, `target` and
    `kind` where the case names them. A candidate below the threshold may be left out of expected.toml, no other may.
    """
    actual = said(report)
    found: list[str] = []
    for name in sorted(case.candidates.keys() | actual.keys()):
        want = [{"reasons": [], **entry} for entry in case.candidates.get(name, [])]
        have = actual.get(name, [])
        if not want:
            have = [entry for entry in have if entry["verdict"] != "below"]
        found += _entry_differences(name, want, have)
    codes = tuple(sorted({diagnostic.code for diagnostic in report.diagnostics}))
    if codes != case.diagnostics:
        told = "\n".join(f"      {diagnostic.code} {diagnostic.message}" for diagnostic in report.diagnostics)
        found.append(f"diagnostics: expected {list(case.diagnostics)}, found {list(codes)}\n{told}".rstrip())
    return found


def _entry_differences(name: str, want: list[Entry], have: list[Entry]) -> list[str]:
    """Candidates of one name are matched in any order: two that conflict have none."""
    rest = list(have)
    missing = []
    for entry in want:
        match = next((other for other in rest if all(other[key] == entry[key] for key in entry)), None)
        if match is None:
            missing.append(entry)
        else:
            rest.remove(match)
    return [f"{name}: expected {entry}" for entry in missing] + [f"{name}: found    {entry}" for entry in rest]


def tree_differences(expected: Tree, found: Tree, *, words: tuple[str, str] = ("expected", "found")) -> list[str]:
    """A unified diff per file that differs; bytes that are no text are told by their length."""
    told = []
    for name in sorted(expected.keys() | found.keys()):
        want, have = expected.get(name), found.get(name)
        if want == have:
            continue
        if want is None or have is None:
            there, text = (words[1], have) if want is None else (words[0], want)
            told.append(f"{name}: only {there}\n{_indented((text or b'').decode(errors='backslashreplace'))}")
        else:
            told.append(f"{name}:\n" + _indented(_diff(want, have, words)))
    return told


def _diff(want: bytes, have: bytes, words: tuple[str, str]) -> str:
    first, second = (data.decode(errors="backslashreplace").splitlines(keepends=True) for data in (want, have))
    diff = list(difflib.unified_diff(first, second, *words, n=2))
    if any(not line.endswith("\n") or line.endswith("\r\n") for line in diff):
        diff = [repr(line)[1:-1] + "\n" for line in diff]  # line ends are the difference, or part of it: show them
    return "".join(diff)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
