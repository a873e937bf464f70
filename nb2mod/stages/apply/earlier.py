"""The files as they were before the last extraction, worked out as `undo` would, with nothing written."""

from pathlib import Path

from msgspec import Struct

from nb2mod.errors import Refused
from nb2mod.stages.apply import journal
from nb2mod.stages.apply.records import BadJournal
from nb2mod.stages.apply.transplant import Trouble
from nb2mod.stages.apply.undoing import Refusal, location_of, standing_now, without_edits

_LABEL = "extract"


class Earlier(Struct, frozen=True):
    """`files`: path → bytes before the extraction `entry` (None: no such file), with what people changed since kept.

    `unknown` are files whose extracted lines were edited since: what they were before is nobody's to say.
    """

    entry: str
    files: dict[str, bytes | None]
    unknown: tuple[Refusal, ...] = ()


def earlier(root: Path) -> Earlier | None:
    """What `undo` would bring back for the last extraction that stands; None when there is none.

    Raises Refused when its journal can't be used. Reads only.
    """
    root = root.resolve()
    if not journal.exists(root):
        return None
    ids = [id_ for id_ in journal.standing(root) if id_.partition("-")[2] == _LABEL]
    if not ids:
        return None
    name = f"{ids[-1]}.entry"
    try:
        _, steps = journal.steps(root, name)
    except (BadJournal, OSError) as error:
        raise Refused(journal.in_words(root, name, error)) from error
    files: dict[str, bytes | None] = {}
    unknown = []
    for step in steps:
        now = standing_now(root, step)
        wanted = now if isinstance(now, Trouble) else without_edits(step, now)
        if step.before is None and not isinstance(now, Trouble):
            wanted = None  # whatever was done to it since: then it was not there
        if isinstance(wanted, Trouble):
            unknown.append(Refusal(location_of(step, wanted.cell), wanted.reason))
        elif wanted != now:
            files[step.path] = wanted
    return Earlier(ids[-1], files, tuple(unknown))
