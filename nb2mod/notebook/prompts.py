"""What IPython takes off a cell before it looks for magics: blank first lines, common indentation, prompts.

Works on lines without their ends and gives as many lines back.
"""

import re
from textwrap import dedent

_DOCTEST = re.compile(r"\s*>>>")
_DOCTEST_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.)[ \t]?")
_TRIPLE_QUOTE = re.compile(r"(?<!\\)(\"\"\"|''')")
_STRING_PREFIX = re.compile(r"[rubfRUBF]*")
_IPYTHON_PROMPT = re.compile(r"(?:(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?)")


def cleaned(lines: list[str]) -> tuple[list[str], bool]:
    """The lines as IPython goes on with them, and whether any of them lost more than white space on an empty line."""
    found = _blanked_start(lines)
    undented = dedent("\n".join(found)).split("\n") if found else found
    stripped = _without_ipython_prompts(_without_doctest_prompts(undented))
    changed = any(old != new and old.strip() for old, new in zip(lines, stripped, strict=True))
    return stripped, changed


def _blanked_start(lines: list[str]) -> list[str]:
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    return [""] * first + lines[first:]


def _without_doctest_prompts(lines: list[str]) -> list[str]:
    if not any(">>>" in line for line in lines):
        return lines
    inside = _kept_in_strings(lines)
    if not any(_DOCTEST.match(line) for line, kept in zip(lines, inside, strict=True) if not kept):
        return lines
    found: list[str] = []
    segment: list[str] = []
    changed = False
    for number, line in enumerate(lines):
        if inside[number]:
            found.append(line)
            continue
        segment.append(_DOCTEST_PROMPT.sub("", line, count=1) if _DOCTEST_PROMPT.match(line) else line)
        changed = changed or segment[-1] != line
        if number + 1 == len(lines) or inside[number + 1]:
            found += dedent("\n".join(segment)).split("\n") if changed else segment
            segment, changed = [], False
    return found


def _kept_in_strings(lines: list[str]) -> list[bool]:
    """Which lines stand inside a triple-quoted string whose prompts IPython keeps: one that begins its own line."""
    kept: list[bool] = []
    quote: str | None = None
    keep = seen_prompt = False
    for line in lines:
        kept.append(quote is not None and keep)
        for number, match in enumerate(_TRIPLE_QUOTE.finditer(line)):
            if (
                quote is None and number
            ):  # the strings before it on the line are no prefix, and too many to look at each time
                quote, keep = match[1], False
                kept[-1] = keep
            elif quote is None:
                quote = match[1]
                before = line[: match.start()]
                bare = _DOCTEST_PROMPT.sub("", before, count=1) if _DOCTEST_PROMPT.match(before) else before
                prompted = bare != before and seen_prompt
                keep = not prompted and _STRING_PREFIX.fullmatch(bare.strip()) is not None
                kept[-1] = keep
            elif quote == match[1]:
                quote, keep = None, False
        seen_prompt = seen_prompt or _DOCTEST.match(line) is not None
    return kept


def _without_ipython_prompts(lines: list[str]) -> list[str]:
    first = next((number for number, line in enumerate(lines) if line), len(lines))
    if any(_IPYTHON_PROMPT.match(line) for line in lines[first : first + 2]):
        return [_IPYTHON_PROMPT.sub("", line, count=1) if _IPYTHON_PROMPT.match(line) else line for line in lines]
    return lines
