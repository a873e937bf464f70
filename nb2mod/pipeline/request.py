"""What one run is asked for: one value of settings, passed on."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from nb2mod.config import Config
from nb2mod.model import Choice

# Told between steps: what is done, how many of how many.
Progress = Callable[[str, int, int], None]


class Request(Struct, frozen=True):
    """`root` is absolute. `paths` select candidates by where one copy stands; with `here`, nothing else is looked at.

    `select` and `ignore` are names (globs) or ids of candidates; `choices` come from a plan file and win over everything.
    `jobs` 0: one worker per core. `whole`: the one notebook in `paths` becomes a module as a whole, and nothing else is looked
    at.
    """

    root: Path
    config: Config
    paths: tuple[Path, ...] = ()
    jobs: int = 0
    cache: bool = True
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    unsafe: bool = False
    here: bool = False
    module: str | None = None
    add_dependencies: bool = False
    allow_dirty: bool = False
    choices: tuple[Choice, ...] | None = None
    whole: bool = False


def silent(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""
