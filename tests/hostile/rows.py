"""Projects that a stranger may have made to do harm: one row each. Beside the harm stand two harmless notebooks that share a function."""

# ruff: noqa: E501 - tables read best with a row on a line

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

GOOD = "def load_scores(path):\n    rows = [line.split(',') for line in path]\n    total = len(rows)\n    return rows, total"
SETTINGS = '[tool.nb2mod]\npackage = "team"\n'
Row = Callable[[Path], None]


def notebook(*sources: Any, **fields: Any) -> dict[str, Any]:
    """A notebook as a value; `sources` of another type than text stand there as they are."""
    cells = [
        {"cell_type": "code", "id": f"c{n}", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5, **fields}


def lay(root: Path) -> None:
    """The harmless part: two notebooks whose shared function moves."""
    root.mkdir()
    (root / "pyproject.toml").write_text(SETTINGS)
    for name in ("one", "two"):
        cells = (f"{name}_a = 1", f"{name}_b = 2", f"{name}_c = 3", GOOD, "print(load_scores(['a,b']))")
        (root / f"{name}.ipynb").write_text(json.dumps(notebook(*cells), indent=1) + "\n")


def cells(*sources: str) -> Row:
    """Two notebooks with these cells, so that what they define is repeated too."""

    def make(root: Path) -> None:
        for name in ("bad", "worse"):
            own = (f"{name}_a = 1", f"{name}_b = 2", f"{name}_c = 3", f"{name}_d = 4", GOOD)
            text = json.dumps(notebook(*own, *sources), indent=1)
            (root / f"{name}.ipynb").write_text(text, encoding="utf-8")

    return make


def raw(data: bytes) -> Row:
    """One file bad.ipynb of these bytes."""
    return lambda root: (root / "bad.ipynb").write_bytes(data) and None


def replaced(old: str, new: str) -> Row:
    """A sound notebook as text, with something put in another's place."""
    text = json.dumps(notebook("x = 1", GOOD), indent=1)
    assert old in text, old
    return raw(text.replace(old, new).encode("utf-8", "surrogatepass"))


def file(name: str, text: str | bytes) -> Row:
    """One more file of the project."""

    def make(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode() if isinstance(text, str) else text)

    return make


def link(name: str, target: str) -> Row:
    """A link in the project; what stood there goes."""

    def make(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(target)

    return make


def function(body: str) -> Row:
    """A function of a few statements that ends in `body`."""
    return cells(f"def f(x):\n    a = 1\n    b = 2\n    {body}")


def nested(levels: int) -> dict[str, Row]:
    """What can be nested in Python, this deep."""
    flat = {
        "attributes": "return x" + ".a" * levels,
        "calls": "return x" + "(1)" * levels,
        "subscripts": "return x" + "[0]" * levels,
        "sums": "return x" + "+1" * levels,
        "not": "return " + "not " * levels + "x",
        "signs": "return " + "-" * levels + "x",
        "parentheses": "return " + "(" * levels + "x" + ")" * levels,
        "lists": "return " + "[" * levels + "x" + "]" * levels,
        "tuples": "(" * levels + "x" + ",)" * levels + " = x",
        "lambdas": "return " + "lambda: " * levels + "x",
        "conditionals": "return " + "1 if x else " * levels + "x",
        "texts": "return " + "'a' " * levels,
        "f-strings": "return f'{x" + "+1" * levels + "}'",
        "targets": "a = " * min(levels, 400) + "3",
    }
    rows = {f"{name} {levels} deep": function(body) for name, body in flat.items()}
    rows |= {
        f"elif {levels} deep": function("if x == 0: return 1\n" + "    elif x == 2: return 3\n" * levels),
        f"decorator {levels} deep": cells("@x" + ".a" * levels + "\ndef f(x):\n    a = 1\n    b = 2\n    return a"),
        f"base {levels} deep": cells("class A(x" + ".a" * levels + "):\n    a = 1\n    def m(self):\n        return 2"),
        f"default {levels} deep": cells("def f(x=(" + "1+" * levels + "1)):\n    a = 1\n    b = 2\n    return a"),
        f"top level {levels} deep": cells("q = x" + ".a" * levels + "\nprint(q)"),
        f"shell {levels} deep": cells("%timeit " + "(" * levels + ")" * levels + "\n!ls {x" + ".a" * levels + "}"),
        f"magics {levels} deep": cells("%time " * levels + "x", "%%time\n" * levels + "x"),
        f"JSON {levels} deep": raw(b"[" * levels + b"]" * levels),
        f"outputs {levels} deep": replaced('"outputs": []', '"outputs": ' + "[" * levels + "]" * levels),
        f"metadata {levels} deep": replaced('"metadata": {}', '"metadata": ' + '{"a":' * levels + "1" + "}" * levels),
        f"TOML {levels} deep": file("pyproject.toml", SETTINGS + "[other]\nx = " + "[" * levels + "]" * levels + "\n"),
        f"TOML without us {levels} deep": file("pyproject.toml", "x = " + "[" * levels + "]" * levels + "\n"),
        f"setup.py {levels} deep": file("setup.py", "x" + ".a" * levels + "()\nsetup(name=" + "-" * levels + "1)\n"),
    }
    rows |= {
        f"functions {levels} deep": cells(_suites("def f{}(x):", min(levels, 500))),
        f"blocks {levels} deep": cells("def f(x):\n    a = 1\n" + _suites("if x:", min(levels, 500), 1)),
        f"loops {levels} deep": cells("def f(x):\n    a = 1\n" + _suites("for i{} in x:", min(levels, 500), 1)),
    }
    return rows


def _suites(head: str, levels: int, start: int = 0) -> str:
    lines = [" " * (4 * start + n) + head.format(n) for n in range(levels)]
    return "\n".join([*lines, " " * (4 * start + levels) + "a = 3"])


BELL = "\x1b]0;owned\x07\x1b[31mred\x1b[0m\x9b2J\u202e\u2066\u200f"
ODD_TEXT = {
    "null byte": cells("x = 1\0", "def f(x):\n    a = 1\n    b = '\0'\n    return a"),
    "form feed": cells("x = 1\f\ny = 2", "\fdef f(x):\n    a = 1\f\n    b = 2\n    return a"),
    "carriage returns": cells("x = 1\ry = 2\r\nz = 3", "def f(x):\r    a = 1\r\n    b = 2\r    return a"),
    "line separators": cells("def f(x):\n    a = '\u2028'\n    b = '\u2029\x85'\n    return a", "x = 1\u2028y = 2"),
    "byte order marks": cells("\ufeffdef f(x):\n    a = 1\n    b = 2\n    return a", "\ufeff\ufeffx"),
    "tabs and blanks": cells("def f(x):\n\ta = 1\n        b = 2\n\treturn a", "if x:\n\ty = 1\n    z = 2"),
    "lone surrogates": cells("def f(x):\n    a = '\ud800'\n    b = 2\n    return a", "\udfff = 1", "# \ud83d"),
    "surrogate in an id": replaced('"id": "c1"', '"id": "\\ud800"'),
    "surrogate in metadata": replaced('"display_name": "Python 3"', '"display_name": "\\udfff"'),
    "surrogate as raw bytes": replaced('"x = 1"', '"x = \ud800"'),
    "names of one normal form": cells(
        "def \ufb01le_it(x):\n    a = 1\n    b = 2\n    return a",
        "def file_it(x):\n    a = 2\n    b = 3\n    return b",
        "file_it(1)",
    ),
    "full width name": cells("def \uff4c\uff4f\uff41\uff44(x):\n    a = 1\n    b = 2\n    return a"),
    "zero width in a name": cells("def lo\u200bad(x):\n    a = 1\n    b = 2\n    return a"),
    "joiner in a name": cells("def lo\u200dad(x):\n    a = 1\n    b = 2\n    return a"),
    "bidirectional control": cells("def f(x):\n    a = 1  # \u202e return x\n    b = '\u2066'\n    return a"),
    "escape sequences": cells(f"def f(x):\n    a = '{BELL}'\n    b = 2  # {BELL}\n    return a", f"# {BELL}", BELL),
    "escape sequences in an id": replaced('"id": "c1"', '"id": ' + json.dumps(BELL)),
    "escape sequences in the language": replaced('"language": "python"', '"language": ' + json.dumps(BELL)),
    "escape sequences in a file name": lambda root: (
        cells("x = (")(root) or _rename(root / "bad.ipynb", f"{BELL}.ipynb")
    ),
    "line end in a file name": lambda root: cells("x = (")(root) or _rename(root / "bad.ipynb", "a\nNB101 b.ipynb"),
    "file name that is no text": lambda root: cells(GOOD)(root) or _rename(root / "bad.ipynb", b"\xff\xfe.ipynb"),
    "folder name that is no text": lambda root: os.mkdir(os.fsencode(root) + b"/\xff"),  # noqa: PTH102
    "long name": cells(f"def {'a' * 100_000}(x):\n    a = 1\n    b = 2\n    return a"),
    "dunder names": cells(
        "def __init__(x):\n    a = 1\n    b = 2\n    return a", "def __getattr__(n):\n    a = 1\n    return n"
    ),
    "soft keywords": cells(
        "def match(x):\n    a = 1\n    b = 2\n    return a", "def type(x):\n    a = 1\n    b = 2\n    return x"
    ),
    "Python's own names": cells(
        *(f"def {n}(x):\n    a = 1\n    b = 2\n    return a" for n in ("os", "print", "self", "_"))
    ),
}
ODD_JSON = {
    "empty file": raw(b""),
    "only a byte order mark": raw(b"\xef\xbb\xbf"),
    "UTF-16": raw(json.dumps(notebook(GOOD)).encode("utf-16")),
    "no UTF-8": raw(b'{"cells": "\xff"}'),
    "null bytes": raw(b"\0" * 1000),
    "NaN": replaced('"execution_count": null', '"execution_count": NaN'),
    "infinity": replaced('"execution_count": null', '"execution_count": -Infinity'),
    "1e999": replaced('"nbformat_minor": 5', '"nbformat_minor": 1e999'),
    "nbformat 1e999": replaced('"nbformat": 4', '"nbformat": 1e999'),
    "nbformat NaN": replaced('"nbformat": 4', '"nbformat": NaN'),
    "nbformat of 100,000 digits": replaced('"nbformat": 4', '"nbformat": ' + "4" * 100_000),
    "count of 100,000 digits": replaced('"execution_count": null', '"execution_count": ' + "4" * 100_000),
    "nbformat is text": replaced('"nbformat": 4', '"nbformat": "4"'),
    "nbformat below 0": replaced('"nbformat": 4', '"nbformat": -4'),
    "nbformat 4.5": replaced('"nbformat": 4', '"nbformat": 4.5'),
    "nbformat 3": replaced('"nbformat": 4', '"nbformat": 3, "worksheets": [{"cells": [7, {"input": [1, "x"]}]}, 3]'),
    "nbformat 2 to the 64": replaced('"nbformat": 4', f'"nbformat": {2**64}'),
    "source twice": replaced('"source": "x = 1"', '"source": "x = 1", "source": ["y = ", "2"]'),
    "cells twice": replaced('"nbformat": 4', '"cells": [], "nbformat": 4'),
    "cells twice, the last no list": replaced('"nbformat": 4', '"cells": 3, "nbformat": 4'),
    "source is a list of numbers": replaced('"source": "x = 1"', '"source": [1, null, "x"]'),
    "cells is an object": raw(b'{"cells": {"0": {}}, "nbformat": 4, "metadata": {}}'),
    "cells of every type": raw(
        b'{"cells": [1, null, "x", [], {}, {"cell_type": 3}, true], "nbformat": 4, "metadata": 7}'
    ),
    "a number of 5,000 digits in code": function("return " + "1" * 5000),
    "hexadecimal of 50,000 digits in code": function("return 0x" + "f" * 50_000),
    "float beyond all in code": function("return 1e999 - 1e999j"),
}
LONG = {
    "one line of a megabyte": function("return '" + "x" * 1_000_000 + "'"),
    "comment of a megabyte": function("return a  # " + "x" * 1_000_000),
    "names of a megabyte": cells("x" * 1_000_000 + " ?", "x." * 500_000 + "-?", "*" * 100_000 + " ?"),
    "quotes of a megabyte": cells("%x\n" + "\\'" * 500_000, '"""' * 333_333, ">>> x\n" + "'''" * 300_000),
    "strings that never end": cells("%x\n" + "f'{" * 300_000, "%x\n" + "f'{'" * 200_000, "!x\n" + "(" * 1_000_000),
    "blanks of a megabyte": cells("x" + " " * 1_000_000, " " * 1_000_000 + "%x", "x =" + " " * 1_000_000 + "y"),
    "lines of shell": cells("!x\n" * 3_000, "%time x\n" * 1_000),
    "a million lines": cells("\n" * 1_000_000, "x = 1\n" * 3_000),
    "parameters": cells("def f(" + ", ".join(f"a{n}" for n in range(5000)) + "):\n    b = 1\n    c = 2\n    return a0"),
    "names in one function": function("\n    ".join(f"a{n} = x" for n in range(2000)) + "\n    return a1"),
    "one list": function("return [" + "1, " * 50_000 + "]"),
    "one dictionary": function("return {" + "'a': 1, " * 20_000 + "}"),
}

HARM = "open({canary!r}, 'w').write('run')\n"
CODE = "import sys, os\n" + HARM


def modules_that_must_not_run(root: Path) -> None:
    """Files that are imported instead of the real ones by a tool that has the project on its path; each would leave a mark."""
    code = HARM.format(canary=os.fspath(root.parent / "canary"))
    names = "json ast black re os tomllib nbformat typer rich msgspec tomlkit sqlite3 tokenize platformdirs nb2mod site".split()
    for name in (*names, "setup", "conftest", "sitecustomize", "usercustomize", "noxfile", "__main__", "__init__"):
        (root / f"{name}.py").write_text(code)
    for folder in ("team", "src/team", "IPython"):
        (root / folder).mkdir(parents=True)
        for name in ("__init__", "dataset", "__main__"):
            (root / folder / f"{name}.py").write_text(f'"""Team."""\n{code}')
    for name in ("bad", "worse"):
        cells = (
            f"{name}_a = 1",
            f"{name}_b = 2",
            code,
            f"%%time\n{code}",
            f"!touch {root.parent}/canary",
            f"%run {root}/setup.py",
        )
        more = (
            f"def f(x={code.strip()}):\n    a = 1\n    return x",
            "import team, setup, conftest",
            "%load_ext IPython",
        )
        (root / f"{name}.ipynb").write_text(json.dumps(notebook(*cells, *more, "import os\n" + code, GOOD)))
    (root / ".git").mkdir()
    (root / ".git/config").write_text(
        f"[core]\n\tfsmonitor = touch {root.parent}/canary\n\tpager = touch {root.parent}/canary\n"
    )
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    for folder in ("objects", "refs"):
        (root / ".git" / folder).mkdir()
    (root / ".pth").write_text(f"import os; {code}")


def _pipe(root: Path) -> None:
    for name in ("requirements.txt", "setup.py", "jupytext.toml", ".gitignore", "pipe.ipynb", "setup.cfg"):
        os.mkfifo(root / name)


def _endless(root: Path) -> None:
    for name in (
        "requirements.txt",
        "setup.py",
        "jupytext.toml",
        ".gitignore",
        "endless.ipynb",
        "setup.cfg",
        "Pipfile",
    ):
        (root / name).symlink_to("/dev/zero")
    file("requirements/a.txt", "-r /dev/zero\n-r /dev/stdin\n-r ../../../../../../dev/zero\n-r a.txt\n-r \0\n")(root)


def _chained(root: Path) -> None:
    for number in range(1200):
        file(f"requirements/{number}.txt", f"-r {number + 1}.txt\nnumpy\n")(root)


def _rename(old: Path, new: str | bytes) -> None:
    os.rename(os.fsencode(old), os.fsencode(old.parent) + b"/" + (new if isinstance(new, bytes) else new.encode()))  # noqa: PTH104


def _link_out(name: str) -> Row:
    def make(root: Path) -> None:
        outside = root.parent / "outside"
        outside.mkdir()
        (outside / "__init__.py").write_text("")
        (outside / "dataset.py").write_text("x = 1\n")
        (outside / "other.ipynb").write_text(json.dumps(notebook("q = 1", "w = 2", GOOD)))
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(outside)

    return make


def _settings(text: str) -> Row:
    return file("pyproject.toml", SETTINGS + text)


STARS = "*a" * 30 + "*b\n" + "**/a/" * 30 + "b\n" + "*" * 5000 + "\n" + "[" * 5000 + "\n" + "a/*" * 3000 + "\n"
LONG_NAME = "a" * 100 + "/" + "a" * 100 + "/" + "a" * 100
PROJECT = {
    "modules that must not run": modules_that_must_not_run,
    "package is a link out": _link_out("team"),
    "source folder is a link out": _link_out("src"),
    "package in src is a link out": _link_out("src/team"),
    "notebooks' folder is a link out": _link_out("more"),
    "link to itself": link("loop", "."),
    "link in a circle": link("bad.ipynb", "bad.ipynb"),
    "notebook is a link to a file outside": link("bad.ipynb", "/etc/passwd"),
    "pyproject.toml is endless": link("pyproject.toml", "/dev/zero"),
    "journal's folder is a link": link(".nb2mod", "/etc"),
    "journal's folder is a file": file(".nb2mod", "x"),
    "journal of a stranger": file(".nb2mod/committed", b"nb2mod journal 1\n" + b"\xff" * 60),
    "journal of no length": file(".nb2mod/pending", b""),
    "journal that claims much": file(".nb2mod/committed", b"nb2mod journal 1\n" + b"\x7f" + b"\xff" * 7 + b"\0" * 32),
    "entries of a stranger": file(".nb2mod/000009-extract.entry", b"nb2mod journal 1\n" + b"\0" * 60),
    "files that have no end": _endless,
    "files that wait for a writer": _pipe,
    "requirements in a chain": _chained,
    "patterns of many stars": lambda root: file(".gitignore", STARS)(root) or file(f"{LONG_NAME}/x.ipynb", "{}")(root),
    "patterns that take back": lambda root: (
        file(".gitignore", "!" + STARS.replace("\n", "\n!"))(root) or file(f"{LONG_NAME}/x.ipynb", "{}")(root)
    ),
    "exclude of many stars": lambda root: (
        _settings(f"exclude = {json.dumps(STARS.split())}\n")(root) or file(f"{LONG_NAME}/x.ipynb", "{}")(root)
    ),
    "TOML number of 5,000 digits": _settings("[other]\nx = " + "1" * 5000 + "\n"),
    "TOML without us, 5,000 digits": file("pyproject.toml", "x = " + "1" * 5000 + "\n"),
    "tool is a number": file("pyproject.toml", "tool = 3\n"),
    "tool.black is a flag": _settings("[tool.black]\nline-length = true\n"),
    "tool.black of odd values": _settings(
        '[tool.black]\nline-length = -1\ntarget-version = [[], {}, 3]\npreview = "x"\n'
    ),
    "project of odd types": _settings(
        "[project]\nname = []\ndependencies = {}\n[project.optional-dependencies]\nx = 3\n"
    ),
    "project without a name": _settings('[project]\nname = "' + "../" * 50 + '"\nversion = "1"\n'),
    "packages outside": _settings('[tool.setuptools.packages.find]\nwhere = ["..", "/tmp", "../../..", "\\u0000"]\n'),
    "poetry outside": _settings(
        '[[tool.poetry.packages]]\ninclude = "../x"\nfrom = "/etc"\n[[tool.poetry.packages]]\nfrom = 3\n'
    ),
    "no package, sources outside": file("pyproject.toml", '[tool.setuptools.packages.find]\nwhere = ["../outside"]\n'),
    "setup.py outside": lambda root: (
        (root / "pyproject.toml").unlink() or file("setup.py", "setup(package_dir={'': '/etc'})\n")(root)
    ),
    "setup.py of odd values": file(
        "setup.py", "setup(name={[]: 1}, packages=3, install_requires={}, **{1: 2})\n'\\d'\n"
    ),
    "setup.cfg of odd values": file(
        "setup.cfg", "[options]\npackage_dir =\n  =../..\n[options.packages.find]\nwhere = /etc ..\n"
    ),
    "setup.cfg that is none": file("setup.cfg", "x\n[[[\n = \n[options\n"),
    "package with a hostile name": file("pyproject.toml", '[tool.nb2mod]\npackage = "os"\n'),
    "package that leads out": file("pyproject.toml", '[tool.nb2mod]\npackage = "../team"\n'),
    "source that leads out": _settings('source = "a/../.."\n'),
    "jupytext settings of odd types": file("jupytext.toml", "formats = [1, {a = 2}]\n"),
    "jupytext settings of a stranger": file("jupytext.py", "formats" * 100_000),
    "package module of odd bytes": file("team/__init__.py", b"\xff\xfe\0"),
    "package module nested deeply": file("team/__init__.py", "x = " + "-" * 3000 + "1\n" + "x" + ".a" * 900 + "\n"),
    "worktree of a stranger": file(".git", "gitdir: /dev/zero\0\n"),
    "cell of a broken string": replaced('"x = 1"', '"x = 1\\'),
    "merge conflict": raw(b"<<<<<<< HEAD\n{}\n=======\n>>>>>>> x\n"),
}
FILES = ("TOML", "setup.py", "JSON", "outputs", "metadata")
ROWS: dict[str, Row] = {**ODD_TEXT, **ODD_JSON, **PROJECT, **nested(190)}
ROWS |= {name: row for name, row in nested(3000).items() if name.startswith(FILES)}
ONLY_SOAKED: dict[str, Row] = {name: row for name, row in nested(3000).items() if name not in ROWS} | LONG
for _levels in (90, 250, 1000, 100_000):
    ONLY_SOAKED |= nested(_levels)
if sys.platform == "win32":
    del ROWS["files that wait for a writer"]
