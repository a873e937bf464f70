"""Modules made new and extended: what a person wrote stays, line for line."""

import ast

import pytest
from msgspec.structs import replace

from nb2mod.model import Extraction
from nb2mod.stages.rewrite.formatting import Style
from nb2mod.stages.rewrite.imports import read_imports, written
from nb2mod.stages.rewrite.inside import with_imports_inside
from nb2mod.stages.rewrite.modules import extended, inserted, new_module

STYLE = Style({})
FALLBACK = "try:\n    import a\nexcept E:\n    a = 0\n"


def extraction(
    name: str = "load", imports: tuple[str, ...] = (), kind: str = "function", source: str = ""
) -> Extraction:
    text = source or f"def {name}(x):\n    return x\n"
    return Extraction(name, kind, "reports.dataset", name, text, (), imports)


def test_new_module_is_whole_and_formatted() -> None:
    items = [
        extraction("LIMIT", kind="constant", source="LIMIT=5 # rows\n"),
        extraction("load", ("import pandas as pd", "from os import path", "from reports.settings import B, A")),
        extraction("save", ("import pandas as pd", "from os import getcwd as cwd", "from math import *")),
    ]
    assert new_module(items, "reports", STYLE) == (
        '"""Reads and writes data."""\n\n'
        "from math import *\n\n"
        "from os import getcwd as cwd, path\n\n"
        "import pandas as pd\n\n"
        "from reports.settings import A, B\n\n"
        "LIMIT = 5  # rows\n\n\n"
        "def load(x):\n    return x\n\n\n"
        "def save(x):\n    return x\n"
    )


@pytest.mark.parametrize(
    ("module", "purpose"),
    [
        ("plots", "Draws plots."),
        ("plotting", "Draws plots."),
        ("plots_2", "Draws plots."),
        ("plots_torch", "Draws plots: torch."),
        ("tools", "Small functions that notebooks share."),
        ("euler", "Shared by notebooks: load."),
    ],
)
def test_a_new_module_says_what_it_is_for(module: str, purpose: str) -> None:
    text = new_module([replace(extraction(), module=f"reports.{module}")], "reports", STYLE)
    assert text.startswith(f'"""{purpose}"""\n')


def test_future_import_stands_first_and_fallbacks_last() -> None:
    texts = [
        "from __future__ import annotations",
        "try:\n    import a\nexcept ImportError:\n    a = None",
        "import numpy as np",
    ]
    text = written(read_imports(texts), "reports")
    assert text.startswith("from __future__ import annotations\n\nimport numpy as np\n\ntry:")


def test_two_spellings_of_one_import_are_one() -> None:
    texts = [
        "import matplotlib.pyplot as plt",
        "from matplotlib import pyplot as plt",
        "import xml.dom",
        "import xml.sax",
    ]
    lines = written(read_imports(texts), "reports").split()
    assert lines.count("plt") == 1
    assert {"xml.dom", "xml.sax"} <= set(lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "import pandas\n\n\nDEF"),
        ('"""Doc."""\n', '"""Doc."""\n\nimport pandas\n\n\nDEF'),
        ('"""Doc."""\nx = 1\n', '"""Doc."""\n\nimport pandas\n\nx = 1\n\n\nDEF'),
        ("import os\n\nx = 1\n", "import os\nimport pandas\n\nx = 1\n\n\nDEF"),
        ("import os; x = (\n1)\ny = 2\n", "import os; x = (\n1)\nimport pandas\ny = 2\n\n\nDEF"),
        ("import os\n", "import os\nimport pandas\n\n\nDEF"),
        ("import pandas\n\n\nx = 1\n\n\n\n", "import pandas\n\n\nx = 1\n\n\n\nDEF"),
        ("x = 1", "import pandas\n\n\nx = 1\n\n\nDEF"),
        (
            "#!/usr/bin/env python\n# licence\n\nx = 1\n",
            "#!/usr/bin/env python\n# licence\n\nimport pandas\n\n\nx = 1\n\n\nDEF",
        ),
        (
            "try:\n    import a\nexcept E:\n    a = 0\n\nx = 1\n",
            "try:\n    import a\nexcept E:\n    a = 0\nimport pandas\n\nx = 1\n\n\nDEF",
        ),
    ],
)
def test_extended(text: str, expected: str) -> None:
    for ending in ("\n", "\r\n"):
        source = text.replace("\n", ending)
        insertions = extended(source, [extraction(imports=("import pandas",))], "reports", STYLE)
        after = inserted(source, insertions)
        definition = f"def load(x):{ending}    return x" + ("" if text and not text.endswith("\n") else ending)
        wanted = expected.replace("\n", ending).replace("DEF", definition)
        if not text.count("\n"):
            assert after.replace("\r\n", "\n") == wanted.replace("\r\n", "\n")  # no line end to follow
        else:
            assert after == wanted
        assert _without(after, insertions) == source
        ast.parse(after)


def _without(after: str, insertions: tuple[object, ...]) -> str:
    """Takes the insertions back by their offsets."""
    for insertion in sorted(insertions, key=lambda one: one.offset):  # type: ignore[attr-defined]
        start, text = insertion.offset, insertion.text  # type: ignore[attr-defined]
        assert after[start : start + len(text)] == text
        after = after[:start] + after[start + len(text) :]
    return after


def test_extended_formats_only_what_is_inserted() -> None:
    text = "import os\nx  =  { 'a':1 }\n"
    after = inserted(text, extended(text, [extraction(source="def load( x ):\n  return  x\n")], "reports", STYLE))
    assert after == text + "\n\ndef load(x):\n    return x\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(x):\n    return x\n", "def f(x):\n    import a\n    return x\n"),
        ('def f(x):\n    """D."""\n    return x\n', 'def f(x):\n    """D."""\n    import a\n    return x\n'),
        (
            'def f(x):\n    """D."""\n    # c\n\n    return x\n',
            'def f(x):\n    """D."""\n    import a\n    # c\n\n    return x\n',
        ),
        ("def f(x):  # why\n    # c\n    return x\n", "def f(x):  # why\n    import a\n    # c\n    return x\n"),
        ("def f(x): return 'ü'\n", "def f(x): import a; return 'ü'\n"),
        ('def f(x): "D."; return x\n', 'def f(x): "D."; import a; return x\n'),
        ('def f(x):\n    "D."\n', 'def f(x):\n    "D."; import a\n'),
        ("@d\ndef f(\n    x,\n):\n    @e\n    def g():\n        pass\n    return g\n", None),
        ("async def f(x):\n\tawait x\n", "async def f(x):\n\timport a\n\tawait x\n"),
    ],
)
def test_imports_inside(source: str, expected: str | None) -> None:
    after = with_imports_inside(source, ("import a",))
    function = ast.parse(after).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    assert ast.get_docstring(function) == ast.get_docstring(ast.parse(source).body[0])  # type: ignore[arg-type]
    imports = [node for node in function.body if isinstance(node, ast.Import)]
    function.body = [node for node in function.body if not isinstance(node, ast.Import)]
    assert len(imports) == 1
    assert ast.dump(function) == ast.dump(ast.parse(source).body[0])
    assert expected is None or after == expected


@pytest.mark.parametrize("text", ["\ufeffx = 1\n", "\ufeffimport os\nx = 1\n"])
def test_byte_order_mark_stays_first(text: str) -> None:
    after = inserted(text, extended(text, [extraction(imports=("import pandas",))], "reports", STYLE))
    assert after.startswith("\ufeff")
    assert after.count("\ufeff") == 1
    ast.parse(after[1:])
