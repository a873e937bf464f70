"""What was indexed before: SQLite under the user's cache folder. Throw-away: a broken, locked or foreign file costs time, never
an answer.

Two memories, because outputs and counters change all the time and sources seldom: path and stat → where the cells stand;
*cell source* → facts. And whole reports: when nothing at all changed, a scan is one look-up.
"""

import contextlib
import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from nb2mod import __version__
from nb2mod.model import CellFacts, Features

_PACKAGE = Path(__file__).parent
_SAME = 16  # bytes that reports of the same files and settings have in common at the beginning of their keys
_LIMIT = 900  # host parameters of one SQLite statement
_SCHEMA = """
create table if not exists generation (code text not null);
create table if not exists outlines (path text primary key, stat blob not null, data blob not null) without rowid;
create table if not exists facts (digest blob primary key, data blob not null) without rowid;
create table if not exists reports (key blob primary key, data blob not null) without rowid;
"""

_ERRORS = (sqlite3.Error, OSError, msgspec.DecodeError)
_features = msgspec.msgpack.Decoder(Features)
_facts = msgspec.msgpack.Decoder(CellFacts)


def cache_folder() -> Path:
    """NB2MOD_CACHE, else the user's cache folder."""
    named = os.environ.get("NB2MOD_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("nb2mod", appauthor=False)


def generation() -> str:
    """Facts depend on the code that makes them and on the Python that parses; either one changing makes everything new.

    Code by its files' times, not by the version alone: two states of a checkout have the same version.
    """
    newest = 0
    for folder, names, files in os.walk(_PACKAGE):
        names[:] = [name for name in names if name != "__pycache__"]
        times = [os.stat(f"{folder}/{name}").st_mtime_ns for name in files if name.endswith(".py")]  # noqa: PTH116
        newest = max(newest, *times, 0)
    return f"{__version__}-{newest:x}-{sys.version_info.major}.{sys.version_info.minor}"


class Store:
    """One project's memory. Every method answers "nothing known" instead of failing."""

    def __init__(self, root: Path, folder: Path | None = None) -> None:
        name = hashlib.blake2b(str(root).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        self._connection: sqlite3.Connection | None = None
        with contextlib.suppress(*_ERRORS):
            where = folder or cache_folder()
            where.mkdir(parents=True, exist_ok=True)
            self._connection = _open(where / f"{name}.sqlite", generation())

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def outlines(self, stats: Mapping[str, bytes]) -> dict[str, Features]:
        """Files whose stat is what it was: their outline, facts empty."""
        found: dict[str, Features] = {}
        for path, stat, data in self._rows("select path, stat, data from outlines where path in", list(stats)):
            if stats[path] == stat:
                with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                    found[path] = _features.decode(data)
        return found

    def facts(self, digests: Sequence[bytes]) -> dict[bytes, CellFacts]:
        """Facts of the cell texts that were read before."""
        found: dict[bytes, CellFacts] = {}
        for digest, data in self._rows("select digest, data from facts where digest in", digests):
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                found[digest] = _facts.decode(data)
        return found

    def report(self, key: bytes) -> bytes | None:
        """A whole report that was kept under this key."""
        rows = list(self._rows("select data from reports where key in", [key]))
        return rows[0][0] if rows else None

    def remember(
        self,
        outlines: Iterable[tuple[Features, bytes]],
        facts: Mapping[bytes, CellFacts],
        report: tuple[bytes, bytes] | None,
    ) -> None:
        """Keeps what a run found, in one transaction. Of reports the newest, and those whose keys begin like its key."""
        if self._connection is None:
            return
        with contextlib.suppress(*_ERRORS), self._connection as connection:
            connection.executemany(
                "insert or replace into outlines values (?, ?, ?)",
                ((features.path, stat, data) for features, stat in outlines if (data := _encoded(features))),
            )
            connection.executemany(
                "insert or replace into facts values (?, ?)",
                ((digest, data) for digest, one in facts.items() if (data := _encoded(one))),
            )
            if report is not None:
                connection.execute("delete from reports where substr(key, 1, ?) <> ?", (_SAME, report[0][:_SAME]))
                connection.execute("insert or replace into reports values (?, ?)", report)

    def _rows(self, query: str, keys: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]
        if self._connection is None:
            return
        for start in range(0, len(keys), _LIMIT):
            chunk = keys[start : start + _LIMIT]
            marks = ",".join("?" * len(chunk))
            try:
                yield from self._connection.execute(f"{query} ({marks})", chunk)
            except _ERRORS:
                return


def _encoded(value: Features | CellFacts) -> bytes | None:
    """None for what holds a lone surrogate: JSON can carry it, UTF-8 and so msgpack can't. It is read anew each time."""
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return None


def _open(path: Path, code: str) -> sqlite3.Connection:
    """The database; emptied when other code filled it, made anew when it is none."""
    try:
        return _connected(path, code)
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        return _connected(path, code)


def _connected(path: Path, code: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=2)
    try:
        connection.executescript("pragma journal_mode = wal; pragma synchronous = off;" + _SCHEMA)
        if connection.execute("select code from generation").fetchall() != [(code,)]:
            with connection:
                for table in ("outlines", "facts", "reports", "generation"):
                    connection.execute(f"delete from {table}")
                connection.execute("insert into generation values (?)", (code,))
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
