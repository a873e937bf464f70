"""What a kernel is started with: its environment variables, and an IPython folder that is not the user's own."""

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from nb2mod.stages.verify.running.scratch import Scratch

_BIG = 10 * 1024 * 1024  # bytes: what is bigger in an IPython profile is no configuration
_NOT_CONFIGURATION = frozenset({"history.sqlite", "log", "pid", "security", "__pycache__"})


def environment(scratch: Scratch, outer: Mapping[str, str]) -> dict[str, str]:
    """The variables for a kernel in this scratch copy, from those of nb2mod's own process.

    The copy's source roots come first on the path; entries of PYTHONPATH that lie in the project become the copy's. Strings
    are hashed alike in every run unless the user has set a seed. Temporary files and IPython's own go to the scratch.
    """
    own = [str(scratch.root / root) if root not in ("", ".") else str(scratch.root) for root in scratch.package_roots]
    inherited = [_moved(entry, scratch) for entry in outer.get("PYTHONPATH", "").split(os.pathsep) if entry]
    folders = {name: str(scratch.temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    ipython = scratch.private / "ipython"
    _copy_profile(outer, ipython)
    return {
        "PYTHONHASHSEED": "0",
        **outer,
        **folders,
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([*own, *inherited])),
        "PYTHONDONTWRITEBYTECODE": "1",
        "IPYTHONDIR": str(ipython),
    }


def with_kernelspec(variables: dict[str, str], spec: Mapping[str, str], scratch: Scratch) -> dict[str, str]:
    """What a kernelspec sets may add to the path and to what hides nothing of ours; the rest of it stays as it is."""
    kept = {key: value for key, value in spec.items() if key not in ("TMPDIR", "TEMP", "TMP", "IPYTHONDIR")}
    if kept.get("PYTHONPATH"):
        theirs = [_moved(entry, scratch) for entry in kept["PYTHONPATH"].split(os.pathsep) if entry]
        ours = variables["PYTHONPATH"].split(os.pathsep)
        kept["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([*ours, *theirs]))
    return kept


def _moved(entry: str, scratch: Scratch) -> str:
    """A folder of the project as its copy; any other as it is, absolute."""
    real = Path(entry).resolve()
    if real == scratch.source or scratch.source in real.parents:
        return str(scratch.root / real.relative_to(scratch.source))
    return entry


def _copy_profile(outer: Mapping[str, str], target: Path) -> None:
    """The user's IPython configuration, startup files and %store values; not the history. What can't be read is left out."""
    source = Path(outer.get("IPYTHONDIR") or Path.home() / ".ipython") / "profile_default"
    target.mkdir(parents=True, exist_ok=True)

    def unwanted(folder: str, names: list[str]) -> set[str]:
        left_out = set(_NOT_CONFIGURATION.intersection(names))
        for name in names:
            path = Path(folder, name)
            with contextlib.suppress(OSError):
                if not path.is_dir() and (not path.is_file() or path.stat().st_size > _BIG):
                    left_out.add(name)
        return left_out

    if source.is_dir():
        with contextlib.suppress(OSError, shutil.Error):
            shutil.copytree(source, target / "profile_default", ignore=unwanted, dirs_exist_ok=True)
