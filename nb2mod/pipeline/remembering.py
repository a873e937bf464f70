"""The whole report of a scan, kept while nothing it depends on changes: then a scan is a walk and one look-up."""

import sys
from hashlib import blake2b

import msgspec

from nb2mod.model import Report
from nb2mod.model.projects import Found
from nb2mod.pipeline.request import Request
from nb2mod.stages import discover
from nb2mod.store import Store


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
    """Keeps one report; the one before goes."""
    try:
        data = msgspec.msgpack.encode(report)
    except UnicodeEncodeError:
        return  # a name or path with a lone surrogate, which UTF-8 can't carry
    store.remember((), {}, (name, data))
