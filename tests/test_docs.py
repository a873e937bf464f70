"""The documentation says what the tool does: commands, options, keys, codes, hazards, JSON, links, and what it shows printed.

When a wording changed on purpose: `python tests/harness/printed.py` writes pictures and console blocks anew.
"""

import json
import re
import sys
import tempfile
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness.printed import DEMO, IMAGES, PICTURES, ROOT, Terminal, blocks, holds, pages, picture

from nb2mod import __version__
from nb2mod.cli.app import command
from nb2mod.cli.errors import Exit
from nb2mod.codes import CODES
from nb2mod.config import KEYS, Key
from nb2mod.settings import load

DOCS = ROOT / "docs"
COMMANDS = command().commands
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in pages()}

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
_OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")


def _section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one of the same level or above."""
    level = heading.partition(" ")[0]
    found = re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", PAGES[page], re.MULTILINE | re.DOTALL
    )
    assert found, f"{page} has no heading `{heading}`"
    return found[1]


def _options(name: str) -> set[str]:
    return {option for param in COMMANDS[name].params for option in param.opts if option.startswith("-")}


# commands


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_of_a_command_is_in_its_section(name: str) -> None:
    documented = set(_OPTION.findall(_section("docs/commands.md", f"## nb2mod {name}")))
    assert _options(name) - documented == set()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_section_of_commands_tables_no_option_that_is_not_there(name: str) -> None:
    rows = [line for line in _section("docs/commands.md", f"## nb2mod {name}").splitlines() if line.startswith("| `-")]
    tabled = {option for row in rows for option in _OPTION.findall(row.split("|")[1])}
    assert tabled
    assert tabled - _options(name) == set()


def test_options_of_nb2mod_itself() -> None:
    options = {option for param in command().params for option in param.opts}
    head = PAGES["docs/commands.md"].partition("## nb2mod scan")[0]
    assert {option for option in options if option not in _OPTION.findall(head)} == set()


def test_every_option_anywhere_in_the_pages_is_one_of_the_tool() -> None:
    """After `nb2mod COMMAND`, in code and in console blocks."""
    wrong = []
    for page, text in PAGES.items():
        for name, rest in re.findall(r"nb2mod (scan|extract|undo|init)((?: [^`|\n;#&>]+)?)", text):
            wrong += [
                f"{page}: nb2mod {name} {o}" for o in _OPTION.findall(rest) if o not in _options(name) | {"--help"}
            ]
    assert not wrong


def test_exit_statuses() -> None:
    rows = re.findall(r"^\| (\d+) \|", _section("docs/commands.md", "## Exit status"), re.MULTILINE)
    assert [int(row) for row in rows] == [status.value for status in Exit]


@pytest.mark.parametrize("command_line", ["nb2mod scan", "nb2mod extract --dry-run"])
def test_every_key_of_the_json_is_told(command_line: str, tmp_path: Path) -> None:
    printed = json.loads(Terminal(tmp_path).run(f"{command_line} --output-format json"))
    told = set(re.findall(r"`(\w+)`", _section("docs/commands.md", "## JSON")))
    assert set(_keys(printed)) - told == set()


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


# configuration


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_every_key_has_its_section(key: Key) -> None:
    section = _section("docs/configuration.md", f"## {key.name}")
    first = section.strip().partition("\n")[0].lower()
    assert first.startswith(key.type)
    assert f"`{key.default}`" in first or key.default in first
    assert all(f'`"{choice}"`' in section for choice in key.choices)
    assert _uses(key, section), "an example that sets the key"


def _uses(key: Key, section: str) -> bool:
    for language, text in _FENCE.findall(section):
        value: Any = tomllib.loads(text)["tool"]["nb2mod"] if language == "toml" else {}
        for part in key.name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            return True
    return False


def test_the_keys_are_tabled_in_their_order() -> None:
    table = PAGES["docs/configuration.md"].partition("## package")[0]
    rows = re.findall(r"^\| \[`([\w.-]+)`\]\(#\S+\) \| ([^|]+) \| `?(.+?)`? \|$", table, re.MULTILINE)
    assert rows == [(key.name, key.type, key.default) for key in KEYS]


def test_every_example_of_a_configuration_can_be_read(tmp_path: Path) -> None:
    examples = [text for page in PAGES.values() for language, text in _FENCE.findall(page) if language == "toml"]
    assert len(examples) > len(KEYS)
    for number, text in enumerate(text for text in examples if "[tool.nb2mod" in text):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        load(tmp_path, path)


# codes and hazards


def test_every_code_that_a_page_names_exists() -> None:
    named = {(page, code) for page, text in PAGES.items() for code in re.findall(r"\bNB\d{3}\b", text)}
    assert {(page, code) for page, code in named if code not in CODES} == set()


def test_every_hazard_of_a_code_has_a_row_that_leads_back_to_it() -> None:
    rows = dict(re.findall(r"^\| ([A-Z]\d+b?) \|(.*)$", PAGES["docs/hazards.md"], re.MULTILINE))
    missing = [f"{code} in {hazard}" for code in CODES for hazard in CODES[code].hazards if hazard not in rows]
    assert not missing
    everything = PAGES["docs/hazards.md"]
    assert [code for code in CODES if CODES[code].hazards and f"(codes/{code}.md)" not in everything] == []


# links


def _anchors(text: str) -> set[str]:
    """As code hosts make them of headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings]
    kept = ["".join(c for c in h if c in " -_" or unicodedata.category(c)[0] in "LN") for h in plain]
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_links_lead_somewhere(page: str) -> None:
    broken = []
    for target in (first or second for first, second in _LINK.findall(_FENCE.sub("", PAGES[page]))):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        there = path.exists() and (not anchor or anchor in _anchors(path.read_text(encoding="utf-8")))
        broken += [] if there else [target]
    assert not broken


