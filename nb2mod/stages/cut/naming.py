"""What a function made of blocks is called: by the heading above it, its comment, what its main call does, what it returns.

In this order of trust, and by what most copies say. A name is never one that any of its notebooks knows, nor Python, nor a module
that people import. Same blocks, same names, in whatever order the notebooks come.
"""

import builtins
import keyword
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from nb2mod.model import BindKind, Block, BlockClass, BlockFlow, Features
from nb2mod.model import Names as NotebookNames
from nb2mod.stages.cut import wording
from nb2mod.stages.cut.docstrings import docstring_of
from nb2mod.stages.cut.sayings import Sayings, sayings_of, stem, telling
from nb2mod.stages.cut.wording import Phrase, Words

_KNOWN_MODULES = frozenset(
    "numpy pandas scipy sklearn matplotlib seaborn plotly torch tensorflow keras statsmodels requests bs4 nltk spacy cv2 skimage "
    "networkx sympy pyspark dask ray mlflow boto3 airflow xgboost lightgbm gensim transformers datasets plt np pd sns tf".split()
)
# What a verb is about where nothing else is known.
_DEFAULTS = {
    "load": "data", "read": "data", "download": "files", "fetch": "data", "save": "results", "fit": "model", "train": "model",
    "evaluate": "model", "predict": "values", "split": "data", "tune": "model", "group": "rows", "merge": "tables",
    "clean": "data", "count": "values", "solve": "equations", "minimize": "error", "sample": "values", "simulate": "system",
    "transform": "data", "parse": "text", "describe": "data", "sort": "rows", "plot": "data", "print": "results",
    "measure": "time", "define": "parameters", "check": "results", "import": "modules",
}  # fmt: skip
_LONGEST_NUMBERED = wording.LONGEST - 4
# Verbs whose object a heading without a verb, directly above, may be; others need a name of the block in it.
_TRUSTING = frozenset(
    "plot fit train evaluate predict solve simulate minimize define check group merge count describe".split()
)


class Called(Struct, frozen=True):
    """A name that was given, and the sentence that says what the function does; None where that is a guess."""

    name: str
    sentence: str | None

    def docstring(self, parameters: Sequence[str], returns: Sequence[str]) -> str:
        """The lines of the docstring of a function of that name."""
        return docstring_of(self.name, parameters, returns, self.sentence)


class _Choice(Struct, frozen=True):
    """Words of a name and, where somebody wrote such, the sentence they are of. `sure`: what they say holds of the code; a name
    has to be something, a docstring may leave it out.
    """

    words: Words
    sentence: str = ""
    sure: bool = True


class Names:
    """Gives names to block classes, one after the other; no name twice."""

    def __init__(
        self,
        features: Sequence[Features],
        names: Mapping[int, NotebookNames],
        flows: Mapping[Block, BlockFlow] | None = None,
    ) -> None:
        self._features = tuple(features)
        self._names = names
        self._flows = flows or {}
        self._given: set[str] = set()

    def name(self, one: BlockClass) -> Called:
        """A name that nothing in the notebooks of `one` has, and that was not given before."""
        taken = self._given.union(*(_names_in(self._names[file]) for file in {member.file for member in one.members}))
        choices = [*_choices([sayings_of(self._features, member, self._outputs(member)) for member in one.members])]
        for choice in choices:
            if _is_free(name := wording.identifier(choice.words), taken):
                return self._give(name, choice)
        best = wording.identifier(choices[0].words)[:_LONGEST_NUMBERED].rstrip("_")
        name = next(name for number in count(2) if _is_free(name := f"{best}_{number}", taken))
        return self._give(name, choices[0])

    def _give(self, name: str, choice: _Choice) -> Called:
        self._given.add(name)
        return Called(name, choice.sentence or wording.sentence_of(choice.words) if choice.sure else None)

    def _outputs(self, block: Block) -> list[str]:
        """What the block returns, the last one first; where its flow is not known, what it binds and other cells read."""
        if block in self._flows:
            return [*reversed(self._flows[block].outputs)]
        facts = self._features[block.file].cells[block.cell].facts
        last = block.last if block.last_cell == block.cell else len(facts.statements)
        bound = [
            one.name
            for one in facts.bindings
            if block.first <= one.statement <= last and one.kind not in (BindKind.IMPORT, BindKind.STAR)
        ]
        uses = self._names[block.file].uses
        read = [name for name in bound if any(used.cell != block.cell for used in uses.get(name, ()))]
        return [*dict.fromkeys(reversed(read or bound))]


