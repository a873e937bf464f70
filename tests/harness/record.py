"""Writes what is missing of a NEW case from what nb2mod does now, for a person to read before it is committed.

`pytest tests/test_cases.py --record` calls it. What is there is never replaced: an expectation that follows the output can't
fail. The right way is to write expected.toml by hand, from hazards and not from the tool, and to record only `after/`.
"""

import tempfile
from pathlib import Path
from typing import Any

from harness import project
from harness.case import changed, read_case, read_tree, said, write_tree
from nb2mod.model import Report


def record(folder: Path) -> list[str]:
    """Effect: writes `expected.toml` and `after/` where they are missing; returns the paths written, within the case."""
    before = read_tree(folder / "before")
    written = []
    with tempfile.TemporaryDirectory() as temporary:
        root = write_tree(before, Path(temporary) / "project")
        if not (folder / "expected.toml").exists():
            (folder / "expected.toml").write_text(_expected_text(project.scan(root, {})), encoding="utf-8")
            written.append("expected.toml")
        if not (folder / "after").exists():
            project.extract(root, read_case(folder).run)
            after = changed(before, read_tree(root))
            if after:
                write_tree(after, folder / "after")
            written += [f"after/{name}" for name in after]
    return written


def _expected_text(report: Report) -> str:
    """A start to be corrected: what the report says, without what a case need not name."""
    lines = ['why = "…"']
    if codes := sorted({diagnostic.code for diagnostic in report.diagnostics}):
        lines.append(f"diagnostics = {_list_text(codes)}")
    lines += ["", "[candidates]"]
    for name, entries in sorted(said(report).items()):
        shown = [_entry_text(entry) for entry in entries]
        lines.append(f"{name} = {shown[0] if len(shown) == 1 else '[' + ', '.join(shown) + ']'}")
    return "\n".join(lines) + "\n"


def _entry_text(entry: dict[str, Any]) -> str:
    text = f'code = "{entry["code"]}", verdict = "{entry["verdict"]}", places = {entry["places"]}'
    if entry["reasons"]:
        text += f", reasons = {_list_text(entry['reasons'])}"
    return f"{{ {text} }}"


def _list_text(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
