"""Notebooks that run others in their own namespace: `%run load.ipynb` reads, further down, what load.ipynb has bound."""

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from nb2mod.model import Features, Names

_WORD = re.compile(r"[^\W\d]\w*")


def with_runners(features: Sequence[Features], names: Mapping[int, Names]) -> dict[int, Names]:
    """`names` as a block's flow has to see them: what a notebook speaks of that runs this one, itself or through others, may
    be read here too.
    """
    found = dict(names)
    runs = {file: text for file, one in enumerate(features) if (text := _runs(one))}
    for file, one in enumerate(features) if runs else ():
        stem = one.path.rpartition("/")[2].removesuffix(".ipynb")
        runners, new = set[int](), {stem}
        while new:
            more = {each for each, text in runs.items() if each not in runners and any(word in text for word in new)}
            runners |= more
            new = {features[each].path.rpartition("/")[2].removesuffix(".ipynb") for each in more}
        if runners - {file} and file in found:
            words = {word for each in runners - {file} for word in _words(features[each])}
            found[file] = replace(found[file], unknown=found[file].unknown | words)
    return found


def _runs(one: Features) -> str:
    """The `%run` lines of a notebook."""
    lines = (
        line
        for cell in one.cells
        if any(magic == "run" for _, _, magic in cell.facts.magic_lines)
        for line in cell.source.splitlines()
        if "run" in line
    )
    return "\n".join(lines)


def _words(one: Features) -> set[str]:
    return {word for cell in one.cells for word in _WORD.findall(cell.source)}
