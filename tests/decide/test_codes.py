"""The list of codes, the code that gives them, and their pages agree."""

import re
from pathlib import Path

import pytest

from nb2mod.codes import CODES
from nb2mod.stages.decide.hazards import GROUP_HAZARDS, HAZARDS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "codes"
_CODE = re.compile(r'"(NB\d{3})"')


def _given() -> set[str]:
    """Every code that a module of the product holds as text."""
    modules = [path for path in (ROOT / "nb2mod").rglob("*.py") if path.name != "codes.py"]
    return {code for path in modules for code in _CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_that_is_given_is_listed_and_the_other_way_round() -> None:
    assert _given() == set(CODES)


def test_every_code_has_one_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("NB*.md")} == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_page(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    entry = CODES[code]
    assert text.startswith(f"# {code}: {entry.title}\n")
    for heading in ("## What it does", "## Why", "## Example", "## What to do"):
        assert f"\n{heading}\n\n" in text
    assert all(row in text.splitlines()[2] for row in entry.hazards)


def test_index_lists_every_code_in_order() -> None:
    text = (PAGES / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[(NB\d{3})\]\(\1\.md\) ", text, re.MULTILINE) == list(CODES)
    assert all(f"{entry.title}: {entry.meaning}" in text for entry in CODES.values())


def test_every_file_of_the_hazards_folder_is_in_the_list() -> None:
    folder = ROOT / "nb2mod" / "stages" / "decide" / "hazards"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    listed = {check.__module__.rpartition(".")[2] for check in (*HAZARDS, *GROUP_HAZARDS)}
    assert listed == files
    assert len(HAZARDS) == len(files)
