"""STAGE: ChangeSet → disk, all or nothing, with a journal for `undo`. Computes no change of its own.

writing ──┐                                    ┌─ targets     where a path leads, is it as it was read
undoing ──┼→ transaction → settling → journal ─┼─ records     the form of a journal file
recovery ─┘        transplant → lines          └─ system      every call that touches a file
"""

from nb2mod.stages.apply.earlier import Earlier, earlier
from nb2mod.stages.apply.recovery import recover
from nb2mod.stages.apply.undoing import Refusal, UndoResult, undo
from nb2mod.stages.apply.writing import last_written, write

__all__ = ["Earlier", "Refusal", "UndoResult", "earlier", "last_written", "recover", "undo", "write"]
