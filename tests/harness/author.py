"""Makes the `before/` of a case from one text, so that a case can be written and read in an editor.

    python tests/harness/author.py fixtures/cases/N6_helper_comes_along <<'END'
    === pyproject.toml
    [tool.nb2mod]
    package = "team"
    === notebooks/a.ipynb minor=4 indent=2 crlf
    # %% [markdown]
    # # Scores
    # %% tags=parameters
    limit = 3
    # %% id=load
    print(limit)
    #> 3
    END

Each `===` line begins a file; everything else is its text. A notebook's text is in percent format: `# %%` begins a cell, and
lines `#> …` at its end are saved as its printed output. A notebook's options: `minor=4`, `indent=2|4|tab|none`, `crlf`,
`bom`, `no-final-newline`, `string` (source as one string), `ascii`, `unsorted` (keys not in order), `kernel=NAME`, `stage=NAME`.
`metadata={"cellView":"form"}` on a cell's line, without blanks, is its metadata, `count=3` its saved counter.
`=== current.ipynb -> orders.ipynb` is a link.
What to expect of the case is written by hand; `record.py` writes `after/`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

_FILE = re.compile(r"^=== (\S+)(.*)$", re.MULTILINE)
_CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)
_OUTPUT = "#> "
_FLAGS = {"crlf", "bom", "no-final-newline", "string", "ascii", "unsorted"}
_VALUES = {"minor", "indent", "kernel", "stage"}

Options = dict[str, str]


class Link(bytes):
    """A symbolic link among files: the path it leads to, as it is written in the link."""


def files_of(text: str) -> dict[str, bytes]:
    """The files that one text describes, by path."""
    parts = _FILE.split(text)
    if parts[0].strip():
        raise ValueError(f"expected a line `=== path`, found {parts[0].strip().splitlines()[0]!r}")
    files = {}
    for path, options, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        content = body.removeprefix("\n")
        if options.startswith(" -> "):
            files[path] = Link(options.removeprefix(" -> ").strip().encode())
        elif path.endswith(".ipynb"):
            files[path] = notebook_bytes(content, _options(options), slug=Path(path).stem)
        else:
            files[path] = content.encode()
    return files


def _options(text: str) -> Options:
    options = {}
    for word in text.split():
        key, _, value = word.partition("=")
        if key not in (_VALUES if value else _FLAGS):
            raise ValueError(f"unknown option {word!r}; known are {sorted(_FLAGS)} and {sorted(_VALUES)} with =value")
        options[key] = value
    return options


def notebook_bytes(text: str, options: Options | None = None, slug: str = "cell") -> bytes:
    """A notebook in nbformat 4 from percent-format text, written as the options say."""
    options = options or {}
    parts = _CELL.split(text)
    if parts[0].strip():
        raise ValueError(f"{slug}: expected `# %%` before the first cell, found {parts[0].strip().splitlines()[0]!r}")
    minor = int(options.get("minor", "5"))
    cells = [
        _cell(header, body, minor, f"{slug}-{number:02}")
        for number, (header, body) in enumerate(zip(parts[1::2], parts[2::2], strict=True), start=1)
    ]
    if "string" in options:
        cells = [cell | {"source": "".join(cell["source"])} for cell in cells]
    kernel = options.get("kernel", "python3")
    content: dict[str, Any] = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": kernel, "language": _language(kernel), "name": kernel},
            "language_info": {"name": _language(kernel)},
        },
        "nbformat": 4,
        "nbformat_minor": minor,
    }
    if "stage" in options:
        content["metadata"]["nb2mod"] = {"stage": options["stage"]}
    return _written(content, options)


def _language(kernel: str) -> str:
    return "python" if kernel.startswith("python") else kernel


def _cell(header: str, body: str, minor: int, default_id: str) -> dict[str, Any]:
    words = dict(word.partition("=")[::2] for word in header.replace("[markdown]", "markdown").split())
    lines = body.strip("\n").splitlines()
    metadata = json.loads(words.get("metadata", "{}"))
    if "tags" in words:
        metadata["tags"] = words["tags"].split(",")
    cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": []}
    if "markdown" in words:
        cell = {"cell_type": "markdown", "metadata": metadata}
        lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
    shown = [line.removeprefix(_OUTPUT) + "\n" for line in lines if line.startswith(_OUTPUT)]
    if shown:
        lines = "\n".join(line for line in lines if not line.startswith(_OUTPUT)).rstrip("\n").splitlines()
        cell |= {"execution_count": 1, "outputs": [{"name": "stdout", "output_type": "stream", "text": shown}]}
    if "count" in words:
        cell["execution_count"] = int(words["count"])
    if minor >= 5:
        cell["id"] = words.get("id", default_id)
    return cell | {"source": "\n".join(lines).splitlines(keepends=True)}


def _written(content: dict[str, Any], options: Options) -> bytes:
    word = options.get("indent", "1")
    indent = int(word) if word.isdigit() else {"none": None, "tab": "\t"}[word]
    text = json.dumps(content, indent=indent, ensure_ascii="ascii" in options, sort_keys="unsorted" not in options)
    if "no-final-newline" not in options:
        text += "\n"
    if "crlf" in options:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if "bom" in options else b"") + text.encode()


def main(arguments: list[str]) -> int:
    """Effect: writes CASE/before. Refuses a case that is already there: its files may have been edited by hand."""
    if len(arguments) != 1:
        print("usage: python tests/harness/author.py CASE_FOLDER < text", file=sys.stderr)
        return 2
    before = Path(arguments[0]) / "before"
    if before.exists():
        print(f"{before} is there already; remove it to write it anew", file=sys.stderr)
        return 2
    for name, data in files_of(sys.stdin.read()).items():
        path = before / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, Link):
            path.symlink_to(data.decode())
        else:
            path.write_bytes(data)
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
