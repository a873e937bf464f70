"""The outputs of one cell: streams joined, displays one by one and in their order, errors by type and message.

stdout and stderr race each other, so their order to one another is not compared; stdout and displays do not: a kernel sends what
was printed before it shows something.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nb2mod.model.runs import CellRun, Difference
from nb2mod.stages.verify.comparing.bundles import clean_text, compare_bundles, describe
from nb2mod.stages.verify.comparing.excerpts import LENGTH, apart
from nb2mod.stages.verify.comparing.json_values import Clean
from nb2mod.stages.verify.comparing.noise import Compared, compare_texts
from nb2mod.stages.verify.comparing.warned import Warned, take_out

DISPLAYS = ("display_data", "execute_result", "pyout", "update_display_data")


TIRED = "the old runs differ in so many places that a text was not compared to its end"


class Given(NamedTuple):
    """What one cell gave, sorted by kind. `pieces` of stdout are those before, between and after the displays."""

    pieces: tuple[str, ...]
    stdout: str
    stderr: str
    warned: tuple[Warned, ...]
    displays: tuple[Mapping[str, Any], ...]
    errors: tuple[tuple[str, str], ...]

    @property
    def anything(self) -> bool:
        """Whether a person sees anything."""
        return bool(self.stdout or self.stderr or self.warned or self.displays or self.errors)


class Cell(NamedTuple):
    """What comparing one cell came to."""

    differences: tuple[Difference, ...]
    noisy: bool
    notes: tuple[str, ...] = ()


def given(run: CellRun, plain: Clean) -> Given:
    """The outputs of a cell that was run, cleaned of what is never compared."""
    streams = {"stdout": [""], "stderr": [""]}
    displays: list[Mapping[str, Any]] = []
    errors: list[tuple[str, str]] = []
    for output in run.outputs:
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            streams[name][-1] += _text(output.get("text"))
        elif kind == "error":
            errors.append((_text(output.get("ename")), _text(output.get("evalue"))))
        elif kind in DISPLAYS:
            displays.append(output)
            streams["stdout"].append("")
            streams["stderr"].append("")
    if run.error is not None and not errors:
        errors.append((run.error.name, run.error.message))
    pieces = tuple(clean_text(piece, plain) for piece in streams["stdout"])
    stderr, warned = take_out(clean_text("".join(streams["stderr"]), plain))
    return Given(
        pieces if len(pieces) > 1 else (),
        pieces[0] if len(pieces) == 1 else clean_text("".join(streams["stdout"]), plain),
        stderr,
        tuple(warned),
        tuple(displays),
        tuple((plain(name), clean_text(message, plain)) for name, message in errors),
    )


def compare_outputs(olds: Sequence[Given], new: Given, cell: CellRun, plain: Clean) -> Cell:
    """Everything that differs in one cell; warnings are compared over the whole notebook, elsewhere. `cell` is the old one."""
    found: list[tuple[str, Compared]] = []
    for mine, theirs in (([old.stdout for old in olds], new.stdout), ([old.stderr for old in olds], new.stderr)):
        found.append(("stream", compare_texts(mine, theirs)))
    shown, notes = _compare_displays([old.displays for old in olds], new.displays, cell.cell, plain)
    found += shown
    found.append(("error", _compare_errors([old.errors for old in olds], new.errors)))
    if not any(compared.differs for _, compared in found):
        found.append(("order", _compare_order(olds, new)))
    return Cell(
        tuple(
            Difference(cell.cell, what, compared.before, compared.after, cell.cell_id)
            for what, compared in found
            if compared.differs
        ),
        any(compared.noisy for _, compared in found),
        notes if not any(compared.tired for _, compared in found) else (*notes, f"cell {cell.cell}: {TIRED}"),
    )


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(str(part) for part in value)
    return "" if value is None else str(value)


def _compare_displays(
    olds: Sequence[Sequence[Mapping[str, Any]]], new: Sequence[Mapping[str, Any]], cell: int, plain: Clean
) -> tuple[list[tuple[str, Compared]], tuple[str, ...]]:
    """The displays side by side. Where the old runs show different numbers of them, those at both ends that all have."""
    kinds = [[output.get("output_type") for output in old] for old in olds]
    new_kinds = [output.get("output_type") for output in new]
    noisy = any(old != kinds[0] for old in kinds)
    if not noisy and new_kinds != kinds[0]:
        return [("order", Compared(False, True, _listed(olds[0]), _listed(new)))], ()
    start, end = _ends(kinds) if noisy else (len(new), 0)
    if noisy and (new_kinds[:start] != kinds[0][:start] or len(new) < start + end):
        return [("order", Compared(True, True, _listed(olds[0]), _listed(new)))], ()
    places = [*range(start), *range(-end, 0)]
    displays = [compare_bundles([old[at] for old in olds], new[at], plain) for at in places]
    notes = tuple(f"cell {cell}: the content of {shown.unread} is not compared" for shown in displays if shown.unread)
    wrong = [at for at, shown in zip(places, displays, strict=True) if shown.compared.differs]
    if len(wrong) > 1 and _swapped([olds[0][at] for at in wrong], [new[at] for at in wrong]):
        before, after = _listed(olds[0]), _listed(new)
        if before == after:
            after += f"\nthe same displays in another order, from number {wrong[0] + 1} on"
        return [("order", Compared(noisy, True, before, after))], notes
    return [*((shown.what, shown.compared) for shown in displays), ("order", Compared(noisy))], notes


def _ends(kinds: Sequence[Sequence[object]]) -> tuple[int, int]:
    limit, start, end = min(map(len, kinds)), 0, 0
    while start < limit and all(kind[start] == kinds[0][start] for kind in kinds):
        start += 1
    while end < limit - start and all(kind[-1 - end] == kinds[0][-1 - end] for kind in kinds):
        end += 1
    return start, end


def _swapped(olds: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> bool:
    left = [output.get("data") for output in new]
    for output in olds:
        if output.get("data") not in left:
            return False
        left.remove(output.get("data"))
    return True


def _listed(outputs: Sequence[Mapping[str, Any]]) -> str:
    if not outputs:
        return "no display"
    lines = [f"{number}. {describe(output)}" for number, output in enumerate(outputs, 1)]
    more = [f"… {len(lines) - 10} more"] if len(lines) > 10 else []
    return "\n".join([*lines[:10], *more])


def _compare_errors(olds: Sequence[Sequence[tuple[str, str]]], new: Sequence[tuple[str, str]]) -> Compared:
    noisy = any(old != olds[0] for old in olds)
    if any(len(old) != len(olds[0]) for old in olds) or tuple(new) in (tuple(old) for old in olds):
        return Compared(noisy)
    if len(new) != len(olds[0]):
        return Compared(noisy, True, _raised(olds[0]), _raised(new))
    for index, (name, message) in enumerate(new):
        names = {old[index][0] for old in olds}
        if len(names) > 1:
            continue
        if name not in names or compare_texts([old[index][1] for old in olds], message).differs:
            return Compared(noisy, True, _raised(olds[0][index:]), _raised(new[index:]))
    return Compared(noisy)


def _raised(errors: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {message}" for name, message in errors)[:LENGTH] or "no error"


def _compare_order(olds: Sequence[Given], new: Given) -> Compared:
    """Where everything is shown, whether what is printed stands before and after the same displays."""
    if not new.pieces or any(len(old.pieces) != len(new.pieces) for old in olds):
        return Compared()
    for index, piece in enumerate(new.pieces):
        compared = compare_texts([old.pieces[index] for old in olds], piece)
        if compared.differs:
            return Compared(compared.noisy, True, *apart(_sequence(olds[0]), _sequence(new)))
    return Compared()


def _sequence(cell: Given) -> str:
    lines = []
    for number, piece in enumerate(cell.pieces):
        lines += piece.rstrip("\n").split("\n") if piece else []
        if number < len(cell.displays):
            lines.append(f"[{describe(cell.displays[number])}]")
    return "\n".join(lines)
