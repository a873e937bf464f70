"""Near copies of a block: the text that is compared, and the function and call that come of it."""

import ast

from detect.corpus import notebook

from nb2mod.model import Block, BlockFlow, Features, NewParameter, Replacement
from nb2mod.stages import cut

CELL = """\
rows = source.rows
best = max(rows)
label = \"\"\"a
  b\"\"\"
low = best - (
    3
)"""
BLOCK = Block(0, 0, 1, 0, 3)


def _features() -> list[Features]:
    return [notebook("a.ipynb", CELL), notebook("b.ipynb", CELL.replace("best", "top"))]


def _parameter(text: str, was: str, name: str, **more: str) -> NewParameter:
    """What stands at `was` becomes the name, and the lines that it takes stay."""
    at = text.index(was)
    new = f"({name}" + "\n" * was.count("\n") + ")" if "\n" in was else name
    return NewParameter(name, "literal", replacements=(Replacement(at, at + len(was), new),), **more)


def test_line_of_the_block_is_the_next_line_of_its_text() -> None:
    text = cut.comparable(_features(), BLOCK, ("rows",))
    head, *body = text.split("\n")
    assert head == "def block(rows):"
    assert [line.strip() for line in body] == [line.strip() for line in CELL.split("\n")[1:]]
    assert ast.get_docstring(ast.parse(text).body[0]) is None  # type: ignore[arg-type]
    assert '    label = """a\n  b"""' in text  # what stands inside a string is not indented


def test_the_name_in_the_text_is_no_name_of_the_block() -> None:
    features = [notebook("a.ipynb", "block = source.rows\nblock_ = block + 1\nlow = block_ - 1")]
    assert cut.comparable(features, Block(0, 0, 1, 0, 2), ("block",)).startswith("def block__(block):")


def test_filled_text_keeps_its_lines() -> None:
    text = cut.comparable(_features(), BLOCK, ("rows",))
    holes = (_parameter(text, "(\n        3\n    )", "margin"), _parameter(text, '"""a\n  b"""', "title"))
    found = cut.filled(text, holes)
    assert len(found.body) == len(text.split("\n")) - 1
    assert "\n".join(found.body) == "    best = max(rows)\n    label = (title\n)\n    low = best - (margin\n\n)"
    assert found.names == ("best", "max", "rows", "label", "title", "low", "margin")


def test_function_and_calls() -> None:
    """A value that is not the default is passed by keyword, one without default always."""
    features = _features()
    blocks = (BLOCK, Block(1, 0, 1, 0, 3))
    texts = [cut.comparable(features, block, ("rows",)) for block in blocks]
    first = (_parameter(texts[0], "max", "function", value="max"), _parameter(texts[0], "3", "margin", default="3"))
    second = (
        _parameter(texts[1], "max", "function", value="min"),
        _parameter(texts[1], "3", "margin", default="3", value="4"),
    )
    holes = {block: cut.filled(text, own) for block, text, own in zip(blocks, texts, (first, second), strict=True)}
    flows = {blocks[0]: BlockFlow(("rows",), ("best", "low")), blocks[1]: BlockFlow(("rows",), ("low",))}
    (group,) = cut.grouped(blocks, flows, features, holes)
    one, other = cut.cuts_of(group, "measure", lambda names, _: ", ".join(names), flows, features, holes)
    assert one.text.split("\n")[0] == other.text.split("\n")[0] == "def measure(rows, *, function, margin=3):"
    assert one.call == "best, low = measure(rows, function=max)"
    assert other.call == "top, low = measure(rows, function=min, margin=4)"
    assert one.docstring == "rows, function, margin"
    assert [ast.dump(ast.parse(each.text)).replace("'top'", "'best'") for each in (one, other)] == [
        ast.dump(ast.parse(one.text))
    ] * 2


def test_copies_in_one_notebook_share_the_function() -> None:
    features = [notebook("a.ipynb", CELL, "", CELL.replace("3", "4"))]
    blocks = (BLOCK, Block(0, 1, 1, 1, 3))
    texts = [cut.comparable(features, block, ("rows",)) for block in blocks]
    values = ("", "4")
    holes = {
        block: cut.filled(text, (_parameter(text, value or "3", "margin", default="3", value=value),))
        for block, text, value in zip(blocks, texts, values, strict=True)
    }
    flows = dict.fromkeys(blocks, BlockFlow(("rows",), ("low",)))
    (group,) = cut.grouped(blocks, flows, features, holes)
    one, other = cut.cuts_of(group, "measure", lambda *_: "", flows, features, holes)
    assert (one.call, other.call) == ("low = measure(rows)", "low = measure(rows, margin=4)")
    assert one.text
    assert not other.text
