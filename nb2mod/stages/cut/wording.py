"""Phrases of people ("Loading the data", "2.1 Correlation matrix") → words of a function's name, verb first, and its sentence.

Words alone: which phrases speak for a block is with naming.
"""

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

Words = tuple[str, ...]

LONGEST = 40
MOST_WORDS = 4


class Phrase(Struct, frozen=True):
    """What a heading or comment says: words, the verb first where `verbal`; `sentence` is its text where that is imperative."""

    words: Words
    verbal: bool
    sentence: str = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = _words(
    "add adjust aggregate align analyze animate apply assemble assign augment average balance bin bootstrap build calculate "
    "calibrate categorize change check choose classify clean cluster collect combine compare compile compress compute "
    "concatenate configure connect construct convert convolve copy correct correlate count create crop cut decode decompose "
    "decorate define demonstrate deploy describe detect detrend display divide download downsample draw drop encode "
    "engineer enrich estimate evaluate examine exclude explore export extend extract fetch fill filter find fit flatten "
    "forecast format generate get group identify illustrate implement impute include initialize insert inspect install integrate "
    "interpolate invert investigate iterate join keep label list load log make map mark mask match measure melt merge "
    "minimize mix model normalize open optimize order partition pick pivot plot predict prepare preprocess print process "
    "project pull quantify query rank read recode reconstruct reduce reformat regress remove rename render reorder repeat "
    "replace resample rescale reset reshape resize rotate run sample save scale score scrape search segment select separate "
    "shift show shuffle simplify simulate slice smooth solve sort specify split stack standardize store study subtract "
    "summarize sweep switch synthesize tabulate test tokenize trace track train transform translate trim tune update upload "
    "validate vectorize verify visualize weight winsorize wrap write zoom"
)
_NOMINAL = {
    "visualization": "plot", "visualisation": "plot", "visualizing": "plot", "visualising": "plot", "visualize": "plot",
    "visualise": "plot", "preparation": "prepare", "evaluation": "evaluate", "computation": "compute", "calculation": "calculate",
    "prediction": "predict", "predictions": "predict", "estimation": "estimate", "normalization": "normalize",
    "normalisation": "normalize", "optimization": "optimize", "exploration": "explore", "comparison": "compare",
    "initialization": "initialize", "definition": "define", "generation": "generate", "transformation": "transform",
    "aggregation": "aggregate", "selection": "select", "extraction": "extract", "simulation": "simulate",
    "standardization": "standardize", "imputation": "impute", "validation": "validate", "interpolation": "interpolate",
    "summarization": "summarize", "tokenization": "tokenize", "vectorization": "vectorize", "analysis": "analyze",
    "analyse": "analyze", "analysing": "analyze", "standardise": "standardize", "normalise": "normalize",
    "optimise": "optimize", "summarise": "summarize", "initialise": "initialize", "categorise": "categorize",
}  # fmt: skip
# Words at the end of a noun phrase that are things, whatever verb they come from.
_THINGS = _words(
    "model plot list map test score scale sample label rank log weight cut order project track match mix stack query group"
)
_STOP = _words(
    "a an the of in for to with we our us i you your my let lets now here first firstly then next finally some all this "
    "that these those is are was were be been being will would can could should must may might do does did how what why "
    "when where which who it its by on from using via as into at and or but so than per through over under between within "
    "about each every both only just also again please want need try trying going used use useful very more most simple "
    "simply basic quick quickly little bit new old following given above below have has had there their them they if not no "
    "yes vs versus etc e g ie eg out up down off back going getting making doing looking let same different various several "
    "many few other another same well s t re ll ve plt np pd sns tf"
)
_SPLITS = re.compile(
    r"\s(?:using|with|via|by|because|so that|when|if|which|that|where|while|as|based on|according to|in order)\s", re.I
)
# Words at the head of a phrase that are verbs only where a determiner follows.
_EITHER = _words(
    "log model list rank test score label weight order map match mark mask track project process query measure shift stack mix "
    "trace sample display stage index set"
)
# What says nothing of the code below it.
_PALE = _words(
    "figure figures exercise exercises solution solutions answer answers question questions problem problems introduction "
    "intro overview conclusion conclusions summary setup notes note example examples background discussion references "
    "appendix result results code demo section step steps preliminaries motivation reading hint turn practice credit "
    "homework assignment lab chapter lesson week day run main part parts warm final extra further bonus task tasks todo "
    "cell cells notebook test tests import imports library libraries package packages module modules begin beginning end "
    "start started getting prerequisites requirements goals goal objective objectives outline contents content table toc "
    "topic tutorial version versions puzzle attempt second third fourth fifth approach method methods idea ideas thing "
    "things stuff case work data function functions class classes variable variables parameters parameter config "
    "configuration settings constants globals helper helpers utilities utils misc miscellaneous other others general usage "
    "implementation details detail output input inputs outputs more advanced optional review recap plan instructions "
    "instruction submission environment copyright license author about"
)
_LABEL = re.compile(
    r"""(?ix)\A\W*(?:
      (?:exercise|problem|question|part|section|step|task|chapter|lesson|week|day|lab|figure|fig|example|listing|appendix|puzzle
        |assignment|homework|hw|ex|q|eq|equation|case|experiment|stage|phase|cell|in|out|no|unit|module|lecture|project)s?
        \.?\s*[-#]?\s*[\[(]?(?:\d+(?:\.\d+)*[a-z]?|[a-h]|[ivx]+)[\])]?(?![\w'])
    | \(?\d+(?:\.\d+)*[a-z]?[.):]?(?=\s) | \(?[a-h][.)](?=\s) | [ivx]+[.)](?=\s)
    )\s*[-–—:.,|)]*\s*"""
)
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|\$[^$]*\$|https?://\S+")
_CLAUSE = re.compile(r"[.;:!?]\s|[.;:!?]\Z|\s[-–—]+\s|[—|]|\.\.+|…|, ")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?\d*|\d+[dD]\b|\d+")  # 2D is one word
_LETTER = re.compile(r"\b([a-zA-Z])-([a-zA-Z]{2})")  # K-Means, t-test
_SAFE_SENTENCE = 72
# Before these a sentence may end, and it may not end with such.
_ENDS = re.compile(
    r"[,;:]\s|\s(?:[-–—]|and|or|but|which|that|where|when|while|because|so|then|using|with|without|via|if|as|in|on|at|for|to|by|"
    r"from|into|over|under|between|within|through|across|against|per|after|before|until|about|whose|like|such)\s",
    re.I,
)
_PAIRED = re.compile(r"\b(?:between|both|either|neither)\b", re.I)
_LOOSE = re.compile(r"\s(?:a|an|the|of|so|such|as|well|order|and|or|is|are|be|this|these|its|their|each|all)\Z", re.I)


