"""Logical lines of Python text that may hold IPython syntax: where they end, their first `=`, a `?` at their end.

A light tokenizer of strings, comments, brackets and continuations. It judges nothing: text that is no Python ends somewhere
sensible and the parser refuses it later. Only `\\n` ends a line here.
"""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<prefix>\b(?:[fFtT][rR]?|[rR][fFtT]))?(?:
        '''(?:[^'\\]|\\.|'(?!''))*+(?:'''|\\?\Z)
      | \"""(?:[^"\\]|\\.|"(?!""))*+(?:\"""|\\?\Z)
      | '(?:[^'\\\n]|\\.)*+'
      | "(?:[^"\\\n]|\\.)*+"
    )
    | (?P<stray>'(?:[^'\\\n]|\\.)*+|"(?:[^"\\\n]|\\.)*+)
    | (?P<comment>\#[^\n]*)
    | \\\n
    | (?P<line_end>\n)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<equals>(?<![-+*/%&|^@=!<>:])=(?!=))
    | [-+*/%&|^@=!<>:]=
    """,
    re.VERBOSE | re.DOTALL,
)
_FIELD_TOKEN = re.compile(r"""\{\{|\}\}|[{}()\[\]\n'"]|\\.""", re.DOTALL)
_TEXT = r"""[^\n'"()\[\]{}\#\\=?]++ | '[^'\\\n]*+'(?!') | "[^"\\\n]*+"(?!")"""
_INNER = rf"(?:{_TEXT} | [=\n])*+"
_BRACKETS = rf"[(\[{{] {_INNER} (?:[(\[{{] {_INNER} [)\]}}] {_INNER})*+ [)\]}}]"
_PLAIN_LINES = re.compile(
    rf"(?:[ \t]*+ (?![%!?,;/]) (?:{_TEXT} | {_BRACKETS} | \#[^\n]*+ | =(?![ \t]*[%!]))*+ \n)*+", re.VERBOSE
)  # whole logical lines that hold no IPython syntax for certain; what it does not know it leaves to the tokenizer
_STEP = 20  # what one step of the walk through a string's fields costs, in characters


class LogicalLine(NamedTuple):
    """`end` is past the newline (or the end of the text), `equals` the position of the first `=` outside brackets or -1.

    `asks` says that its last character is a `?` outside strings and comments.
    """

    end: int
    equals: int
    asks: bool


class Patience:
    """How many characters the tokenizer may look at twice in one text: a bound on the time that a hostile one can take.

    When it is spent, a quote that is never closed takes the rest of its line, and a string ends at its first closing quote.
    """

    def __init__(self) -> None:
        self.left = 3_000_000


def skip_plain_lines(text: str, start: int) -> int:
    """The first line start from here on where a logical line may hold IPython syntax. `start` begins a logical line."""
    match = _PLAIN_LINES.match(text, start)
    return match.end() if match else start


def logical_line(text: str, start: int, patience: Patience) -> LogicalLine:
    """The logical line that begins at `start`."""
    depth = 0
    equals = -1
    position = start
    while match := _TOKEN.search(text, position):
        before, position = position, match.end()
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "equals":
            if equals < 0 and not depth:
                equals = match.start()
        elif kind == "stray":
            patience.left -= position - match.start()
            position = match.start() + 1 if patience.left > 0 else position
        elif kind == "prefix":
            position = _formatted_string_end(text, match, patience)
        elif kind == "line_end" and not depth:
            return LogicalLine(position, equals, text[match.start() - 1] == "?" and match.start() > before)
    return LogicalLine(len(text), equals, text.endswith("?") and position < len(text))


def _formatted_string_end(text: str, match: re.Match[str], patience: Patience) -> int:
    """Where an f-string ends, with quotes of its own kind inside its fields (Python 3.12) taken as part of it."""
    simple = match[0]
    if simple.count("{") == simple.count("}"):
        return match.end()
    opening = match.end("prefix")
    quote = text[opening] * 3 if text.startswith(text[opening] * 3, opening) else text[opening]
    return _nested_end(text, opening + len(quote), quote, patience) or match.end()


def _nested_end(text: str, position: int, quote: str, patience: Patience) -> int | None:
    depth = 0
    while patience.left > 0 and (match := _FIELD_TOKEN.search(text, position)):
        patience.left -= match.end() - position + _STEP
        token, position = match[0], match.end()
        if token[0] in "'\"":
            if not depth and text.startswith(quote, match.start()):
                return match.start() + len(quote)
            if depth:
                inner = _TOKEN.match(text, match.start())
                if inner:
                    patience.left -= inner.end() - position
                    position = inner.end() if inner.lastgroup != "stray" else position
        elif token == "\n" and not depth and len(quote) == 1:
            return None
        elif token in ("{", "(", "[") and (depth or token == "{"):
            depth += 1
        elif token in ("}", ")", "]") and depth:
            depth -= 1
        elif token == "{{" and depth:
            depth += 2
        elif token == "}}" and depth:
            depth = max(depth - 2, 0)
    return None
