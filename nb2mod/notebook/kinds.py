"""Which kind of file is read by whom, by suffix. A second kind (text notebooks) is one more row here and one module beside."""

from collections.abc import Callable
from typing import NamedTuple

from nb2mod.model import Notebook
from nb2mod.notebook import reading, skimming


class Kind(NamedTuple):
    """How files of one suffix are read: `read` with spans, for editing; `quick` without, for the index."""

    suffix: str
    read: Callable[[str, bytes], Notebook]
    quick: Callable[[str, bytes], Notebook]


KINDS = (Kind(".ipynb", reading.read, skimming.quick),)


def kind_of(path: str) -> Kind | None:
    """The kind that the suffix of `path` names; None for files that are no notebooks."""
    return next((kind for kind in KINDS if path.lower().endswith(kind.suffix)), None)
