"""Two functions side by side: the places where they differ, as paths that hold in both. Locals may be called otherwise."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from nb2mod.stages.unify.terms import FREE, KEPT, Binding, Term

Path = tuple[int, ...]


class Difference(Struct, frozen=True):
    """One place where two functions differ. `path`: the smallest expression around it that a name could take the place of; None
    when there is none. `left` and `right` are the terms that are not alike, at or below it; `around`: the terms they stand in,
    outermost first.
    """

    path: Path | None
    left: Term
    right: Term
    around: tuple[Term, ...]


def at(term: Term, path: Path) -> Term:
    """The term at a path."""
    for index in path:
        term = term.kids[index]
    return term


class Marked(Struct, frozen=True, eq=False):
    """A tree whose terms carry marks: two of one mark are spelled alike throughout, and their free names mean the same. `names`
    are the local names below a term.
    """

    root: Term
    keys: Mapping[str, str]
    marks: dict[int, tuple[int, tuple[Binding, ...]]]


def marked(root: Term, keys: Mapping[str, str]) -> Marked:
    """A tree, read once, so that what is alike need not be walked in every comparison."""
    marks: dict[int, tuple[int, tuple[Binding, ...]]] = {}

    def mark(term: Term) -> tuple[int, tuple[Binding, ...]]:
        below = [mark(kid) for kid in term.kids]
        names = dict.fromkeys(name for _, inner in below for name in inner)
        own: object = term.binding
        if term.binding is not None and term.binding[0] == FREE:
            own = keys[term.binding[1]]
        elif term.binding is not None:
            names[term.binding] = None
        found = hash((term.label, own, *(inner for inner, _ in below))), tuple(names)
        marks[id(term)] = found
        return found

    mark(root)
    return Marked(root, keys, marks)


class Alignment:
    """Compares one function with another; each pair has names of its own."""

    def __init__(self, left: Marked, right: Marked) -> None:
        self._roots = (left.root, right.root)
        self._keys = (left.keys, right.keys)
        self._marks = (left.marks, right.marks)
        self._there: dict[tuple[int, str], tuple[int, str]] = {}
        self._back: dict[tuple[int, str], tuple[int, str]] = {}

    def differences(self) -> Iterator[Difference]:
        """Every difference, in order of the text. Where a statement differs as such, nothing below it is looked at."""
        yield from self._compare(*self._roots, [], [])

    def between(self, left: Term, right: Term) -> Iterator[Difference]:
        """The differences of two terms inside; paths are from these terms on. Names go on from what was compared before."""
        yield from self._compare(left, right, [], [])

    def pairs(self) -> Iterator[tuple[Binding, Binding]]:
        """The names of the definitions that stand for each other, as far as they were compared."""
        yield from self._there.items()

    def _compare(self, left: Term, right: Term, path: list[int], around: list[Term]) -> Iterator[Difference]:
        (mine, names), (its, _) = self._marks[0][id(left)], self._marks[1][id(right)]
        if mine == its and all(self._same_name(name, name) for name in names):
            return
        if not self._alike(left, right):
            yield _difference(left, right, path, around)
            return
        around.append(left)
        for index, (one, other) in enumerate(zip(left.kids, right.kids, strict=True)):
            path.append(index)
            yield from self._compare(one, other, path, around)
            path.pop()
        around.pop()

    def _alike(self, left: Term, right: Term) -> bool:
        if left.label != right.label or len(left.kids) != len(right.kids):
            return False
        both = left.literal is not None and right.literal is not None
        if both and left.literal != right.literal and not _is_open_tuple(left):
            return False
        if left.binding is None or right.binding is None:
            return left.binding is right.binding
        return self._same_name(left.binding, right.binding)

    def _same_name(self, left: tuple[int, str], right: tuple[int, str]) -> bool:
        if left[0] == FREE and right[0] == FREE:
            return self._keys[0][left[1]] == self._keys[1][right[1]]
        if FREE in (left[0], right[0]) or KEPT in (left[0], right[0]):
            return left[0] == right[0]  # a kept name's spelling is in its label
        if left not in self._there and right not in self._back:
            self._there[left], self._back[right] = right, left
            return True
        return self._there.get(left) == right


def _is_open_tuple(term: Term) -> bool:
    """A tuple without parentheses, as in `a, b = 1, 2` and `x[0, 1]`: its parts are values of their own."""
    return term.label.startswith("Tuple") and bool(term.kids) and term.span[0] == term.kids[0].span[0]


def _difference(left: Term, right: Term, path: list[int], around: list[Term]) -> Difference:
    """The smallest place for a name: the term itself, or the nearest one around it that grammar and sense allow."""
    chain = (*around, left)
    for depth in range(len(chain) - 1, 0, -1):
        term = chain[depth]
        if term.is_statement:
            break
        if term.is_expression and not term.barrier:
            return Difference(tuple(path[:depth]), left, right, tuple(around))
    return Difference(None, left, right, tuple(around))
