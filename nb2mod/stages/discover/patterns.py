"""One pattern in the language of .gitignore → a regular expression. Which files' patterns win lives in ignore.py.

Our own because git's answer for a walk from the top is needed: a pattern speaks of the path itself, never of what lies
below. pathspec answers for whole paths and gives folder marks precedence, so that under `*`, `!*/`, `!*.ipynb`, the usual
way to keep nothing but notebooks, it leaves out every folder. tests/discover/test_ignore_git.py compares with git.
"""

import re

from msgspec import Struct

_SETS = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_BRACKET = re.compile(r"\[(?P<not>[!^]?)(?P<items>\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]", re.DOTALL)
_ITEM = re.compile(r"\[:(?P<set>\w+):\]|(?P<low>\\.|.)(?:-(?P<high>\\.|[^\]]))?", re.DOTALL)


class Pattern(Struct, frozen=True):
    """A pattern taken apart. `glob` is compared with the whole path when `anchored`, else with its last part alone."""

    glob: str
    negated: bool
    folder_only: bool
    anchored: bool


def parse_pattern(line: str) -> Pattern | None:
    """One line of an ignore file; None for a comment or a line that says nothing."""
    line = _without_final_spaces(line.removesuffix("\r"))
    negated = line.startswith("!")
    glob = line.removeprefix("!")
    if not glob.strip("/") or line.startswith("#"):
        return None
    folder_only = glob.endswith("/")
    glob = glob.removesuffix("/")
    anchored = "/" in glob
    if glob.startswith("**/") and "/" not in glob.removeprefix("**/"):
        anchored, glob = False, glob.removeprefix("**/")
    return Pattern(glob.removeprefix("/"), negated, folder_only, anchored)


def compiled(pattern: Pattern) -> re.Pattern[str]:
    """What the path, or its last part, must match in full. A glob that git finds invalid matches nothing.

    A star between two others is an atomic group that takes the first place that fits: trying later ones could not help what
    follows, and patterns of many stars would take as long as their author likes.
    """
    if not pattern.anchored:
        return re.compile(_translated(pattern.glob), re.DOTALL)
    runs: list[list[str]] = [[]]  # the parts between "**"
    for part in pattern.glob.split("/"):
        if part != "**":
            runs[-1].append(_translated(part))
        elif runs[-1] or len(runs) == 1:
            runs.append([])
    first, *later = ["/".join(run) for run in runs]
    text = first + "/" * bool(first and later)
    for run in later[:-1]:
        text += f"(?>(?:[^/]+/)*?{run}/)"
    if later:
        text += f"(?:.*/)?{later[-1]}" if later[-1] else ".+"
    return re.compile(text, re.DOTALL)


def _translated(part: str) -> str:
    """One part of a path, or a name."""
    pieces, at = [""], 0  # what stands between stars
    while at < len(part):
        char = part[at]
        at += 1
        if char == "*":
            pieces.append("")
            at += len(part[at:]) - len(part[at:].lstrip("*"))
        elif char == "?":
            pieces[-1] += "[^/]"
        elif char == "\\":
            pieces[-1] += re.escape(part[at]) if at < len(part) else "(?!)"
            at += 1
        elif char == "[":
            bracket = _BRACKET.match(part, at - 1)
            pieces[-1] += _bracket(bracket) if bracket else "(?!)"
            at = bracket.end() if bracket else len(part)
        else:
            pieces[-1] += re.escape(char)
    first, *later = pieces
    middle = "".join(f"(?>[^/]*?{piece})" for piece in later[:-1])
    return first + middle + (f"[^/]*{later[-1]}" if later else "")


def _bracket(match: re.Match[str]) -> str:
    """The set between [ and ]; a range that runs backwards is empty."""
    inside = ""
    for item in _ITEM.finditer(match["items"]):
        if item["set"]:
            if item["set"] not in _SETS:
                return "(?!)"
            inside += _SETS[item["set"]]
            continue
        low = item["low"][-1]
        high = item["high"][-1] if item["high"] else low
        if low <= high:
            inside += f"{re.escape(low)}-{re.escape(high)}"
    if match["not"]:
        return f"[^/{inside}]"
    return f"(?!/)[{inside}]" if inside else "(?!)"


def _without_final_spaces(line: str) -> str:
    """Spaces at the end say nothing, unless a backslash stands before the first of them."""
    bare = line.rstrip(" ")
    is_escaped = bare != line and (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return f"{bare} " if is_escaped else bare
