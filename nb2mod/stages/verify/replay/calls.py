"""What replay is asked for and what it gives: definitions to watch, calls that were the same, files of tests."""

from typing import Literal

from msgspec import Struct

from nb2mod.model import Difference, Replay


class Target(Struct, frozen=True):
    """One definition of a notebook that an extraction moves, and where it goes.

    `source` is the text of its cell, by which the kernel recognises it; `line` is that of the `def` or `class` in the cell.
    `passes`: keyword-only parameters that it gets, each with the literal that its calls pass from now on. `passes_more`: they
    pass something else that they did not pass when they were recorded, so they can't be made again.
    """

    path: str
    cell: int
    name: str
    source: str
    line: int
    module: str
    new_name: str
    cell_id: str | None = None
    passes_more: bool = False
    passes: tuple[tuple[str, str], ...] = ()


class Datum(Struct, frozen=True):
    """What a test needs beside its text: an array ("npy") or a table ("json")."""

    kind: Literal["npy", "json"]
    content: bytes


class Argument(Struct, frozen=True):
    """One argument as the test passes it. No name: by position."""

    name: str
    text: str


class Change(Struct, frozen=True):
    """What the call changes an argument to. `at` is its position among the arguments by position, its name, or -1: self."""

    at: int | str
    name: str
    text: str


class Record(Struct, frozen=True):
    """One call that both definitions answered in the same way, as the parts of a test.

    Texts are expressions; `@@0@@` in them stands for the first of `data`. `kind` is "function" ("other": one that is
    wrapped in a way of its own), or how the method is reached: "instance", "class", "static". `lines` are those of the
    definition that ran.
    """

    target: Target
    method: str
    kind: str
    receiver: str
    arguments: tuple[Argument, ...]
    result: str | None  # None: it raises
    raises: tuple[str, str] | None = None
    yields: bool = False
    stdout: str = ""
    mutated: tuple[Change, ...] = ()
    data: tuple[Datum, ...] = ()
    lines: frozenset[int] = frozenset()
    shape: str = ""

    @property
    def size(self) -> int:
        """Characters of text and a share of the data: what a reader of the test has to take in."""
        texts = [self.receiver, self.result or "", self.stdout]
        texts += [one.text for one in self.arguments] + [one.text for one in self.mutated]
        return sum(map(len, texts)) + sum(100 + len(one.content) // 10 for one in self.data)


class ReplayResult(Struct, frozen=True):
    """What making the calls of one notebook again came to. `records` are what tests can be chosen from."""

    replays: tuple[Replay, ...] = ()
    differences: tuple[Difference, ...] = ()
    records: tuple[Record, ...] = ()
    seconds: float = 0.0  # of the recorded run, with the replay


class NewFile(Struct, frozen=True):
    """A file to be written beside the extraction. `path` is relative to the project's root; nothing stands there yet."""

    path: str
    content: bytes
