"""What a new parameter is called: the name that what stands around its places speaks for most (`hinting`), told apart from
the other new ones.

A name is never one that Python, or any of the copies, reads or binds. The same copies give the same names in any order.
"""

import ast
import builtins
import keyword
from collections.abc import Collection, Iterator, Sequence
from itertools import count

from nb2mod.stages.unify.aligning import Path
from nb2mod.stages.unify.hinting import hints_of, qualifiers_of
from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.reading import Read
from nb2mod.stages.unify.terms import FREE, Term

_BUILTINS = frozenset(dir(builtins))
_LONGEST = 30  # of a name made of two; a longer one tells less than a number


def name_of(
    roots: Sequence[Term],
    holes: Sequence[Hole],
    taken: Collection[str],
    given: Collection[str],
    only: Collection[str] | None,
    doubled: Collection[str] = (),
) -> str:
    """The name for what stands at these holes, which all have the same values; "" when none is left. `roots`: the function of
    each copy. `given` are those of other new parameters: a second one of the same name is numbered; one of `doubled` says what it
    belongs to. `only`: the names that are allowed where not any will do.
    """
    names = _told(roots[0], holes)
    if only is not None:
        return next((name for name in names if name in only and name not in given and is_free(name, taken)), "")
    best = _best(names, taken)
    if best in doubled:
        best = next(_qualified(best, roots, holes[0], taken))
    numbered = (best if number == 1 else f"{best}_{number}" for number in count(1))
    return next(name for name in numbered if is_free(name, taken) and name not in given)


def doubled_names(
    roots: Sequence[Term], places: Sequence[Sequence[Hole]], taken: Sequence[Collection[str]]
) -> frozenset[str]:
    """Names that more than one new parameter would have, when each of these can say what it belongs to."""
    best = [_best(_told(roots[0], holes), own) for holes, own in zip(places, taken, strict=True)]
    found = set()
    for name in {name for name in best if best.count(name) > 1}:
        told = [
            next(_qualified(name, roots, holes[0], own), "")
            for holes, own, its in zip(places, taken, best, strict=True)
            if its == name
        ]
        if all(told) and len(set(told)) == len(told):
            found.add(name)
    return frozenset(found)


def is_free(name: str, taken: Collection[str]) -> bool:
    """Whether a new parameter may be called so."""
    reserved = keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _BUILTINS
    return name.isidentifier() and not reserved and name not in taken and not name.startswith("_")


def _told(root: Term, holes: Sequence[Hole]) -> list[str]:
    """All names that the holes speak for, most trusted first."""
    told = sorted(
        (trust, number, order, name)
        for number, hole in enumerate(holes)
        for order, (trust, name) in enumerate(hints_of(root, hole))
    )
    return [name for _, _, _, name in told]


def _best(names: Sequence[str], taken: Collection[str]) -> str:
    return next((name for name in names if is_free(name, taken)), "value")


def _qualified(name: str, roots: Sequence[Term], hole: Hole, taken: Collection[str]) -> Iterator[str]:
    """A name with what it belongs to in all copies: `label` of `plot(x, measured, label="here")` is a measured_label. What is
    called, or handed in by its own name, has such words only for what it is given.
    """
    if hole.kind in ("function", "name"):
        return
    words, *others = [list(qualifiers_of(root, hole)) for root in roots]
    for word in words:
        whole = f"{word.strip('_').lower()}_{name}"
        said = word and word.lower() not in name and all(word in other for other in others)
        if said and len(whole) <= _LONGEST and is_free(whole, taken):
            yield whole


def replaced_everywhere(read: Read, name: str, paths: Collection[Path]) -> bool:
    """Whether a name stands at these places only, all of them reads from outside, so that a parameter may have it."""
    found = {path for path, term in _placed(read.term) if term.binding == (FREE, name)}
    times = sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(read.node))
    return found <= set(paths) and (times == len(found) if times else name not in read.names)


def _placed(root: Term) -> Iterator[tuple[Path, Term]]:
    stack: list[tuple[Path, Term]] = [((), root)]
    while stack:
        path, term = stack.pop()
        yield path, term
        stack.extend(((*path, number), kid) for number, kid in enumerate(term.kids))
