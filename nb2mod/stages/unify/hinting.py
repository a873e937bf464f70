"""What stands around a place speaks for these names of a parameter: (trust, name), the same for all orders of copies.

The keyword its value is passed to, what it is assigned to (`targets`), what it does there (`roles`), and at last what kind of
value it is. Nothing here asks whether a name is free.
"""

import ast
from collections.abc import Iterator, Sequence

from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.roles import by_role, compared, in_known_call, in_text, reckoned
from nb2mod.stages.unify.speaking import (
    ASSIGNED,
    KEYWORD,
    LAST,
    OWN,
    ROLE,
    Hint,
    camel_words,
    kind_word,
    shared_words,
    singular,
    spoken,
    spoken_function,
    with_kind,
)
from nb2mod.stages.unify.targets import assigned, goes_to, goes_to_beside
from nb2mod.stages.unify.terms import Term
from nb2mod.stages.unify.well_known import GATHERING, LONG, REDUCING, SHOWN, SUFFIXED

_LITERAL_PARTS = (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp)


def chain_of(root: Term, hole: Hole) -> tuple[Term, Sequence[Term]]:
    """The term at a hole, and what it stands in, inside out."""
    chain = [root]
    for index in hole.path:
        chain.append(chain[-1].kids[index])
    return chain[-1], chain[:-1][::-1]


def hints_of(root: Term, hole: Hole) -> Iterator[Hint]:
    """Names for one place; those of equal trust in the order in which they are to be tried."""
    term, around = chain_of(root, hole)
    parent = around[0]
    if hole.kind in ("name", "function"):
        yield from _of_names(hole, around)
    if isinstance(parent.node, ast.keyword) and parent.node.arg:
        yield from _of_keyword(hole, parent.node.arg)
    yield from assigned(root, hole, term, around)
    yield from compared(hole, term, parent)
    yield from reckoned(hole, term, parent)
    yield from in_known_call(hole, term, around)
    yield from in_text(term, around)
    yield from by_role(hole, term, around)
    yield from _at_last(hole, term, around)


def qualifiers_of(root: Term, hole: Hole) -> Iterator[str]:
    """What tells this place from another that would have the same name: what else its call gets, what that call is, what the
    statement binds.
    """
    _, around = chain_of(root, hole)
    calls = [term for term in around if isinstance(term.node, ast.Call)]
    for call in calls[:1]:
        names = [kid for kid in call.kids[1:] if kid.role == "args" and isinstance(kid.node, ast.Name)]
        if names:
            yield spoken(names[-1])
    for call in calls:
        if (called := spoken_function(call.kids[0])) not in SHOWN:
            yield called
    yield goes_to(around)


def _of_names(hole: Hole, around: Sequence[Term]) -> Iterator[Hint]:
    """What the names that are handed in have in common: `mean_age` and `median_age` are both an age."""
    names = [term.binding[1] for term in hole.terms if term.binding]
    if not names:
        return
    usual = min(names, key=lambda name: (-names.count(name), name)) if hole.kind == "name" else names[0]
    own = usual.lower() if usual.isupper() else usual
    if len(set(names)) == 1:
        yield (OWN if len(names) == len(hole.terms) else ASSIGNED), own
    elif hole.kind == "name" and 2 * names.count(usual) > len(hole.terms):
        yield ASSIGNED, own
    if len(set(names)) == 1:
        return
    classes = hole.kind == "function" and all(name[:1].isupper() for name in names) and not all(map(str.isupper, names))
    ended, started = shared_words([camel_words(name) for name in names])
    # `clean_text` and `strip_text` are no text; `load_csv` and `load_json` both load
    what = "_class" if classes else "_function" if hole.kind == "function" else ""
    if ended:
        yield ASSIGNED, "_".join(ended) + what
    if started:
        yield ASSIGNED, "_".join(started) + ("_class" if classes else "")
    if classes:
        target = singular(goes_to(around)).lower()
        yield ASSIGNED, f"{target}_class" if len(target) > 2 else "used_class"
    elif hole.kind == "function":
        yield from _by_deed(set(names))
    else:
        yield LAST, "data"
        yield LAST, own


def _by_deed(names: set[str]) -> Iterator[Hint]:
    if names <= REDUCING:
        yield ROLE, "aggregate"
    elif names <= GATHERING:
        yield ROLE, "container"


def _of_keyword(hole: Hole, keyword: str) -> Iterator[Hint]:
    if keyword in LONG:
        yield KEYWORD, LONG[keyword]
    yield KEYWORD, keyword
    yield KEYWORD, with_kind(keyword, hole)


def _at_last(hole: Hole, term: Term, around: Sequence[Term]) -> Iterator[Hint]:
    """Nothing speaks for itself: what it is given to, however far off, and what kind of value it is."""
    if hole.kind in ("function", "name"):
        yield LAST, "function" if hole.kind == "function" else "data"
        return
    word = kind_word(hole)
    within = [one for one in around if not isinstance(one.node, _LITERAL_PARTS)]
    nearest = within[0] if within else around[0]
    target = goes_to_beside(term, around)
    if isinstance(nearest.node, ast.Call):
        called = spoken_function(nearest.kids[0]).strip("_").lower()
        verb, _, rest = called.partition("_")
        if word == "flag" and called:
            yield LAST, called
        if len(called) > 2:
            about = rest if verb in SUFFIXED else called
            yield LAST, f"{about}_{word}" if about else word
    if target:
        yield LAST, with_kind(singular(target) if isinstance(around[0].node, ast.List) else target, hole)
    yield LAST, word
