"""How near two runs are: the share of their tokens that an alignment of both matches."""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec import Struct

from nb2mod.model import CellFeatures, Features
from nb2mod.notebook import mask
from nb2mod.stages.detect.blocks.chaining import Pairs
from nb2mod.stages.detect.blocks.runs import Line
from nb2mod.stages.detect.blocks.spelling import Spelling
from nb2mod.syntax import parse, split_lines
from nb2mod.syntax.statements import literal_repr

# What share of its tokens a changed statement keeps; below, it is another statement.
_CHANGED = 0.5


class Token(Struct, frozen=True):
    """A name that may be called otherwise, one that may not ("free"), a literal or a word (attribute, keyword, operator, kind of
    statement) of a statement.
    """

    kind: str
    text: str


class Likeness(Struct, frozen=True):
    """`similarity`: 0 to 1. `matched`: statements of the two runs that belong together, nested ones counted, by their share.
    `odd`: how many different names and literals stand for one another without being a renaming throughout; `lone`: statements
    that only one of the runs has. `pairs`: positions that belong together, changed statements too.
    """

    similarity: float
    matched: float
    odd: int
    lone: int
    pairs: tuple[tuple[int, int], ...]


class Comparing:
    """Reads the source of the statements it is asked for, each once."""

    def __init__(self, line: Line, spelling: Spelling, features: Sequence[Features]) -> None:
        self._line = line
        self._spelling = spelling
        self._features = features
        self._read: dict[int, tuple[Token, ...]] = {}

    def compare(self, pairs: Pairs, ours: range, theirs: range) -> Likeness:
        """Two runs of which `pairs` are statements of one skeleton; those between them are laid beside each other here."""
        whole = sorted([*pairs, *self._changed(pairs, ours, theirs)])
        best = _best_renaming(self._names(pairs))
        same = total = matched = 0.0
        odd: set[tuple[str, str, str]] = set()
        for one in ours:
            total += len(self.tokens(one))
        for other in theirs:
            total += len(self.tokens(other))
        for one, other in whole:
            left, right = self.tokens(one), self.tokens(other)
            share, unlike = _shared(left, right, best, odd)
            odd.update(unlike)
            same += share
            most = max(len(left), len(right), 1)
            matched += max(self._line.sizes[one], self._line.sizes[other]) * (share / most)
        lone = len(ours) + len(theirs) - 2 * len(whole)
        return Likeness(2 * same / total if total else 1.0, matched, len(odd), lone, tuple(whole))

    def alike(self, one: int, other: int, least: int = 2) -> bool:
        """Whether one statement is the other with a small change: a token put in, taken out or exchanged. `least`: how many they
        must share.
        """
        left, right = self.tokens(one), self.tokens(other)
        if 2 * min(len(left), len(right)) < _CHANGED * (len(left) + len(right)) or not left:
            return False
        same = len(_common(left, right, {}))
        return same >= max(least, _CHANGED * max(len(left), len(right)))

    def tokens(self, position: int) -> tuple[Token, ...]:
        found = self._read.get(position)
        if found is None:
            line = self._line
            cell = self._features[line.files[position]].cells[line.cells[position]]
            statement = line.statements[position]
            assert statement is not None
            spelled = dict(zip(statement.names, self._spelling.tokens(position), strict=True))
            free = {name: spelling for name, spelling in spelled.items() if isinstance(spelling, str)}
            found = self._read[position] = tuple(
                Token("free", free[one.text]) if one.kind == "name" and one.text in free else one
                for one in _tokens_of(cell, line.indexes[position])
            )
        return found

    def _names(self, pairs: Pairs) -> Counter[tuple[str, str]]:
        return Counter(
            (mine.text, its.text)
            for one, other in pairs
            for mine, its in zip(self.tokens(one), self.tokens(other), strict=False)
            if mine.kind == its.kind == "name"
        )

    def _changed(self, pairs: Pairs, ours: range, theirs: range) -> Iterator[tuple[int, int]]:
        """Statements between those that are the same, in order, that are each other with a small change."""
        ends = [(ours.start - 1, theirs.start - 1), *pairs, (ours.stop, theirs.stop)]
        for number, (one, other) in enumerate(ends[:-1]):
            below, under = ends[number + 1]
            at = other + 1
            for mine in range(one + 1, below):
                found = next((its for its in range(at, under) if self.alike(mine, its)), None)
                if found is not None:
                    yield mine, found
                    at = found + 1


