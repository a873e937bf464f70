"""Terms in words: the name that stands for a value, what texts look like, what several names have in common."""

import ast
import re
from collections.abc import Sequence

from nb2mod.stages.unify.holes import Hole
from nb2mod.stages.unify.terms import Term

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[^\W\dA-Z_]+|\d+")
_PATH = re.compile(r"[\w.~-]*/[\w./~-]*|[\w-]+\.[A-Za-z][A-Za-z0-9]{1,7}")
_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3,4}){1,2}")
_NAME = re.compile(r"[\w.-]+")
_URLS = ("http://", "https://", "s3://", "gs://")

# How far a name is trusted, by what speaks for it, most trusted first.
OWN, KEYWORD, ASSIGNED, UNIT, KNOWN_CALL, ROLE, LAST = range(7)
Hint = tuple[int, str]


def texts_of(hole: Hole) -> list[str]:
    """The texts at a hole, when nothing else stands there."""
    values = [term.node.value for term in hole.terms if isinstance(term.node, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    return texts if len(texts) == len(hole.terms) else []


def kind_word(hole: Hole) -> str:
    """What the values at a hole are, in one word."""
    nodes = [term.node for term in hole.terms]
    if texts := texts_of(hole):
        if all(text.startswith(_URLS) for text in texts):
            return "url"
        if all(_PATH.fullmatch(text) for text in texts):
            return "path"
        if all(_COLOR.fullmatch(text) for text in texts):
            return "color"
        return "name" if all(_NAME.fullmatch(text) for text in texts) else "text"
    if all(isinstance(node, ast.Constant) and isinstance(node.value, bool) for node in nodes):
        return "flag"
    if all(term.display for term in hole.terms):
        return "list" if all(isinstance(node, ast.List) for node in nodes) else "values"
    return "value"


def spoken(term: Term) -> str:
    """The name that stands for a value: `age` of age, person.age, person["age"], len(age)."""
    node = term.node
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and len(term.kids) > 1:
        return spoken_text(term.kids[1]) or spoken(term.kids[0])
    if isinstance(node, ast.Call) and term.kids:
        inner = spoken_function(term.kids[0])
        if inner in ("abs", "float", "int", "round", "str") and len(term.kids) > 1:
            return spoken(term.kids[1])
        if inner == "len":
            return "size"
    return ""


def spoken_function(term: Term) -> str:
    """The last name of what is called."""
    if isinstance(term.node, ast.Attribute):
        return term.node.attr
    return term.node.id if isinstance(term.node, ast.Name) else ""


def spoken_text(term: Term) -> str:
    """A text as an identifier: "Price (EUR)" is price_eur."""
    value = getattr(term.node, "value", None)
    if not isinstance(term.node, ast.Constant) or not isinstance(value, str) or len(value) > 30:
        return ""
    name = "_".join(word.lower() for word in _WORD.findall(value)[:4])
    return name if name.isidentifier() else ""


def camel_words(name: str) -> list[str]:
    """`mean_age` and `MeanAge` are mean and age."""
    return [word.lower() for word in _CAMEL.findall(name)]


def shared_words(names: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The words that all end with, and those that all begin with."""
    first = list(names[0])
    ended = 0
    while all(len(each) > ended and each[-1 - ended] == first[-1 - ended] for each in names):
        ended += 1
    started = 0
    while all(len(each) > started and each[started] == first[started] for each in names):
        started += 1
    return first[len(first) - ended :], first[:started]


def singular(name: str) -> str:
    """`models` are each a model."""
    return name[:-1] if len(name) > 3 and name.endswith("s") and not name.endswith(("ss", "us", "is")) else name


def with_kind(name: str, hole: Hole) -> str:
    """`column` and "price" are a column_name; a `file_name` stays one, though the local has that name already."""
    word = kind_word(hole)
    return f"{name}_value" if name.rpartition("_")[2] == word else f"{name}_{word}"
