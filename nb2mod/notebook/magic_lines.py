"""Magic, shell and help lines inside a cell, in the order and with the precedence of IPython, each made plain Python."""

import re
from bisect import bisect
from collections.abc import Callable
from itertools import accumulate

from msgspec import structs

from nb2mod.model import Magic
from nb2mod.notebook.logical import LogicalLine, Patience, logical_line, skip_plain_lines
from nb2mod.notebook.magics import IDENTIFIER, PYTHON_OPTIONS, RETURNS_VALUE, Effects, identifiers, line_effects
from nb2mod.notebook.timed import names_of, option_names, parses, split_options

_BLANKS = re.compile(r"(?:[ \t\f]*\\\n)*[ \t\f]*")
_ESCAPE = re.compile(r"!!|\?\?|[!%](?!=)|/(?![/=])|[?,;]")
_RIGHT_SIDE = re.compile(r"=[ \t]*(?:\\\n[ \t]*)*(?=%[ \t]*[^\W\d]|!(?!=))")
_NESTED = re.compile(r"%[ \t]*[^\W\d]")
_HELP = re.compile(r"(%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*)(\?\??)\Z")


_LONGEST_NAME = 1000
_MOST_NESTED = 20  # %time %time f() is Python that runs; beyond this it is no person's


class _Lines:
    """The lines of one input and the magics found in them so far. Lines are replaced in place; their number never changes."""

    def __init__(self, lines: list[str], first_number: int) -> None:
        self.lines = list(lines)
        self.text = "\n".join(lines)
        self.magics: list[Magic] = []
        self._first_number = first_number
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def index_of(self, position: int) -> int:
        """The line in which `position` of the text stands."""
        return bisect(self._starts, position) - 1

    def start_of(self, index: int) -> int:
        """Where line `index` begins; past the last line, the end of the text."""
        return min(self._starts[index], len(self.text))

    def replace(self, first: int, last: int, python: str, magics: list[Magic]) -> None:
        """Put one line of Python in the place of these lines, blank ones after it."""
        self.lines[first : last + 1] = [python] + [""] * (last - first)
        place = {"line": first + self._first_number, "end_line": last + self._first_number}
        self.magics += [structs.replace(magic, **place) for magic in magics]


def mask_lines(lines: list[str], first_number: int) -> tuple[list[str], list[Magic]]:
    """As many lines of Python, and the magics in them; `first_number` is the first line's number in the cell."""
    work = _Lines(lines, first_number)
    patience = Patience()
    position = skip_plain_lines(work.text, 0)
    while position < len(work.text):
        logical = logical_line(work.text, position, patience)
        last = _masked_line(work, position, logical)
        position = skip_plain_lines(work.text, logical.end if last is None else work.start_of(last + 1))
    return work.lines, work.magics


def _masked_line(work: _Lines, start: int, logical: LogicalLine) -> int | None:
    """Replace IPython syntax in one logical line; the index of the last line it took, None when there was none."""
    blanks = _BLANKS.match(work.text, start)
    begin = blanks.end() if blanks else start
    first = work.index_of(begin)
    indent = work.text[work.start_of(first) : begin]
    help_match = _help_asked(work.text[begin : logical.end].removesuffix("\n")) if logical.asks else None
    if help_match:
        last = work.index_of(logical.end - 1)
        python, magic = _help(help_match[1], help_match[2])
        work.replace(first, last, indent + python, [magic])
        return last
    escape = _ESCAPE.match(work.text, begin)
    if escape:
        command, last = _continued(work, first, len(indent))
        translated = _ESCAPES[escape[0]](command[len(escape[0]) :])
        if translated is not None:
            work.replace(first, last, indent + translated[0], translated[1])
            return last
    elif logical.equals >= 0:
        return _masked_assignment(work, logical.equals)
    return None


def _masked_assignment(work: _Lines, equals: int) -> int | None:
    """`x = %magic` and `x = !command`."""
    match = _RIGHT_SIDE.match(work.text, equals)
    if not match:
        return None
    escape = work.text[match.end()]
    if escape == "!" and work.lines[work.index_of(equals)].strip().startswith("="):
        return None
    first = work.index_of(match.end())
    column = match.end() - work.start_of(first)
    command, last = _continued(work, first, column)
    left = work.lines[first][:column]
    python, magics = _assigned(command[1:]) if escape == "%" else _captured(command[1:])
    work.replace(first, last, left + python, magics)
    return last


def _continued(work: _Lines, first: int, column: int) -> tuple[str, int]:
    r"""The command from `column` on, with the lines that `\` at a line's end adds; and the last of them."""
    parts = [work.lines[first][column:]]
    last = first
    while parts[-1].endswith("\\") and last + 1 < len(work.lines):
        last += 1
        parts.append(work.lines[last])
    joined = [part.rstrip()[:-1] for part in parts[:-1]]
    return " ".join([*joined, parts[-1].rstrip()]), last