def _shared(
    left: Sequence[Token], right: Sequence[Token], best: dict[str, str], known: set[tuple[str, str, str]]
) -> tuple[float, set[tuple[str, str, str]]]:
    """How many tokens two statements share, and names and literals that stand in each other's place. A pair of these that is
    `known` already is the same difference once more: no new one.
    """
    unlike: set[tuple[str, str, str]] = set()
    if [token.kind for token in left] == [token.kind for token in right]:
        same = 0
        for mine, its in zip(left, right, strict=True):
            if _agree(mine, its, best):
                same += 1
            elif mine.kind == "word":
                continue
            elif (pair := (mine.kind, mine.text, its.text)) in known or pair in unlike:
                same += 1
            else:
                unlike.add(pair)
        return same, unlike
    return len(_common(left, right, best)), unlike


def _agree(mine: Token, its: Token, best: dict[str, str]) -> bool:
    if mine.kind == its.kind == "name":
        return best.get(mine.text, mine.text) == its.text
    return mine == its


def _common(left: Sequence[Token], right: Sequence[Token], best: dict[str, str]) -> list[int]:
    """Indexes of tokens of one that stand in the other too, in order."""
    renamed = [Token("name", best.get(one.text, one.text)) if one.kind == "name" else one for one in left]
    words = [f"{one.kind}:{one.text}" for one in renamed]
    others = [f"{one.kind}:{one.text}" for one in right]
    blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    return [at for block in blocks for at in range(block.a, block.a + block.size)]


def _best_renaming(pairs: Counter[tuple[str, str]]) -> dict[str, str]:
    """Each name with its most frequent partner, one to one."""
    best: dict[str, str] = {}
    used: set[str] = set()
    for (one, other), _ in sorted(pairs.items(), key=lambda item: (-item[1], item[0][0] != item[0][1], item[0])):
        if one not in best and other not in used:
            best[one] = other
            used.add(other)
    return best


# reading


def _tokens_of(cell: CellFeatures, index: int) -> tuple[Token, ...]:
    """The tokens of one statement of a cell: of its lines alone, for most statements share theirs with none."""
    statements = cell.facts.statements
    one = statements[index]
    shared = sum(other.end_line >= one.line for other in statements[:index])
    lines = split_lines(mask(cell.source).python)
    if shared and statements[index - shared].line < one.line:
        return _tokens_in("\n".join(lines), index)
    return _tokens_in("\n".join(lines[one.line - 1 : one.end_line]), shared)


@lru_cache(maxsize=1024)  # copies are often spelled the same
def _tokens_in(text: str, index: int) -> tuple[Token, ...]:
    return tuple(_walk(parse(text).body[index]))


def _walk(root: ast.AST) -> Iterator[Token]:
    """Its tokens in order of appearance, layout aside."""
    waiting: list[ast.AST] = [root]
    while waiting:
        node = waiting.pop()
        token = _token(node)
        if token is not None:
            yield token
        waiting.extend(reversed([child for child in ast.iter_child_nodes(node) if not isinstance(child, _NOTHING)]))


_NOTHING = (ast.expr_context,)
_QUIET = (ast.Expr, ast.Assign, ast.AnnAssign)


def _token(node: ast.AST) -> Token | None:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
            return Token("name", name)
        case ast.Constant(value=value):
            return Token("literal", literal_repr(value))
        case ast.Attribute(attr=word) | ast.alias(name=word):
            return Token("word", word)
        case ast.keyword(arg=word):
            return Token("word", f"{word}=")
        case ast.operator() | ast.unaryop() | ast.boolop() | ast.cmpop():
            return Token("word", type(node).__name__)
        case ast.stmt() if not isinstance(node, _QUIET):
            return Token("word", type(node).__name__)
        case _:
            return None