def test_the_index_leads_to_every_page() -> None:
    listed = {first for first, _ in _LINK.findall(PAGES["docs/index.md"])}
    there = {path.name for path in DOCS.glob("*.md")} - {"index.md"}
    assert {name for name in there if name not in listed} == set()


# README and changelog


def test_the_readme_names_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make (\w+)", PAGES["README.md"], re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


def test_the_changelog_has_an_entry_for_this_version() -> None:
    headings = re.findall(r"^## (\S+)", PAGES["CHANGELOG.md"], re.MULTILINE)
    assert headings[0] == __version__
    assert PAGES["CHANGELOG.md"].index("Versions are") < PAGES["CHANGELOG.md"].index("\n## ")


# what is printed


@pytest.mark.parametrize("page", sorted(page for page, text in PAGES.items() if "```console" in text))
def test_console_blocks_show_what_is_printed(page: str, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    for _, steps in blocks(PAGES[page]):
        for step in steps:
            printed = terminal.run(step.command)
            if not holds(step.lines, printed):
                pytest.fail(f"{page}: $ {step.command}\n{printed}", pytrace=False)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_pictures_show_what_is_printed(name: str, tmp_path: Path) -> None:
    assert (IMAGES / name).read_text(encoding="utf-8") == picture(Terminal(tmp_path), PICTURES[name])


def test_every_picture_is_shown_and_drawn() -> None:
    shown = {Path(second).name for text in PAGES.values() for _, second in _LINK.findall(text) if second}
    assert shown == set(PICTURES) == {path.name for path in IMAGES.iterdir()}


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        (("a", "b"), "a\nc\n", False),
        (("a", "b"), "a\nb\nc\n", False),
        (("a", "..."), "b\na\n", False),
        ((), "a\n", False),
        (("a.c",), "abc\n", False),
        (("a", "b"), "a\nb  \n\n", True),
        (("a", "...", "c"), "a\nc\n", True),
        (("a", "...", "c"), "a\nb\nb\nc\n", True),
        (("...",), "", True),
        (("2 definitions · 0.2 s",), "1 definition · 31 ms\n", False),
        (("1 definition · 0.2 s",), "1 definition · 31 ms\n", True),
    ],
)
def test_comparison_itself(expected: tuple[str, ...], printed: str, same: bool) -> None:
    assert holds(expected, printed) is same


def test_no_page_names_a_place_of_this_machine() -> None:
    places = (f"{ROOT}/", f"{sys.prefix}/bin", tempfile.gettempdir())
    assert [(page, place) for page, text in PAGES.items() for place in places if place in text] == []


def test_the_demo_holds_nothing_that_a_run_left_behind() -> None:
    left = [path.name for path in DEMO.rglob("*") if path.name in (".nb2mod", "src", "__pycache__", ".git")]
    assert not left
