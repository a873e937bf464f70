"""Why a block can't become a function, wants a review, or what a person should know: one check per row of hazards B1 to B17."""

from collections.abc import Callable, Iterator

from nb2mod.model import Location, Reason
from nb2mod.stages.analyze.blocks.before import held_before, why_unbound
from nb2mod.stages.analyze.blocks.closing import closed_over
from nb2mod.stages.analyze.blocks.crossing import Crossing
from nb2mod.stages.analyze.blocks.running import Reached
from nb2mod.stages.analyze.blocks.surroundings import Surroundings
from nb2mod.stages.analyze.given_names import BUILTINS
from nb2mod.syntax.block_facts import BOUND, GONE, Spot

Check = Callable[[Surroundings, Crossing], Iterator[Reason]]


def _blocks(code: str, message: str, place: Location) -> Reason:
    return Reason(code, message, "blocks", place)


def unbound(around: Surroundings, crossing: Crossing) -> Iterator[Reason]:
    """B2: a parameter that may not be bound when the call evaluates it.

    A read that happens whatever else does, and before anything but names and literals (`plt.plot(x)`), would have failed as well.
    """
    for name in crossing.inputs:
        need = crossing.needs.get(name)
        if need is not None and need.sure and need.calm and need.asked <= around.whole.imported:
            continue
        why = why_unbound(around, name)
        if not why:
            continue
        if need is not None:
            place = around.where(need.piece, need.line)
            yield _blocks("NB361", f"reads `{name}`, which may not be bound yet: {why}", place)
        else:
            bound = crossing.bound[name]
            message = f"binds `{name}` on some paths only, and before the block it may not be bound: {why}"
            yield _blocks("NB361", message, around.where(bound.piece, bound.line))


def seen_meanwhile(around: Surroundings, crossing: Crossing) -> Iterator[Reason]:
    """B4, B5: something sees the notebook's names while the block runs."""
    for view in around.reading.views:
        message = f"`{view.what}` looks at the names of the notebook, and in a function these are others"
        yield _blocks("NB362", message, around.at(view))
    for declaration in around.reading.declarations:
        message = f"`{declaration.what}` does something else inside a function"
        yield _blocks("NB362", message, around.at(declaration))
    for part in around.parts_in((around.block.cell,)):
        here = part.reading.declarations if "global" in part.words.names else ()
        for declaration in (one for one in here if one.what.startswith("global ")):
            message = f"`{declaration.what}` stands in the same cell, where no use of the name may stand above it"
            yield _blocks("NB362", message, around.location(part.cell, declaration.line))
    if around.reading.still:
        return
    deleted = {each.name for each in around.reading.deletes}
    moved = frozenset((crossing.bound.keys() | deleted) - crossing.same_imports)
    first = Reached(around, moved, frozenset(crossing.inputs)).first_run()
    if first is not None:
        spot, met = first
        called = f"`{spot.what}` may run" if spot.what else "a call may run"
        message = f"{called} code of the notebook that reads or writes {_named(met)} while the block does"
        yield _blocks("NB362", message, around.at(spot))


def _named(met: str) -> str:
    return met if " " in met else f"`{met}`"


def given_up(around: Surroundings, crossing: Crossing) -> Iterator[Reason]:
    """B4: a name lets go of what it held (a file is closed, say) when it is bound anew; a function's caller holds on."""
    for name, bound in crossing.bound.items():
        if name not in crossing.same_imports and _holds_on(around, crossing, name):
            message = f"binds `{name}` anew and so lets go of what it held; around a function the notebook would hold on to it"
            yield _blocks("NB362", message, around.where(bound.piece, bound.line))


def _holds_on(around: Surroundings, crossing: Crossing, name: str) -> bool:
    return crossing.lifetimes.before(name) and bool(held_before(around, name) & BOUND)


def closures(around: Surroundings, crossing: Crossing) -> Iterator[Reason]:
    """B7: functions made in the block that look at names which are bound again."""
    for spot, message in closed_over(around, crossing):
        yield _blocks("NB363", message, around.at(spot))


def suspended(around: Surroundings, _crossing: Crossing) -> Iterator[Reason]:
    """B8: what only a notebook's top level may do."""
    for spot in around.reading.suspends:
        yield _blocks(
            "NB364", f"`{spot.what}` at the top level of a cell, which a plain function can't do", around.at(spot)
        )


