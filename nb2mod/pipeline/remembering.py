"""The whole report of a scan, kept while nothing it depends on changes: then a scan is a walk and one look-up."""

import os
import sys
from hashlib import blake2b

import msgspec

from nb2mod.model import Report
from nb2mod.model.projects import Found
from nb2mod.pipeline.request import Request
from nb2mod.store import Store

# Files that say which modules the project declares or is; their change changes verdicts (N19).
_DECLARING = (
    "pyproject.toml setup.cfg setup.py requirements.txt requirements-dev.txt environment.yml environment.yaml Pipfile "
    "requirements binder .binder"
).split()


def key(request: Request, found: Found) -> bytes:
    """A hash of all that a report depends on: files and their stats, the folders they stand in, settings, this Python."""
    folders = sorted(_with_parents({path.rpartition("/")[0] for path in found.stats} | {"src"}))
    parts = (
        sorted(found.stats.items()),
        found.outside,
        found.unreadable,
        request.config,
        [str(path) for path in request.paths],
        (request.select, request.ignore, request.unsafe, request.here, request.module),
        request.choices,
        # A module put beside a notebook, or taken away, changes what an import there means.
        [(folder, _changed(f"{request.root}/{folder}")) for folder in folders],
        [(name, _changed(f"{request.root}/{name}")) for name in _DECLARING],
        [(entry, _changed(entry)) for entry in sys.path if entry],
        sys.version,
    )
    return blake2b(msgspec.msgpack.encode(parts), digest_size=16).digest()


def recall(store: Store, name: bytes) -> Report | None:
    """The report kept under this key."""
    data = store.report(name)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Report)
    except msgspec.DecodeError:
        return None


def keep(store: Store, name: bytes, report: Report) -> None:
    """Keeps one report; the one before goes."""
    store.remember((), {}, (name, msgspec.msgpack.encode(report)))


def _with_parents(folders: set[str]) -> set[str]:
    found = {""}
    for folder in folders:
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - a Path costs more than the call, and a warm scan is made of these
    except OSError:
        return 0
