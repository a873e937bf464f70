"""The project as git has it at a revision: what differs from the working tree. Asks git; changes nothing, not even its index."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from nb2mod.errors import UsageError

_PATIENCE = 600  # seconds: filters may fetch large files, and a pipe in the place of a file never ends
_LINK, _SUBMODULE = "120000", "160000"


def at_revision(root: Path, revision: str) -> dict[str, bytes | None]:
    """Path → bytes at `revision`, of every file under `root` that differs from it in the working tree; None: not there then.

    Bytes are as a checkout would write them (line ends, LFS). Untracked notebooks and modules count as new; other untracked
    files, data above all, as having been there all along. Links and submodules are left out.

    Raises UsageError when there is no git, no repository or no such revision.
    """
    if revision.startswith("-"):
        raise UsageError(f"--against {revision}: expected a commit, branch or tag")
    named = _git(root, revision, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = os.fsdecode(named).strip()
    changed = _changed(_git(root, revision, "diff", "--raw", "-z", "--no-renames", "--relative", commit, "--", "."))
    listed = _git(root, revision, "ls-files", "-z", "--others", "--exclude-standard", "--", ".")
    untracked = [path for path in os.fsdecode(listed).split("\0") if path.endswith((".ipynb", ".py"))]
    then = _contents(root, revision, commit, [path for path, was_there in changed.items() if was_there])
    return {**dict.fromkeys((*untracked, *changed, *_links_above(root, then))), **then}


def _links_above(root: Path, paths: Iterable[str]) -> set[str]:
    """Links that stand today where these paths had a folder: git follows none."""
    above = {str(folder) for path in paths for folder in PurePosixPath(path).parents if folder.name}
    return {folder for folder in above if (root / folder).is_symlink()}


def _changed(raw: bytes) -> dict[str, bool]:
    """The paths of `git diff --raw -z`, and whether each was there at the revision."""
    found = {}
    fields = os.fsdecode(raw).split("\0")
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        old_mode, new_mode, old_blob, *_ = head.removeprefix(":").split(" ")
        if old_mode not in (_LINK, _SUBMODULE) and new_mode != _SUBMODULE:
            found[path] = old_blob.strip("0") != ""
    return found


def _contents(root: Path, revision: str, commit: str, paths: Sequence[str]) -> dict[str, bytes | None]:
    """The files at a commit, written as a checkout would write them to a folder that goes again."""
    if not paths:
        return {}
    with tempfile.TemporaryDirectory(prefix="nb2mod-revision-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(root, revision, "read-tree", commit, extra=index)
        prefix = os.fsdecode(_git(root, revision, "rev-parse", "--show-prefix")).removesuffix("\n")
        asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
        out = Path(folder) / "tree"
        _git(root, revision, "checkout-index", "-z", "--stdin", f"--prefix={out}/", given=asked, extra=index)
        return {path: (out / prefix / path).read_bytes() for path in paths}


def _git(
    root: Path, revision: str, *arguments: str, given: bytes = b"", extra: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    # No hook: writing an index, even one of our own, would run post-index-change.
    settings = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    command = ["git", "--literal-pathspecs", "--no-optional-locks", *settings, *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, "LC_ALL": "C", **extra},
            input=given,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
    except FileNotFoundError:
        raise UsageError(f"--against {revision} asks git, and there is no git on PATH") from None
    except subprocess.TimeoutExpired:
        waited = f"git {arguments[0]} did not answer in {_PATIENCE // 60} minutes"
        raise UsageError(f"--against {revision}: {waited}; try it by hand, something it reads may be waiting") from None
    if done.returncode == 0:
        return done.stdout
    complaint = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    if "not a git repository" in complaint:
        raise UsageError(
            f"--against {revision}: {root} is in no git repository; leave it out to use nb2mod's own journal"
        )
    if arguments[0] == "rev-parse" and not complaint:
        raise UsageError(f"--against {revision}: git knows no such commit, branch or tag (a shallow clone has few)")
    raise UsageError(f"--against {revision}: git can't tell what was there: {complaint}")
