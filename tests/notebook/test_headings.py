"""What counts as a heading of a Markdown cell, and what of it is text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2mod.notebook import headings_of

FOUND = {
    "# Load the data": [(1, "Load the data")],
    "###### Deep": [(6, "Deep")],
    "   ## Up to three blanks": [(2, "Up to three blanks")],
    "## Closed ##": [(2, "Closed")],
    "## C#": [(2, "C#")],
    "#Without a blank, first in its cell": [(1, "Without a blank, first in its cell")],
    "Text.\n\n##Older notebooks do this": [(2, "Older notebooks do this")],
    "# One\ntext\n## Two\n\ntext\n### Three": [(1, "One"), (2, "Two"), (3, "Three")],
    "# Windows\r\ntext\r\n## Lines\r\n": [(1, "Windows"), (2, "Lines")],
    "Title\n=====\n\ntext\n\nPart\n----\n": [(1, "Title"), (2, "Part")],
    "<h1>Scores</h1>": [(1, "Scores")],
    '<h2 align="center">Scores\nof 2020</h2>': [(2, "Scores of 2020")],
    "<center><h3>Scores</h3></center>": [(3, "Scores")],
    "## [Link](https://example.org/x_y) and ![picture](a.png)": [(2, "Link and")],
    "## **Bold**, _slanted_, `code` and ~~gone~~": [(2, "Bold, slanted, code and gone")],
    "## load_scores of my_file": [(2, "load_scores of my_file")],
    "## Anchored {#anchor .class}": [(2, "Anchored")],
    '## <a name="x"></a>Named <span style="color:red">red</span>': [(2, "Named red")],
    "## Q&amp;A &lt;1": [(2, "Q&A <1")],
    "## 🚀 Train the model ✅": [(2, "Train the model")],
    "## :rocket: Train": [(2, "Train")],
    "## Über größe 数据": [(2, "Über größe 数据")],
    "## 1\\. Escaped": [(2, "1. Escaped")],
    "```\n# comment\n```\n# Heading": [(1, "Heading")],
    "~~~python\n# comment\n```\n# still\n~~~\n## Heading": [(2, "Heading")],
    "`````\n```\n# still\n`````\n# Heading": [(1, "Heading")],
    "```inline``` code\n# Heading": [(1, "Heading")],
}
NONE = [
    "",
    "text",
    "Text with a #tag\n#tag at the line's begin",
    "####### seven",
    "    # an indented code block",
    "#!shebang",
    "## ",
    "## 🚀",
    "## ![picture](a.png)",
    "---\ntitle: front matter\n---\n",
    "A paragraph\nof two lines\n---",
    "text\n\n---\n\ntext",
    "a | b\n--- | ---\n1 | 2",
    "- item\n---",
    "```\n# never closed",
    "<h1>never closed",
    "<header>no heading</header>",
]


@pytest.mark.parametrize("source", FOUND)
def test_found(source: str) -> None:
    assert headings_of(source) == FOUND[source]


@pytest.mark.parametrize("source", NONE)
def test_no_heading(source: str) -> None:
    assert headings_of(source) == []


def test_a_long_one_is_cut() -> None:
    ((level, text),) = headings_of("# " + "word " * 1000)
    assert level == 1
    assert len(text) <= 200


HARMFUL = {
    "openers": "<h1>\n" * 200_000,
    "brackets": "# " + "[" * 500_000,
    "paragraphs": "a\n" * 300_000 + "---",
    "hashes": "#" * 1_000_000,
    "blanks": " " * 1_000_000 + "#",
    "tags": "# " + "<" * 1_000_000,
    "comments": "# " + "<!--" * 250_000,
    "tildes": "~~~`" * 200_000,
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_megabyte_of_harm_takes_no_time(name: str) -> None:
    began = time.process_time()
    headings_of(HARMFUL[name])
    assert time.process_time() - began < 5  # 0.2 s at most on a free machine; what is not linear takes minutes


@given(st.text(alphabet="#`~=-<h1>/ \n\r\tab[]()!_*\\&;🚀\x00\ud800"))
def test_headings_are_single_lines_without_markup(source: str) -> None:
    for level, text in headings_of(source):
        assert 1 <= level <= 6
        assert text == " ".join(text.split())
        assert text
        assert "\x00" not in text
        assert "\ud800" not in text
