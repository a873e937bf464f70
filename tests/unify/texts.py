"""Copies to unify from their texts, and what they become: lifted text with its parameters in the signature, and its call."""

import ast
from collections.abc import Sequence

from nb2mod.model import Copy, Location, Meaning, NewParameter, Unification
from nb2mod.stages.unify import unify


def copies_of(*texts: str, weights: Sequence[int] = (), meanings: Sequence[dict[str, str]] = ()) -> list[Copy]:
    """Copies in a.ipynb, b.ipynb …; `meanings` gives the kind and key of names, as "kind:key"."""
    found = []
    for number, text in enumerate(texts):
        told = meanings[number] if number < len(meanings) else {}
        known = {name: Meaning(key.partition(":")[0], key, name) for name, key in told.items()}
        weight = weights[number] if number < len(weights) else 1
        found.append(Copy(text.strip("\n"), Location(f"{chr(97 + number)}.ipynb", 2, 1), weight, known))
    return found


def unified(*texts: str) -> Unification:
    return unify(copies_of(*texts))


def replaced(text: str, parameters: Sequence[NewParameter]) -> str:
    """The text with the replacements made, by this test's own means."""
    edits = sorted((edit for one in parameters for edit in one.replacements), key=lambda edit: -edit.start)
    for edit in edits:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def lifted(text: str, parameters: Sequence[NewParameter]) -> str:
    """The whole function as it would stand in a module."""
    tree = ast.parse(replaced(text, parameters))
    arguments = tree.body[0].args  # type: ignore[attr-defined]
    for one in parameters:
        if one.position is None:
            arguments.kwonlyargs.append(ast.arg(one.name))
            arguments.kw_defaults.append(ast.parse(one.default, mode="eval").body if one.default else None)
    return ast.unparse(tree)


def passed(parameters: Sequence[NewParameter]) -> str:
    """What a call of the copy passes more."""
    return "".join(f", {one.name}={one.value}" for one in parameters if one.value)
