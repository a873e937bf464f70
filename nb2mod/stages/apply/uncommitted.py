"""Which files hold work that git does not have. Asks git; changes nothing, not even git's index."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from nb2mod.errors import Refused

_MOST_PATHS = 2000  # more would not fit on every system's command line; then git looks at the whole project


def uncommitted(root: Path, places: Sequence[str]) -> dict[str, bool]:
    """Those of `places` (relative to `root`, links resolved) whose bytes are not committed, and whether they never were.

    Changed, staged and conflicted files are; so are untracked ones, once the repository has a commit: before that nothing is
    committed, and the answer would say nothing about the person's habits. Ignored files never are: their owner has decided
    that git need not have them. Outside a git repository, or without git, no file is. Raises Refused when git is there and
    does not answer.
    """
    if not places:
        return {}
    prefix = _git(root, "rev-parse", "--show-prefix")
    if prefix is None:
        return {}
    asked = places if len(places) <= _MOST_PATHS else ["."]
    status = _git(root, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--", *asked)
    if status is None:
        return {}
    inside = os.fsdecode(prefix).removesuffix("\n")
    found = {path.removeprefix(inside): is_new for path, is_new in _dirty(status).items() if path.startswith(inside)}
    return {place: found[place] for place in places if place in found}


def _dirty(status: bytes) -> dict[str, bool]:
    """The paths that `git status --porcelain=v2 --branch -z` names, from the repository's top; True for those never committed."""
    found = {}
    has_commit = True
    lines = iter(os.fsdecode(status).split("\0"))
    for line in lines:
        kind = line[:2]
        if line == "# branch.oid (initial)":
            has_commit = False
        elif kind == "1 ":
            found[line.split(" ", 8)[8]] = line[2] == "A"
        elif kind == "2 ":
            found[line.split(" ", 9)[9]] = False
            next(lines, None)  # the name before the renaming
        elif kind == "u ":
            found[line.split(" ", 10)[10]] = False
        elif kind == "? " and has_commit:
            found[line[2:]] = True
    return found


def _git(root: Path, *arguments: str) -> bytes | None:
    """What git prints; None without git or outside of a repository."""
    # Names are names, not patterns; no lock on the index; no helper that the repository's own settings would start.
    command = ["git", "--literal-pathspecs", "--no-optional-locks", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    if done.returncode == 0:
        return done.stdout
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in complaint or "must be run in a work tree" in complaint:
        return None
    raise Refused(
        f"git can't say which files hold uncommitted changes ({complaint.partition(chr(10))[0]}); nothing was changed. "
        "Put that right, or use --allow-dirty."
    )
