"""The form of one journal file: what a change was, and every byte before and after. Bytes ↔ values; no file is opened here.

    magic line · length of the head (8 bytes) · SHA-256 of the head (32 bytes) · head (msgpack of Entry) · blobs

The head alone answers most questions, so the blobs are read only by who needs them. Nothing in a journal is believed: a
repository may bring one along that somebody else wrote. What is not whole, or names a place that nb2mod would never write to,
raises BadJournal.
"""

import hashlib
import re
import zlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from nb2mod.model import CellEdit
from nb2mod.stages.apply.targets import wrong_path

MAGIC = b"nb2mod journal 1\n"
PREFIX = len(MAGIC) + 8 + 32  # what must be read before the head

_ID = re.compile(r"\d{6,12}-[a-z][a-z0-9-]{0,60}")
_TOKEN = re.compile(r"[0-9a-f]{8}")


class BadJournal(Exception):
    """The bytes are no journal that can be used; the message says why, in words that follow "because"."""


class Blob(Struct, frozen=True, array_like=True):
    """Where stored bytes lie, counted from the end of the head, and what they must turn out to be.

    `prefix` and `suffix` bytes at both ends are those of the file's bytes before: a changed notebook differs from itself in
    a small middle, and its images need not be stored twice.
    """

    offset: int
    stored: int
    size: int
    digest: bytes
    prefix: int = 0
    suffix: int = 0


class Step(Struct, frozen=True):
    """One file of a change, with its bytes. `before` None: a new file; `after` None: the file goes.

    `path` is the file as the person knows it, `place` where its bytes lie (links resolved), both relative to the root.
    """

    path: str
    place: str
    before: bytes | None
    after: bytes | None
    mode: int | None = None
    cells: tuple[CellEdit, ...] = ()


class StoredEdit(Struct, frozen=True, array_like=True):
    """A CellEdit in bytes: JSON may hold half a surrogate pair, which is text in Python and none in UTF-8."""

    cell: int
    cell_id: bytes | None
    before: bytes
    after: bytes
    inserted: bool


class FileRecord(Struct, frozen=True):
    """A Step as the head of a journal keeps it."""

    path: str
    place: str
    before: Blob | None
    after: Blob | None
    mode: int | None = None
    cells: tuple[StoredEdit, ...] = ()


class Entry(Struct, frozen=True):
    """One change. For an undo, `id` is the entry it takes back.

    `folders` are those that the change made, outer ones first; an undo removes them where they are empty. `token` is part
    of the names of its temporary files.
    """

    id: str
    token: str
    undoes: bool
    folders: tuple[str, ...]
    files: tuple[FileRecord, ...]


def encode(id_: str, token: str, undoes: bool, folders: tuple[str, ...], steps: Sequence[Step]) -> list[bytes]:
    """One journal file, in pieces to be written one after the other."""
    blobs: list[bytes] = []
    records = []
    offset = 0
    for step in steps:
        before, stored = _pack(step.before, b"", offset)
        offset += len(stored)
        after, stored_after = _pack(step.after, step.before or b"", offset)
        offset += len(stored_after)
        blobs += [stored, stored_after]
        records.append(FileRecord(step.path, step.place, before, after, step.mode, _stored(step.cells)))
    head = msgspec.msgpack.encode(Entry(id_, token, undoes, folders, tuple(records)))
    return [MAGIC, len(head).to_bytes(8, "big"), hashlib.sha256(head).digest(), head, *blobs]


def head_length(start: bytes) -> int:
    """How long the head is, from the file's first PREFIX bytes."""
    if len(start) < PREFIX:
        raise BadJournal("it is cut off")
    if not start.startswith(MAGIC):
        raise BadJournal("it is no journal of this version of nb2mod")
    return int.from_bytes(start[len(MAGIC) : len(MAGIC) + 8], "big")


