"""Gathers the facts of all cells of one file by name."""

import re
from collections import defaultdict

from nb2mod.model import BindKind, Bound, CellFeatures, Features, Names, Used

_BINDING_POSITION = re.compile(
    r"(?:\b(?:def|class|as|for|import|del|global)\s+([^\W\d]\w*)|(?:^|[\s,(])([^\W\d]\w*)\s*(?::=|(?:[-+*/%&|^@]|//|\*\*|<<|>>)?=(?!=)))",
    re.MULTILINE,
)


def names_of(file: int, features: Features) -> Names:
    """All bindings and uses of one file, by name, in order of cell and line."""
    bindings: dict[str, list[Bound]] = defaultdict(list)
    uses: dict[str, list[Used]] = defaultdict(list)
    unknown: set[str] = set()
    unknown_bound: set[str] = set()
    wild: list[tuple[int, int]] = []
    stars: list[Bound] = []
    keywords: set[str] = set()
    strings: set[str] = set()
    future: set[str] = set()
    for index, cell in enumerate(features.cells):
        facts = cell.facts
        for binding in facts.bindings:
            if facts.runs_in_function:
                break  # %%timeit runs its body in a function: what it binds, the notebook never sees
            if binding.kind is BindKind.STAR:
                stars.append(Bound(index, binding))
            elif binding.kind is not BindKind.ANNOTATION:
                bindings[binding.name].append(Bound(index, binding))
        for use in facts.uses:
            uses[use.name].append(Used(index, use))
        if facts.unknown:
            unknown.update(facts.unknown)
            unknown_bound.update(_bound_in(cell))
        if facts.any_name:
            wild.append((index, _wild_line(cell)))
        keywords.update(facts.keywords)
        strings.update(facts.strings)
        future.update(facts.future)
    return Names(
        file=file,
        bindings={name: tuple(found) for name, found in bindings.items()},
        uses={name: tuple(found) for name, found in uses.items()},
        unknown=frozenset(unknown),
        unknown_bound=frozenset(unknown_bound),
        wild=tuple(wild),
        stars=tuple(stars),
        keywords=frozenset(keywords),
        strings=frozenset(strings),
        future=frozenset(future),
    )


def _bound_in(cell: CellFeatures) -> set[str]:
    """Names that stand where a binding would, in text that can't be parsed."""
    return {first or second for first, second in _BINDING_POSITION.findall(cell.source)}


def _wild_line(cell: CellFeatures) -> int:
    for line, _, name in cell.facts.magic_lines:
        if name == "run":
            return line
    return 1
