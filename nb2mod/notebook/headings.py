"""The headings of a Markdown cell, as text that a person would say: no markup, no links, no emoji.

A scanner for headings alone, not a Markdown parser. One pass of one pattern whose parts are bounded: every cold scan of every
file goes through here, hostile ones too.
"""

import html
import re
import unicodedata
from collections.abc import Iterator

_LONGEST = 200
_LONGEST_RAW = 800  # with its markup
_LONGEST_HTML = 1000

_LINE = re.compile(
    r"""(?x)\n[ ]{0,3}(?:
      (?P<fence>`{3,}|~{3,})
    | (?P<marks>\#{1,6})(?![#!]) (?P<atx>[^\n]*)
    | (?P<setext>[^\s#>|`~<*+-][^\n]*) \n [ ]{0,3} (?P<under>={2,}|-{2,}) [ \t\r]* (?=\n|\Z)
    | (?:<[a-gi-z][^>\n]{0,200}>[ ]{0,9}){0,3} <h(?P<level>[1-6])\b [^>\n]{0,300} >
    )"""
)
_BLANK_REST = re.compile(r"[ \t\r]*(?:\n|\Z)")
_TICK_IN_REST = re.compile(r"[^\n`]*`")
_IMAGE = re.compile(r"!\[[^\[\]\n]*\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_LINK = re.compile(r"\[([^\[\]\n]*)\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{[#.:][^{}]*\}\s*\Z")
_CLOSING = re.compile(r"(?:\A|[ \t])#+[ \t]*\Z")
_EMPHASIS = re.compile(r"\*+|~~|`+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]+:(?!\w)")
_UNSAID = frozenset({"So", "Sk", "Me", "Cc", "Cf", "Co", "Cs", "Cn"})  # pictures, marks on them, control characters


def headings_of(source: str) -> list[tuple[int, str]]:
    """(level, text) of the headings in one Markdown cell, from top to bottom. Empty ones are left out."""
    if "#" not in source and "<h" not in source and "--" not in source and "==" not in source:
        return []
    return [(level, text) for level, raw in _raw(source) if (text := cleaned(raw))]


def cleaned(raw: str) -> str:
    """A heading's text without markup: links by their words; emphasis, code marks, tags, anchors and emoji gone."""
    text = raw[:_LONGEST_RAW]
    if not (text.isascii() and text.replace(" ", "").isalnum()):
        text = _LINK.sub(r"\1", _IMAGE.sub("", _ATTRIBUTES.sub("", text)))
        text = _SHORTCODE.sub("", html.unescape(_TAG.sub(" ", text)))
        text = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text))
        text = "".join([character for character in text if _is_said(character)])
    return " ".join(text.split())[:_LONGEST].strip()


def _raw(source: str) -> Iterator[tuple[int, str]]:
    fence = ""
    source = f"\n{source}"  # so that every line begins with the same character: the pattern leaps from one to the next
    for found in _LINE.finditer(source):
        kind = found.lastgroup
        if kind == "fence":
            fence = _fence_after(fence, found["fence"], source, found.end())
        elif fence:
            continue
        elif kind == "atx":
            if _is_heading(found["marks"], found["atx"], first=found.start() == 0):
                yield len(found["marks"]), _CLOSING.sub("", found["atx"][:_LONGEST_RAW].strip())
        elif kind == "under":
            if _stands_alone(source, found.start()):
                yield (1 if found["under"][0] == "=" else 2), found["setext"]
        else:
            end = source.find(f"</h{found['level']}", found.end(), found.end() + _LONGEST_HTML)
            if end >= 0:
                yield int(found["level"]), source[found.end() : end]


def _fence_after(fence: str, mark: str, source: str, end: int) -> str:
    """The fence that is open below this line; `fence` was open above it."""
    if fence:
        return "" if mark.startswith(fence) and _BLANK_REST.match(source, end) else fence
    return "" if mark[0] == "`" and _TICK_IN_REST.match(source, end) else mark


def _is_heading(marks: str, rest: str, *, first: bool) -> bool:
    """Whether `#…` is a heading. Older notebooks leave out the blank; so does a hash tag in the text."""
    return not rest or rest[0] in " \t\r" or first or len(marks) > 1


def _stands_alone(source: str, start: int) -> bool:
    """Whether the line before the line end at `start` is blank: a paragraph's last line is no heading, nor a front matter's."""
    return not source[source.rfind("\n", 0, start) + 1 : start].strip()


def _is_said(character: str) -> bool:
    if character.isascii():
        return character.isprintable() or character in "\t\r\n"
    return unicodedata.category(character) not in _UNSAID and not 0xFE00 <= ord(character) <= 0xFE0F