def decode_head(start: bytes, head: bytes) -> Entry:
    """The entry in `head`, checked: whole, and naming no place that nb2mod would not write to."""
    if len(head) != head_length(start):
        raise BadJournal("it is cut off")
    if hashlib.sha256(head).digest() != start[len(MAGIC) + 8 : PREFIX]:
        raise BadJournal("it is damaged")
    try:
        entry = msgspec.msgpack.decode(head, type=Entry)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadJournal(f"it is not what nb2mod writes ({error})") from error
    if not _ID.fullmatch(entry.id) or not _TOKEN.fullmatch(entry.token):
        raise BadJournal("it is not what nb2mod writes")
    for path in (*entry.folders, *(name for file in entry.files for name in (file.path, file.place))):
        if reason := wrong_path(path):
            raise BadJournal(f"it names {path!r}, which {reason}")
    return entry


def unpack(blobs: bytes, record: FileRecord) -> Step:
    """The record with its bytes. `blobs` is everything behind the head."""
    before = None if record.before is None else _unpack(blobs, record.before, b"")
    after = None if record.after is None else _unpack(blobs, record.after, before or b"")
    return Step(record.path, record.place, before, after, record.mode, _restored(record.cells))


def valid_id(id_: str) -> bool:
    """Whether `id_` can be the id of an entry."""
    return bool(_ID.fullmatch(id_))


def _stored(edits: tuple[CellEdit, ...]) -> tuple[StoredEdit, ...]:
    return tuple(
        StoredEdit(
            edit.cell,
            None if edit.cell_id is None else edit.cell_id.encode("utf-8", "surrogatepass"),
            edit.before.encode("utf-8", "surrogatepass"),
            edit.after.encode("utf-8", "surrogatepass"),
            edit.inserted,
        )
        for edit in edits
    )


def _restored(edits: tuple[StoredEdit, ...]) -> tuple[CellEdit, ...]:
    try:
        return tuple(
            CellEdit(
                edit.cell,
                None if edit.cell_id is None else edit.cell_id.decode("utf-8", "surrogatepass"),
                edit.before.decode("utf-8", "surrogatepass"),
                edit.after.decode("utf-8", "surrogatepass"),
                edit.inserted,
            )
            for edit in edits
        )
    except UnicodeDecodeError as error:
        raise BadJournal("it is damaged") from error


def _pack(content: bytes | None, like: bytes, offset: int) -> tuple[Blob | None, bytes]:
    if content is None:
        return None, b""
    prefix = _common_prefix(like, content)
    suffix = _common_suffix(like[prefix:], content[prefix:])
    stored = zlib.compress(content[prefix : len(content) - suffix], 1)
    return Blob(offset, len(stored), len(content), hashlib.sha256(content).digest(), prefix, suffix), stored


def _unpack(blobs: bytes, blob: Blob, like: bytes) -> bytes:
    middle_size = blob.size - blob.prefix - blob.suffix
    if min(middle_size, blob.prefix, blob.suffix, blob.offset, blob.stored) < 0 or blob.prefix + blob.suffix > len(
        like
    ):
        raise BadJournal("its sizes contradict each other")
    stored = blobs[blob.offset : blob.offset + blob.stored]
    try:
        # Never more than was promised: a few kilobytes may claim to be gigabytes.
        unpacker = zlib.decompressobj()
        middle = unpacker.decompress(stored, middle_size + 1)
    except zlib.error as error:
        raise BadJournal("it is cut off or damaged") from error
    content = like[: blob.prefix] + middle + like[len(like) - blob.suffix :]
    if not unpacker.eof or len(content) != blob.size or hashlib.sha256(content).digest() != blob.digest:
        raise BadJournal("it is cut off or damaged")
    return content


def _common_prefix(one: bytes, other: bytes) -> int:
    """How many bytes both begin with. Slices are compared at the speed of C, so halving beats looking at each byte."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(one: bytes, other: bytes) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
