"""The whole report of a scan, kept while nothing it depends on changes: then a scan is a walk and one look-up.

And that of an extract that had nothing to move. One that moves something is worked out and proved each time.
"""

import sys
from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from nb2mod.model import ChangeSet, Report
from nb2mod.model.projects import Found
from nb2mod.pipeline.request import Request
from nb2mod.stages import discover
from nb2mod.store import Store

_EXTRACT = b"extract"


def key(request: Request, found: Found) -> bytes:
    """A hash of all that a report depends on: files and their stats, the folders they stand in, settings, this Python."""
    parts = (
        sorted(found.stats.items()),
        found.outside,
        found.unreadable,
        request.config,
        [str(path) for path in request.paths],
        (request.select, request.ignore, request.unsafe, request.here, request.module),
        request.choices,
        discover.surroundings(request.root, found),
        sys.version,
    )
    # repr, not msgpack: file names that are no text (undecodable bytes) must count too.
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def recall(store: Store, name: bytes) -> Report | None:
    """The report kept under this key."""
    data = store.report(name)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def keep(store: Store, name: bytes, report: Report) -> None:
    """Keeps one report; those of other files or settings go."""
    try:
        data = msgspec.msgpack.encode(report)
    except UnicodeEncodeError:
        return  # a name or path with a lone surrogate, which UTF-8 can't carry
    store.remember((), {}, (name, data))


def recall_idle(store: Store, name: bytes) -> Report | None:
    """The report of an extract that has nothing to move: the one kept, else by a scan of the same, with no changes.

    Several packages to choose from are a scan's note and an extract's refusal, which is worked out.
    """
    found = recall(store, name + _EXTRACT)
    if found is not None:
        return found
    seen = recall(store, name)
    if seen is None or seen.plan is None or seen.plan.extractions or seen.packages:
        return None
    return replace(seen, changes=ChangeSet(()))


def keep_idle(store: Store, name: bytes, report: Report) -> None:
    """Keeps the report of an extract when it changes nothing."""
    if report.changes is not None and not report.changes.changes:
        keep(store, name + _EXTRACT, report)
