"""When things run, from top to bottom: positions in a notebook, and the earliest moment a function's body can run."""

from nb2mod.model import Names

Position = tuple[int, int]  # cell index, line
NEVER: Position = (1 << 60, 0)
_NAMESPACES = ("globals", "locals", "vars", "getattr", "eval", "exec")


def position(cell: int, line: int) -> Position:
    """A point of the notebook in top-to-bottom order."""
    return (cell, line)


def earliest_run(names: Names, name: str, owners: dict[tuple[int, int], str], *, after: Position = (-1, 0)) -> Position:
    """The first point at which the body of `name` can run: its first use outside a function, or inside one that itself
    can run by then. NEVER when nothing uses it. `owners` names the definitions: (cell, definition index) → name.

    `after`: where the definition stands; uses above it mean an earlier one of the name.
    """
    seen: set[str] = set()
    earliest = NEVER
    stack = [name]
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        for used in names.uses.get(current, ()):
            use = used.use
            if use.deferred and use.owner >= 0:
                stack.append(owners[used.cell, use.owner])
            else:
                # A lambda's body runs later, but never before the statement that makes it.
                place = (used.cell, use.line)
                earliest = min(earliest, place) if place > after else earliest
        if current in names.unknown:
            return (-1, 0)
        if current in names.strings:
            # `globals()["f"](1)`: wherever the namespace is looked at, what a string names may be called.
            looks = (used for one in _NAMESPACES for used in names.uses.get(one, ()))
            earliest = min([earliest, *(place for used in looks if (place := (used.cell, used.use.line)) > after)])
    return earliest