def _help_asked(text: str) -> re.Match[str] | None:
    """The name with question marks that ends the line. Not one too long for any name: each start of it would be tried."""
    start = max(0, len(text) - _LONGEST_NAME)
    match = _HELP.search(text, start)
    return match if match and (not start or match.start() > start) else None


def _help(target: str, mark: str) -> tuple[str, Magic]:
    method = "pinfo2" if mark == "??" else "psearch" if "*" in target else "pinfo"
    method, _, argument = f"{method} {target}".partition(" ")
    names = IDENTIFIER.findall(target)[:1] if "*" not in target and not target.startswith("%") else []
    return f"get_ipython().run_line_magic({method!r}, {argument!r})", Magic(1, 1, "?", target, tuple(names))


def _helped(mark: str) -> Callable[[str], tuple[str, list[Magic]]]:
    def translate(content: str) -> tuple[str, list[Magic]]:
        if not content:
            return "get_ipython().show_usage()", [Magic(1, 1, "?", "")]
        python, magic = _help(content, mark)
        return python, [magic]

    return translate


def _magic(content: str) -> tuple[str, list[Magic]]:
    name, _, argument = content.partition(" ")
    if name in PYTHON_OPTIONS:
        return _timed(name, argument, assigned=False)
    return _line_magic(name, argument)


def _assigned(content: str) -> tuple[str, list[Magic]]:
    name, _, argument = content.partition(" ")
    if name in PYTHON_OPTIONS:
        return _timed(name, argument, assigned=True)
    return _line_magic(name, argument)


def _line_magic(name: str, argument: str) -> tuple[str, list[Magic]]:
    return _call(name, argument), [_recorded(name, argument, line_effects(name, argument))]


def _call(name: str, argument: str) -> str:
    return f"get_ipython().run_line_magic({name!r}, {argument!r})"


def _recorded(name: str, argument: str, effects: Effects) -> Magic:
    return Magic(1, 1, name, argument.strip(), effects.reads, effects.binds, effects.unknown)


def _timed(name: str, argument: str, assigned: bool) -> tuple[str, list[Magic]]:
    """The Python that a timing magic runs, when a statement can stand for it; else its call, with the names told."""
    if argument.count("%") > _MOST_NESTED and len(_NESTED.findall(argument)) > _MOST_NESTED:
        return _call(name, argument), [_recorded(name, argument, Effects(identifiers(argument), (), True))]
    timed = split_options(name, argument)
    lines, inner = mask_lines(["" if timed.python.startswith("%%") else timed.python], 1)  # a cell magic needs a cell
    python = lines[0]
    reads, binds = option_names(name, timed.options)
    found = names_of(python)
    stands_alone = found.is_expression and not found.binds if name == "timeit" or assigned else parses(python)
    if stands_alone and (not assigned or name in RETURNS_VALUE):
        return python, [_recorded(name, argument, Effects(reads, binds)), *inner]
    local = set(found.binds) if name == "timeit" and not found.declares else set()
    reads = tuple(dict.fromkeys((*reads, *(read for read in found.reads if read not in local))))
    binds = tuple(dict.fromkeys((*binds, *(bound for bound in found.binds if bound not in local))))
    return _call(name, argument), [_recorded(name, argument, Effects(reads, binds)), *inner]


def _shell(method: str) -> Callable[[str], tuple[str, list[Magic]]]:
    def translate(content: str) -> tuple[str, list[Magic]]:
        return f"get_ipython().{method}({content!r})", [_recorded("!", content, line_effects("!", content))]

    return translate


_captured = _shell("getoutput")


def _quoted_each(content: str) -> tuple[str, list[Magic]]:
    name, _, arguments = content.partition(" ")
    joined = '", "'.join(arguments.split())
    return f'{name}("{joined}")', [Magic(1, 1, ",", content)]


def _quoted_whole(content: str) -> tuple[str, list[Magic]]:
    name, _, arguments = content.partition(" ")
    return f'{name}("{arguments}")', [Magic(1, 1, ";", content)]


def _called(content: str) -> tuple[str, list[Magic]] | None:
    name, _, arguments = content.partition(" ")
    if not name:
        return None
    return f"{name}({', '.join(arguments.split())})", [Magic(1, 1, "/", content)]


_ESCAPES: dict[str, Callable[[str], tuple[str, list[Magic]] | None]] = {
    "!": _shell("system"),
    "!!": _captured,
    "?": _helped("?"),
    "??": _helped("??"),
    "%": _magic,
    ",": _quoted_each,
    ";": _quoted_whole,
    "/": _called,
}