def phrase_of(text: str) -> Phrase | None:
    """The words of a heading or comment; None when it says nothing about what code does."""
    text = _PARENTHESES.sub(" ", text[:400]).replace("`", "").strip()
    while found := _LABEL.match(text):
        text = text[found.end() :]
    clause = next((part.strip() for part in _CLAUSE.split(text) if part.strip()), "")
    if not clause or "?" in text[: len(clause) + 2]:
        return None
    tokens = _tokens(_SPLITS.split(clause)[0]) or _tokens(clause)
    words = [word for word in tokens if word not in _STOP and (len(word) > 1 or word.isdigit())]
    if not words or words[0].isdigit() or _PALE.issuperset(word for word in words if not word.isdigit()):
        return None
    verb = _verb(words[0]) if words[0] not in _EITHER or _commands(tokens, words[0]) else None
    if verb is not None and (len(words) > 1 or words[0] != verb or verb in _ALONE):
        return Phrase(_fitting((verb, *words[1:])), True, _imperative(clause, words[0], verb))
    last = _verb(words[-1]) if words[-1] not in _THINGS else None
    if last is not None and len(words) > 1:
        return Phrase(_fitting((last, *_without_adjectives(words[:-1]))), True)
    while len(words) > 1 and words[0] in _PALE:
        words.pop(0)
    while len(words) > 1 and words[-1] in _PALE:
        words.pop()
    if not _without_adjectives(words) or _PALE.issuperset(words):
        return None
    return Phrase(_fitting(tuple(words), MOST_WORDS - 1), False)


def says_nothing(words: Words) -> bool:
    """Whether these are only words between others: this, the, try."""
    return _STOP.issuperset(words)


