"""Runs of statements that became calls, before and after. No rewriter made them: a run is marked in the cells before.

The lines between `#[` and `#]` are the run; they may begin in one cell and end in another.
"""

from collections.abc import Mapping

from verify.pairs import INIT, MODULE, F, Pair

BEGIN, END = "#[\n", "#]\n"


def block(name: str, *cells: str, given: str = "", back: str = "", **more: object) -> Pair:
    """`given` are the arguments of the call, `back` what it binds; `stays` are imports below it.

    `module` is the text of the module where it is not just the run as a function, `imports` its head. `head` is the import's
    text, in `at`, the number of a cell (0: above the call). `also` are other cells that change.
    """
    plain = tuple(cell.replace(BEGIN, "").replace(END, "") for cell in cells)
    run = "".join(cell for cell in cells if not cell.startswith("md:")).partition(BEGIN)[2].partition(END)[0]
    stays, head, at = (more.pop(key, default) for key, default in (("stays", ""), ("head", F), ("at", 0)))
    call = more.pop("call", None) or (f"{back} = f({given})\n" if back else f"f({given})\n")
    moved = _after(cells, f"{'' if at else head}{call}{stays}")
    if at:
        assert isinstance(at, int)
        moved[at] = moved.get(at, plain[at - 1]) + str(head)
    also = more.pop("also", {})
    assert isinstance(also, Mapping)
    moved.update(also)
    module = more.pop("module", None) or f"{more.pop('imports', '')}{function(run, given, back)}"
    old = more.pop("old", {})
    assert isinstance(old, Mapping)
    return Pair(name, plain, moved, {MODULE: str(module)}, old=old, **more)  # type: ignore[arg-type]


def function(run: str, given: str = "", back: str = "", name: str = "f") -> str:
    """The run as it would stand in a module."""
    body = "".join(f"    {line}" if line.strip() else line for line in run.splitlines(keepends=True))
    return f'def {name}({given}):\n    """Says what it does."""\n{body}' + (f"    return {back}\n" if back else "")


def _after(cells: tuple[str, ...], call: str) -> dict[int, str]:
    """Cells that change → their source after: the call where the run begins, nothing where it goes on."""
    moved: dict[int, str] = {}
    inside = False
    for number, cell in enumerate(cells, 1):
        kept: list[str] = []
        for line in cell.splitlines(keepends=True):
            if line == BEGIN:
                inside = True
                kept.append(call)
            elif line == END:
                inside = False
            elif not inside or cell.startswith("md:"):
                kept.append(line)
        text = "".join(kept)
        if text != cell.replace(BEGIN, "").replace(END, ""):
            moved[number] = text
    return moved


__all__ = ["INIT", "MODULE", "block", "function"]
