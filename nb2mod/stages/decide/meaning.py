"""What decide asks of analyze, as plain callables: stages see data, never another stage."""

from collections.abc import Mapping
from typing import Protocol

from nb2mod.model import Meaning


class MeaningKeys(Protocol):
    """The whole meaning of a definition as a key (`Meanings.key`)."""

    def __call__(self, file: int, cell: int, definition: int, /) -> str: ...


class MeaningSource(Protocol):
    """What analyze knows of meanings; `analyze.Meanings` is one."""

    def of(self, file: int, cell: int, definition: int, name: str, *, eager: bool = False) -> Meaning: ...

    def key(self, file: int, cell: int, definition: int, /) -> str: ...

    def owners(self, file: int) -> Mapping[tuple[int, int], str]: ...

    def earliest_run(self, file: int, name: str) -> tuple[int, int]: ...