def _choices(copies: Sequence[Sayings]) -> Iterator[_Choice]:
    """All names that the copies speak for, best first; the same for every order of copies."""
    verb, objects = _deed(copies)
    returned = _most(words for copy in copies for words in copy.returned[:3])
    heading = _shared([copy.heading if copy.near else None for copy in copies])
    comment = _shared([copy.comment if copy.whole else None for copy in copies])
    directly = all(copy.between == 0 for copy in copies if copy.heading)
    about = [*objects[:3], *returned]
    trusted = [
        phrase
        for phrase in (heading, comment)
        if phrase and _is_trusted(phrase, verb, about, copies, directly=directly)
    ]
    strong = [
        choice
        for phrase in trusted
        for choice in _said(phrase, verb, objects, sure=phrase == comment or _holds(phrase, verb, copies))
    ]
    yield from strong
    if verb:
        for words in (*objects[:2], *returned[:2]):
            yield from _with(verb, [words], sure=verb != "get" or words in returned)
    for choice in strong:
        longer = _with(choice.words[0], [(*choice.words[1:], *words) for words in (*objects, *returned)[:3]])
        yield from (replace(choice, words=each.words) for each in longer)
    if not verb:
        yield from _with("compute", [words for words in returned[:1] if len(words) > 1])
    weak = [
        heading,
        comment,
        *(_shared(phrases) for phrases in zip(*((c.comment, c.heading) for c in copies), strict=True)),
    ]
    for phrase in dict.fromkeys(phrase for phrase in weak if phrase):
        yield from _said(phrase, verb, objects, sure=False)
    yield from _with(verb or "compute", returned)
    if verb:
        yield from _with(verb, [*objects[2:], (_DEFAULTS.get(verb, "values"),)])
        return
    yield from _with("process", _most(copy.subject for copy in copies if copy.subject)[:1], sure=False)
    folders = [(*words[:2], "steps") for words in _most(copy.folder for copy in copies if copy.folder)[:1]]
    yield from _with("run", folders, sure=False)
    yield _Choice(("run", "steps"), sure=False)


def _with(verb: str, objects: Iterable[Words], *, sure: bool = True) -> Iterator[_Choice]:
    for words in objects:
        named = wording.joined(verb, words)
        if len(named) > 1 or not words:  # split_split is split, and of what?
            yield _Choice(named, sure=sure)


def _holds(phrase: Phrase, verb: str, copies: Sequence[Sayings]) -> bool:
    """Whether a heading certainly speaks of the block: the code spells its words, or is most of what stands below it. Made into a
    sentence by us, it also needs a verb that the code knows, and no number of a chapter.
    """
    about = phrase.words[1:] if phrase.verbal else phrase.words
    spelled = {stem(word) for word in about} <= _known(copies)
    if not phrase.sentence and (any(word.isdigit() for word in about) or not (verb or phrase.verbal)):
        return spelled
    return spelled or all(copy.alone for copy in copies if copy.heading == phrase)


def _is_trusted(
    phrase: Phrase, verb: str, objects: Sequence[Words], copies: Sequence[Sayings], *, directly: bool
) -> bool:
    """Whether a phrase says what the code does: it has a verb, or names what the code's verb is about, or stands directly above a
    verb that such a heading may complete: "Softmax regression" above a fit.
    """
    if phrase.verbal:
        return True
    if directly and verb in _TRUSTING:
        return True
    known = {stem(word) for words in objects for word in words} if verb else _known(copies)
    return any(stem(word) in known for word in phrase.words)


def _known(copies: Sequence[Sayings]) -> frozenset[str]:
    return frozenset[str]().union(*(copy.known for copy in copies))


def _said(phrase: Phrase, verb: str, objects: Sequence[Words], *, sure: bool) -> Iterator[_Choice]:
    """A phrase as a name: with its own verb, else with that of the code."""
    if phrase.verbal and len(phrase.words) > 1:
        yield _Choice(phrase.words, phrase.sentence, sure)
    elif phrase.verbal:
        yield from _with(phrase.words[0], objects[:1], sure=sure)
    else:
        yield from _with({"": "compute", "print": "show"}.get(verb, verb), [phrase.words], sure=sure)


def _deed(copies: Sequence[Sayings]) -> tuple[str, list[Words]]:
    """The verb that most copies begin their deeds with, and the objects it has there, most frequent first."""
    verbs = Counter(copy.deeds[0].verb for copy in copies if copy.deeds)
    if not verbs:
        return "", []
    verb = min(verbs, key=lambda verb: (-verbs[verb], verb))
    ranks: dict[Words, list[int]] = {}
    for copy in copies:
        told = [telling(words) for words in copy.deeds[0].objects] if copy.deeds and copy.deeds[0].verb == verb else []
        for rank, words in enumerate(dict.fromkeys(told)):
            if words and words != (verb,):
                ranks.setdefault(words, []).append(rank)
    return verb, sorted(ranks, key=lambda words: (-len(ranks[words]), sum(ranks[words]), words))


def _shared(phrases: Sequence[Phrase | None]) -> Phrase | None:
    """The phrase that at least half of the copies have; what one copy of three is headed by is its own matter."""
    counted = Counter(phrase for phrase in phrases if phrase)
    best = min(counted, key=lambda phrase: (-counted[phrase], phrase.words, phrase.sentence), default=None)
    return best if best is not None and 2 * counted[best] >= len(phrases) else None


def _most(found: Iterable[Words]) -> list[Words]:
    """Each once, the most frequent first; among equals what comes first in its copy."""
    counted = Counter(found)
    return sorted(counted, key=lambda words: -counted[words])


def _names_in(names: NotebookNames) -> frozenset[str]:
    """Every name that a notebook binds, reads or may know."""
    return frozenset((*names.bindings, *names.uses, *names.unknown, *names.keywords, *names.strings))


@cache
def _reserved() -> frozenset[str]:
    return frozenset((*dir(builtins), *keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names, *_KNOWN_MODULES))


def _is_free(name: str, taken: set[str]) -> bool:
    return bool(name) and name not in taken and name not in _reserved()