def deleted(around: Surroundings, crossing: Crossing) -> Iterator[Reason]:
    """B9: names that the block takes away."""
    for each in around.reading.deletes:
        place = around.where(each.piece, each.line)
        bound = crossing.bound.get(each.name)
        end = bound.end if bound is not None else GONE
        if not each.own and not each.handler:
            yield _blocks("NB365", f"deletes `{each.name}`, which the notebook holds too", place)
        elif crossing.leaves(each.name) and end & GONE:
            how = "the end of `except` deletes" if each.handler else "deletes"
            yield _blocks("NB365", f"{how} `{each.name}`, which something outside the block reads", place)
        elif each.name in BUILTINS:
            yield _blocks("NB365", f"deletes `{each.name}`, and with it the way back to the builtin", place)


def shown(around: Surroundings, _crossing: Crossing) -> Iterator[Reason]:
    """B10: a setting under which other expressions than a cell's last one are shown."""
    displays = around.parts_in(around.whole.sorts.displays)
    settings = [(around.location(part.cell, spot.line), spot) for part in displays for spot in part.reading.display]
    settings += [(around.at(spot), spot) for spot in around.reading.display]
    settings += [(around.location(cell, line), Spot(value, 0, line)) for cell, line, value in around.configured_display]
    last_cell = around.cell(around.block.last_cell).facts
    ends_cell = around.block.last == len(last_cell.statements) - 1 or around.block.last_cell > around.block.cell
    for place, spot in settings:
        where = f"cell {place.cell}, line {place.line}"
        if spot.what in ("last_expr", "none"):
            continue
        if spot.what not in ("last_expr_or_assign", "last") and around.reading.shown:
            message = f"an expression of the block is shown, because {where} sets ast_node_interactivity"
            yield _blocks("NB366", message, around.at(around.reading.shown[0]))
        elif spot.what not in ("all", "last") and ends_cell:
            message = f"the end of its cell is shown, because {where} sets ast_node_interactivity"
            yield _blocks("NB366", message, around.start)


def half_bound(around: Surroundings, crossing: Crossing) -> Iterator[Reason]:
    """B14: a cell that is expected to raise, after which the notebook goes on with what was bound by then."""
    if not crossing.outputs and not crossing.stays and len(around.cells) == 1:
        return
    for index in around.cells:
        cell = around.cell(index)
        if cell.raises:
            message = "the cell is expected to raise; a function would give nothing of what is bound by then"
            yield _blocks("NB367", message, around.location(index, 0))


def annotated(around: Surroundings, _crossing: Crossing) -> Iterator[Reason]:
    """B13: annotations of variables are kept and evaluated in a notebook, and not in a function."""
    for spot in around.reading.annotated:
        yield _blocks(
            "NB368", f"the annotation `{spot.what}` calls something, and in a function nothing would", around.at(spot)
        )
    for spot in around.reading.annotating:
        why = why_unbound(around, spot.what)
        if why:
            message = (
                f"an annotation reads `{spot.what}`, which may not be bound ({why}), and in a function nothing would"
            )
            yield _blocks("NB368", message, around.at(spot))
    reads = around.names.uses.keys() & {"__annotations__", "get_type_hints"}
    for index in around.cells if reads else ():
        cell = around.cell(index)
        for number, statement in enumerate(cell.facts.statements):
            if statement.kind == "annassign" and around.is_inside(index, number):
                message = f"annotates a variable, and the notebook reads `{min(reads)}`"
                yield _blocks("NB368", message, around.location(index, statement.line))


def over_borders(around: Surroundings, _crossing: Crossing) -> Iterator[Reason]:
    """A block over cell borders: what its later cells write would be shown below the first."""
    for spot in around.reading.noisy:
        if spot.piece:
            message = "what this line may write would be shown below the cell in which the block begins"
            yield Reason("NB369", message, "review", around.at(spot))
            return


def timed(around: Surroundings, _crossing: Crossing) -> Iterator[Reason]:
    """B17: a %%timeit cell is never rewritten."""
    for index in around.cells:
        if around.cell(index).facts.runs_in_function:
            yield _blocks("NB357", "stands in a %%timeit cell", around.location(index, 0))


def no_longer_visible(around: Surroundings, crossing: Crossing) -> Iterator[Reason]:
    """B16: what nothing else mentions becomes local."""
    named = [name for name in crossing.local if not name.startswith("_")]
    if named:
        listed = ", ".join(f"`{name}`" for name in named)
        yield Reason("NB371", f"no longer visible at the prompt: {listed}", "note", around.start)


CHECKS: tuple[Check, ...] = (
    timed,
    unbound,
    seen_meanwhile,
    given_up,
    closures,
    suspended,
    deleted,
    shown,
    half_bound,
    annotated,
    over_borders,
    no_longer_visible,
)
