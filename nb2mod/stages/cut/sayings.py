"""What one copy of a block says of itself: the heading above it, its comment, what its calls do, what it returns.

Reads; which of it becomes a name is with naming.
"""

import ast
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from nb2mod.model import Block, Features
from nb2mod.stages.cut import wording
from nb2mod.stages.cut.making import lines_of_block
from nb2mod.stages.cut.wording import Phrase, Words
from nb2mod.syntax import split_lines
from nb2mod.syntax.purposes import Deed, deeds_of, words_of

_NEAR = 1  # code cells between a heading and the block that it may speak for
_STEPS = 2  # with so many comments inside, the one above speaks for its first step alone
# What stands for anything: no word of a name.
_PALE = frozenset(
    "df data tmp temp res result results ret val vals value values out output outputs obj self arr array lst list dict item "
    "items ax axs axes fig figure np pd plt sns tf args kwargs foo bar test dataframe frame new old name names idx index xx "
    "yy xs ys zs ts ps qs ks ns dfs col cols row rows num var vars thing my all train len range key keys line str int float "
    "path filename file url dir enumerate zip sorted print load read get set config options params content flag start end "
    "none true false copy answer full valid".split()
)
_LINKING = frozenset(
    "after before over under vs versus of and in on for with by to per as at from the a an is are".split()
)
_ARTICLES = frozenset({"of", "the", "a", "an"})
_BETTER = {
    "clf": "classifier", "reg": "regressor", "img": "image", "imgs": "images", "corr": "correlation", "preds": "predictions",
    "pred": "predictions", "predict": "predictions",
}  # fmt: skip
_DIRECTIVE = re.compile(
    r"#\s*(?:%%|\||!|-\*-|noqa|type:|nb2mod:|pylint|fmt:|isort|pragma|@|In\s*\[|TODO|FIXME|XXX|[-=#*_~]{3,})", re.I
)
_RULE = re.compile(r"[-=#*_~\s]{3,}")
_WORD = re.compile(r"[^\W\d]\w*")


class Sayings(Struct, frozen=True):
    """What one copy says of itself. `between`: code cells between the heading and the block."""

    heading: Phrase | None
    between: int
    alone: bool  # most of what stands below the heading is the block
    comment: Phrase | None
    whole: bool  # the comment speaks for all of it
    deeds: tuple[Deed, ...]
    returned: tuple[Words, ...]
    known: frozenset[str]  # stems of the words that its code holds
    folder: Words
    subject: Words  # the name that it speaks of most

    @property
    def near(self) -> bool:
        return self.between <= _NEAR


def sayings_of(features: Sequence[Features], block: Block, outputs: Sequence[str]) -> Sayings:
    """`outputs`: what the block returns, the last one first."""
    file = features[block.file]
    cell = file.cells[block.cell]
    heading, between = _heading(file, cell.number)
    below = _lines_below(file, cell.number)
    lines = lines_of_block(features, block)
    text = "\n".join(lines)
    source = split_lines(cell.source)
    first = cell.facts.statements[block.first].line
    comment = _comment_above(source, first)
    phrase = wording.phrase_of(comment) if comment else _beside(source[first - 1])
    known, subject = _spoken_of(text)
    return Sayings(
        heading=wording.phrase_of(heading) if heading else None,
        between=between,
        alone=2 * sum(bool(line.strip()) for line in lines) > below,
        comment=phrase,
        whole=sum(line.lstrip().startswith("#") and not _is_code(line) for line in lines) < _STEPS,
        deeds=deeds_of(text),
        returned=tuple(words for name in outputs if (words := telling(words_of(name)))),
        known=known,
        folder=telling(words_of(file.path.rpartition("/")[2].partition(".")[0])),
        subject=subject,
    )


@lru_cache(maxsize=1024)  # copies are often spelled the same
def _spoken_of(text: str) -> tuple[frozenset[str], Words]:
    """`known` and `subject` of a copy with this text."""
    names: Counter[Words] = Counter()
    for name, count in Counter(_WORD.findall(text)).items():
        if words := telling(words_of(name)):
            names[words] += count
    known = frozenset(stem(word) for words in names for word in words)
    speaking = (words for words in names if not wording.says_nothing(words))
    return known, min(speaking, key=lambda words: (-names[words], words), default=())


def telling(words: Words) -> Words:
    """The words that say something: x_train_scores gives scores. Names of one letter and numbers alone say nothing."""
    kept = [_BETTER.get(word, word) for word in words if word not in _ARTICLES]
    while kept and (kept[0] in _PALE or kept[0] in _LINKING or kept[0].isdigit() or len(kept[0]) < 2):
        kept.pop(0)
    kept = kept[:3]
    while kept and (
        kept[-1].isdigit() or kept[-1] in _LINKING or ((kept[-1] in _PALE or len(kept[-1]) < 2) and len(kept) > 1)
    ):
        kept.pop()
    return tuple(kept) if any(len(word) > 2 for word in kept) else ()


def stem(word: str) -> str:
    """totals and total are one word."""
    return word.removesuffix("s").removesuffix("e")


def _heading(file: Features, number: int) -> tuple[str, int]:
    """The nearest heading above a cell, and how many code cells stand between; the title of the whole notebook is none."""
    above = [heading for heading in file.headings if heading.cell < number]
    if not above:
        return "", 0
    nearest = above[-1]
    alone = sum(heading.level <= nearest.level for heading in file.headings) == 1
    if nearest is file.headings[0] and alone:
        return "", 0
    between = [cell for cell in file.cells if nearest.cell < cell.number < number and cell.source.strip()]
    return nearest.text, len(between)


def _lines_below(file: Features, number: int) -> int:
    """How many lines of code stand between the headings around a cell."""
    first = max((heading.cell for heading in file.headings if heading.cell < number), default=0)
    end = min((heading.cell for heading in file.headings if heading.cell > number), default=file.cells[-1].number + 1)
    section = (cell.source for cell in file.cells if first < cell.number < end)
    return sum(bool(line.strip()) for source in section for line in split_lines(source))


def _comment_above(lines: Sequence[str], first: int) -> str:
    """The comment directly above a line; statements that were taken out, rules and directives are none."""
    top = first - 1
    while top > 0 and lines[top - 1].startswith("#"):
        top -= 1
    told = [line for line in lines[top : first - 1] if not _DIRECTIVE.match(line) and not _is_code(line)]
    return " ".join(text for line in told if (text := line.strip("# \t\r")) and not _RULE.fullmatch(text))


def _beside(line: str) -> Phrase | None:
    """The comment at a line's end, where it says what is done: what it says of a value is that line's own matter."""
    code, mark, text = line.rpartition("  #")
    if not mark or code.count('"') % 2 or code.count("'") % 2:
        return None
    phrase = wording.phrase_of(text)
    return phrase if phrase and phrase.verbal else None


def _is_code(line: str) -> bool:
    """Whether a comment is a statement that was taken out."""
    text = line.strip().lstrip("#").strip()
    if text.startswith(("%", "!")):
        return True
    if not any(mark in text for mark in "=([") and not text.startswith(("import ", "from ", "return ")):
        return False
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
