"""Old, old again, new: what differs in the new run and not between the old ones. Nothing is run here and no file is read.

A new run that agrees with one of the old ones in a place is never held to differ there, whatever the others gave.
"""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from nb2mod.model.runs import CellRun, Difference, NotebookRun
from nb2mod.stages.verify.comparing.json_values import Clean
from nb2mod.stages.verify.comparing.module_names import without_modules
from nb2mod.stages.verify.comparing.namespaces import compare_names
from nb2mod.stages.verify.comparing.outputs import Given, compare_outputs, given
from nb2mod.stages.verify.comparing.warned import compare_warnings


class Comparison(Struct, frozen=True):
    """What comparing runs came to.

    `noisy` counts the old cells that hold something which differs between the old runs.
    `notes` tell what is not held against the new run, or could not be compared, in sentences for the report.
    """

    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    noisy: int = 0


def compare(
    olds: Sequence[NotebookRun],
    new: NotebookRun,
    *,
    modules: Collection[str],
    cells: Mapping[int, int],
    local: Collection[str] = (),
) -> Comparison:
    """What `new` does otherwise than every run of `olds`, of which there is at least one.

    `modules` are the dotted modules of the package, which stand for `__main__` where code moved there. `cells` maps the cells
    of the notebook before to those of the notebook after. `local` are names that became local to functions: told, not held
    against the new run when they are not bound at its end.
    """
    plain = without_modules(modules)
    rows = _common_rows(olds)
    after = {run.cell: run for run in new.cells}
    differences: list[Difference] = []
    notes: list[str] = [_ended_early(olds, rows)] if any(len(run.cells) > len(rows) for run in olds) else []
    noisy = 0
    kept: list[tuple[int, list[Given], Given]] = []
    lost: list[CellRun] = []
    for row in rows:
        target = cells.get(row[0].cell)
        if target is None:
            differences += _without_partner(row[0], plain)
            continue
        if target not in after:
            lost.append(row[0])
            continue
        mine, theirs = [given(run, plain) for run in row], given(after[target], plain)
        judged = compare_outputs(mine, theirs, row[0], plain)
        differences += judged.differences
        notes += judged.notes
        noisy += judged.noisy
        kept.append((row[0].cell, mine, theirs))
    warned = compare_warnings(
        [{cell: mine[index].warned for cell, mine, _ in kept} for index in range(len(olds))],
        {cell: theirs.warned for cell, _, theirs in kept},
    )
    differences += warned.differences
    notes += warned.notes
    # An error first: what else differs in its cell follows from it, and few differences are shown.
    differences.sort(key=lambda difference: (difference.cell, difference.what != "error"))
    notes += _inserted(new, cells, plain)
    if lost:
        differences.append(_not_reached(lost, rows, new))
        notes.append("the names at the end are not compared, since the new run did not get there")
        return Comparison(tuple(differences), tuple(notes), noisy)
    named, named_notes = _names(olds, new, plain, local)
    return Comparison((*differences, *named), (*notes, *named_notes), noisy)


def _common_rows(olds: Sequence[NotebookRun]) -> list[list[CellRun]]:
    """The cells that every old run reached, in order, each with its runs; the first run's first."""
    others = [{run.cell: run for run in old.cells} for old in olds[1:]]
    rows = []
    for cell in olds[0].cells:
        if not all(cell.cell in other for other in others):
            break
        rows.append([cell, *(other[cell.cell] for other in others)])
    return rows


def _ended_early(olds: Sequence[NotebookRun], rows: Sequence[Sequence[CellRun]]) -> str:
    last = f"after cell {rows[-1][0].cell}" if rows else "before the first cell"
    why = next((text for text in map(_why, olds) if text), "")
    return f"one run of the old notebook ended {last}{f' ({why})' if why else ''}: what comes later is not compared"


def _why(run: NotebookRun) -> str:
    return run.failure or (f"{run.error.name}: {run.error.message}" if run.error is not None else "")


def _without_partner(cell: CellRun, plain: Clean) -> list[Difference]:
    if not given(cell, plain).anything:
        return []
    return [Difference(cell.cell, "cells", "the cell and what it shows", "no such cell", cell.cell_id)]


def _not_reached(lost: Sequence[CellRun], rows: Sequence[Sequence[CellRun]], new: NotebookRun) -> Difference:
    count = len(lost)
    ended = f"ended at its cell {new.cells[-1].cell}" if new.cells else "ended before its first cell"
    why = _why(new)
    return Difference(
        lost[0].cell,
        "cells",
        f"ran to cell {rows[-1][0].cell}",
        f"{ended}, {count} {'cell' if count == 1 else 'cells'} earlier" + (f": {why}"[:1000] if why else ""),
        lost[0].cell_id,
    )


def _inserted(new: NotebookRun, cells: Mapping[int, int], plain: Clean) -> list[str]:
    known = set(cells.values())
    return [
        f"cell {run.cell} of the new notebook was inserted and shows something"
        for run in new.cells
        if run.cell not in known and given(run, plain).anything
    ]


def _names(
    olds: Sequence[NotebookRun], new: NotebookRun, plain: Clean, local: Collection[str]
) -> tuple[list[Difference], list[str]]:
    taken = [old.names for old in olds if old.names is not None]
    if len(taken) < len(olds) or new.names is None:
        return [], ["the names at the end are not compared: they could not be taken in every run"]
    return compare_names(taken, new.names, plain, local)