def _commands(tokens: Sequence[str], word: str) -> bool:
    """Whether a word that may be a thing too stands there as a verb: "model the growth", not "model growth"."""
    after = tokens[tokens.index(word) + 1 : tokens.index(word) + 2]
    return after != [] and after[0] in _DETERMINERS


def _without_adjectives(words: Sequence[str]) -> tuple[str, ...]:
    """Without what only colours the words after it: exploratory, statistical, efficient."""
    at = next((at for at, word in enumerate(words) if not _ADJECTIVE.search(word)), len(words))
    return tuple(words[at:])


_ALONE = _words("preprocess normalize standardize train simulate tokenize bootstrap")
_DETERMINERS = _words("the a an all each our your my its their these this it them every and")
_ADJECTIVE = re.compile(r"..(?:cal|nal|ral|ial|ual|tic|ric|ive|ient|ory|ous|ful|able|ible)\Z")


def _verb(word: str) -> str | None:
    """The verb that a word is, or is made of: loading, loads, loaded and visualization are verbs; data is none."""
    if word in _NOMINAL:
        return _NOMINAL[word]
    if word in _VERBS:
        return word
    stems: list[str] = []
    if word.endswith("ing") and len(word) > 5:
        stems = [word[:-3], word[:-3] + "e", word[:-4]]
    elif word.endswith("s") and not word.endswith("ss"):
        return word[:-1] if word[:-1] in _VERBS - _THINGS else None
    return next((stem for stem in stems if stem in _VERBS), None)


def _tokens(text: str) -> list[str]:
    """Lower-case words in ASCII; those of other scripts are left out, accents are taken off."""
    plain = unicodedata.normalize("NFKD", text.replace("_", " ")).encode("ascii", "ignore").decode()
    plain = _LETTER.sub(r"\1\2", plain).replace("-", " ")
    return [re.sub(r"['’].*", "", token).lower() for token in _TOKEN.findall(plain)]


def _fitting(words: Words, most: int = MOST_WORDS) -> Words:
    """At most so many words and forty characters; never a word twice in a row."""
    kept = [word for at, word in enumerate(words) if not at or word != words[at - 1]][:most]
    while len(kept) > 1 and len("_".join(kept)) > LONGEST:
        kept.pop()
    return tuple(kept)


def joined(verb: str, *parts: Words) -> Words:
    """One name's words: the verb, then as many of the others as fit; plot, contour, plots is plot, contour."""
    words: list[str] = [verb]
    for part in parts:
        words += [word for word in part if word not in words and word.removesuffix("s") != verb]
    return _fitting(tuple(words))


def identifier(words: Sequence[str]) -> str:
    """The words as a name; "" when they make none."""
    name = "_".join(words)[:LONGEST].strip("_")
    return name if name.isidentifier() and name.isascii() else ""


def _imperative(clause: str, word: str, verb: str) -> str:
    """The clause as it was written, from its verb on, in the imperative; "" when its text begins otherwise."""
    found = re.match(rf"\W*(?:(?:now|then|next|first|finally|let's|let us|we|to)\W+)*{re.escape(word)}\b", clause, re.I)
    return plain_sentence(verb + clause[found.end() :]) if found else ""


def sentence_of(words: Words) -> str:
    """load, scores: "Load the scores."."""
    verb, *rest = words
    return plain_sentence(f"{verb} the {' '.join(rest)}" if rest else f"{verb} what the notebook needs")


def plain_sentence(text: str) -> str:
    """One line of plain text that begins with a capital and ends with a period, safe inside a docstring whatever it held."""
    kept = "".join(character if character.isprintable() else " " for character in text)
    kept = " ".join(re.sub(r"[\\$]+", " ", kept).replace('"', "'").split()).strip(" '.,:;")
    if len(kept) > _SAFE_SENTENCE:
        kept = _cut(kept)
    return f"{kept[:1].upper()}{kept[1:]}." if kept else ""


def _cut(text: str) -> str:
    """The longest beginning of a text that fits and is a sentence by itself, as far as its small words tell; "" for none."""
    for end in reversed([found.start() for found in _ENDS.finditer(text[: _SAFE_SENTENCE + 1])]):
        kept = text[:end]
        while loose := _LOOSE.search(kept):
            kept = kept[: loose.start()]
        kept = kept.strip(" '.,:;")
        if " " in kept and not _PAIRED.search(kept):
            return kept
    return ""
