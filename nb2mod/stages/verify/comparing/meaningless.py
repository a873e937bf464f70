"""What carries no meaning even when two runs agree on it: addresses, names of temporary files, timings that IPython prints, ids.

Numbers that merely look like times or addresses in what a notebook prints stay as they are: there the two old runs decide.
"""

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """Text to be replaced, looked for only where `hint` stands: most outputs hold none of all this."""

    hint: str
    pattern: re.Pattern[str]
    instead: str


def _rule(hint: str, pattern: str, instead: str) -> Rule:
    return Rule(hint, re.compile(pattern, re.MULTILINE), instead)


TIME = r"[\d.,]+ ?(?:ns|[nuµμm]?s|min|h|d)\b"
ANY_TEXT = (
    # `<Model object at 0x7f12…>`; elsewhere only what is as long as an address of a 64-bit process, so that `hex(255)` counts.
    _rule("0x", r"(?<= at )0x[0-9a-fA-F]+|\b0x[0-9a-fA-F]{11,16}\b", "0x…"),
    _rule("ipykernel_", r"(?:(?<![^\s\"'<>()])[^\s\"'<>()]{0,300}[\\/])?ipykernel_\d+[\\/]\d+\.py", "‹cell›"),
    _rule("ipython-input-", r"(?:<|&lt;)?ipython-input-\d+-[0-9a-f]+(?:>|&gt;)?", "‹cell›"),
    _rule("In", r"\b(Cell In|Input In )\[\d+\](, line \d+)?", r"\1[…]"),
    _rule(".py, line ", r"\(\d+\.py, line \d+\)", "(‹cell›)"),
    _rule("‹cell›, line ", r"‹cell›, line \d+", "‹cell›"),
    _rule("Out[", r"\bOut\[\d+\]", "Out[…]"),
    _rule("CPU times", r"^CPU times: .*$", "CPU times: …"),
    _rule("Wall time", r"^Wall time: .*$", "Wall time: …"),
    _rule("Compiler ", r"^(Compiler|Parser) +: [\d.]+ .*$", r"\1: …"),
    _rule(" per loop", rf"^{TIME} (?:±|\+-) {TIME} per loop \(mean .*\)$", "… per loop"),
    _rule(" per loop", rf"^[\d,]+ loops?, best of \d+: {TIME} per loop$", "… per loop"),
    _rule("slowest run", r"^The slowest run took .* times longer than the fastest\..*\n?", ""),
    _rule("peak memory", r"^peak memory: .*$", "peak memory: …"),
    _rule("%|", r"(\b\d+%)\|.*?\| *([\d.]+\w?/[\d.]+\w?) \[[^\]\n]*\]", r"\1 \2"),
    _rule("it/s]", r"\b(\d+it) \[[^\]]*\]", r"\1"),
    _rule("ms/", r"\b(?:\d+s )?\d+ms/(step|epoch|sample|batch)\b", r"…/\1"),
    _rule("s/", r"\b\d+s \d+[uµnm]?s/(step|epoch|sample|batch)\b", r"…/\1"),
    _rule("pid", r"(?i)\b(pid)( ?[:=] ?| )\d+\b", r"\1\2…"),
    _rule("PID", r"(?i)\b(pid)( ?[:=] ?| )\d+\b", r"\1\2…"),
    _rule("id", r"\b(id ?[:=] ?['\"]?)\d{12,}\b", r"\1…"),
    _rule("tmp", r"([\\/](?:tmp|T|Temp)[\\/](?:[\w.]+[\\/])?tmp)\w{6,12}\b", r"\1…"),
    _rule("/T/", r"/var/folders/\w+/\w+/T/", "/tmp/"),
)  # fmt: skip
HEX = r"[0-9a-f]"
MARKUP = (
    _rule("-", rf"(?i)\b{HEX}{{8}}[-_]{HEX}{{4}}[-_]{HEX}{{4}}[-_]{HEX}{{4}}[-_]{HEX}{{12}}(?![0-9a-f])", "‹id›"),
    _rule("_", rf"(?i)(?<=T_){HEX}{{8}}_{HEX}{{4}}_{HEX}{{4}}_{HEX}{{4}}_{HEX}{{12}}(?![0-9a-f])", "‹id›"),
    _rule("T_", rf"\bT_{HEX}{{5}}(?=_|\b)", "T_‹id›"),
    _rule("", rf"\b{HEX}{{32}}\b", "‹id›"),
    _rule("sk-", r"\b(sk-(?:container|estimator)-id)-\d+", r"\1"),
    _rule("dc:date", r"<dc:date>[^<]*</dc:date>", "<dc:date/>"),
    _rule("id=", rf"(\bid=\"[^\"]*?){HEX}{{10}}(?=[\"_])", r"\1‹id›"),
    _rule("#", rf"((?:url\(|href=\")#[^\")]*?){HEX}{{10}}(?=[\")_])", r"\1‹id›"),
)

# Frames of a printed traceback move with the code; what was raised does not.
TRACEBACK = "Traceback (most recent call last)"
FRAMES = re.compile(r"^([ \t]*(?:\S.*)?Traceback \(most recent call last\):?)\n(?:[ \t].*\n|\n)+", re.MULTILINE)


def meaningful(text: str) -> str:
    """`text` without what never carries meaning, whatever shows it."""
    if TRACEBACK in text:
        text = FRAMES.sub(r"\1\n", text)
    for rule in ANY_TEXT:
        if rule.hint in text:
            text = rule.pattern.sub(rule.instead, text)
    return text


def meaningful_markup(text: str) -> str:
    """As `meaningful`, for HTML, SVG and JavaScript: ids of elements and dates of pictures go as well."""
    text = meaningful(text)
    for rule in MARKUP:
        if rule.hint in text:
            text = rule.pattern.sub(rule.instead, text)
    return text
