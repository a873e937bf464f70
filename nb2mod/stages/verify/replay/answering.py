"""What the kernel answered → typed records. The notebook's own code ran in that kernel: nothing is taken on trust."""

import ast
import builtins
import keyword
import re
import warnings
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from nb2mod.stages.verify.replay.calls import Argument, Change, Datum, Record, Target

_PLACE = re.compile(r"@@(\d+)@@")
_LONGEST_NAME = 200  # bytes: names of tests become names of files

_Count = Annotated[int, Meta(ge=0, le=10**9)]


class Case(Struct, frozen=True):
    """The parts of a test, as `inside/writing.py` sends them."""

    method: str
    kind: Literal["function", "other", "instance", "class", "static"]
    receiver: str
    arguments: tuple[tuple[str, str], ...]
    stdout: str
    mutated: tuple[tuple[int | str, str, str], ...]
    data: tuple[tuple[Literal["npy", "json"], bytes], ...]
    lines: frozenset[int]
    shape: str
    result: str | None = None
    raises: tuple[str, str] | None = None
    yields: bool = False


class Found(Struct, frozen=True):
    """What came of one definition's calls, as `inside/again.py` sends it."""

    recorded: _Count
    same: _Count
    note: str
    skipped: tuple[str, ...]
    differences: tuple[tuple[str, str, str], ...]
    cases: tuple[Case, ...]


class Answer(Struct, frozen=True):
    """All of them, in the order of the targets; or `note`: why there is nothing."""

    note: str
    targets: tuple[Found, ...] = ()


def decoded(answer: Any, targets: int) -> Answer | None:
    """The answer for so many targets; None when it is none that the replay gives."""
    try:
        found = msgspec.convert(answer, Answer)
    except (msgspec.ValidationError, RecursionError):
        return None
    return found if found.note or len(found.targets) == targets else None


def record_of(target: Target, case: Case) -> Record | None:
    """The record of a case; None when one of its texts is not what a test may hold: a name, or a single expression."""
    if not _is_sound(target, case):
        return None
    return Record(
        target=target,
        method=case.method,
        kind=case.kind,
        receiver=case.receiver,
        arguments=tuple(Argument(name, text) for name, text in case.arguments),
        result=case.result,
        raises=case.raises,
        yields=case.yields,
        stdout=case.stdout,
        mutated=tuple(Change(at, name, text) for at, name, text in case.mutated),
        data=tuple(Datum(kind, content) for kind, content in case.data),
        lines=case.lines,
        shape=case.shape,
    )


def _is_sound(target: Target, case: Case) -> bool:
    names = [name for name, _ in case.arguments if name] + [name for _, name, _ in case.mutated]
    texts = [text for _, text in case.arguments] + [text for _, _, text in case.mutated]
    if case.method:
        names.append(case.method)
    if case.receiver:
        texts += [case.receiver, f"{case.receiver}.{case.method}"]
    if case.result is not None:
        texts.append(case.result)
    return (
        (case.kind in ("function", "other")) == (not case.method)
        and (case.kind == "instance") == bool(case.receiver)
        and all(_is_name(name) for name in names)
        and len(f"{target.new_name}_{case.method}".encode()) <= _LONGEST_NAME
        and (case.raises is None or _is_exception(case.raises[0]))
        and all(_is_expression(text, len(case.data)) for text in texts)
    )


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _is_exception(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, Exception)


def _is_expression(text: str, data: int) -> bool:
    """Whether the text is one expression on one line, wherever it is put: as an argument, or after `==`."""
    if text.splitlines() != [text] or any(int(found) >= data for found in _PLACE.findall(text)):
        return False
    plain = _PLACE.sub("_data()", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(plain, mode="eval")
            among = ast.parse(
                f"[_ == {plain}]", mode="eval"
            ).body  # a comment, a comma or a lambda does not fit in here
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return isinstance(among, ast.List) and len(among.elts) == 1
