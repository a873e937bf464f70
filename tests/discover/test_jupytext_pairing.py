"""Which notebooks jupytext's settings pair with a text file."""

from pathlib import Path

import pytest

from nb2mod.stages import discover

_NOTEBOOKS = ("a.ipynb", "notebooks/b.ipynb", "notebooks/old/c.ipynb")
# files → the notebooks that are paired
_CASES: dict[str, tuple[dict[str, str], set[str]]] = {
    "no settings": ({"pyproject.toml": "[tool.black]\n"}, set()),
    "one format": ({"jupytext.toml": 'formats = "ipynb"\n'}, set()),
    "settings without formats": ({"jupytext.toml": 'cell_markers = "region,endregion"\n'}, set()),
    "formats in a comment": ({"jupytext.yml": '# formats: ipynb,md\ncell_markers: \'"""\'\n'}, set()),
    "another tool's formats": ({"pyproject.toml": '# jupytext\n[tool.sdist]\nformats = "zip,gztar"\n'}, set()),
    "not readable": ({"jupytext.toml": "\0[["}, set()),
    "jupytext.toml": ({"jupytext.toml": 'formats = "ipynb,py:percent"\n'}, {*_NOTEBOOKS}),
    "pyproject.toml": ({"pyproject.toml": '[tool.jupytext]\nformats = "ipynb,md"\n'}, {*_NOTEBOOKS}),
    "yaml": ({".jupytext.yml": "formats: ipynb,py:percent\n"}, {*_NOTEBOOKS}),
    "python": ({"jupytext.py": 'c.default_jupytext_formats = "ipynb,Rmd"\n'}, {*_NOTEBOOKS}),
    "old key": ({"jupytext.toml": 'default_jupytext_formats = "ipynb,py"\n'}, {*_NOTEBOOKS}),
    "in a folder": ({"notebooks/jupytext.toml": 'formats = "ipynb,md"\n'}, {*_NOTEBOOKS[1:]}),
    "the nearest counts": (
        {"jupytext.toml": 'formats = "ipynb,md"\n', "notebooks/jupytext.toml": 'formats = "ipynb"\n'},
        {"a.ipynb"},
    ),
    "a prefix": ({"jupytext.toml": 'formats = "notebooks///ipynb,scripts///py:percent"\n'}, {*_NOTEBOOKS[1:]}),
    "a table": ({"jupytext.toml": '[formats]\n"notebooks/" = "ipynb"\n"scripts/" = "py"\n'}, {*_NOTEBOOKS[1:]}),
}


@pytest.mark.parametrize("case", _CASES)
def test_pairing(case: str, tmp_path: Path) -> None:
    files, expected = _CASES[case]
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert set(discover.pairing(tmp_path, _NOTEBOOKS)) == expected


def test_the_formats_are_told_as_the_settings_name_them(tmp_path: Path) -> None:
    (tmp_path / "jupytext.toml").write_text('formats = "ipynb,py:percent"\n', encoding="utf-8")
    assert discover.pairing(tmp_path, ["x/y.ipynb"]) == {"x/y.ipynb": "ipynb,py:percent"}


# formats, other files → whether there may be another half of notebooks/b.ipynb
_HALVES = [
    ("ipynb,py:percent", (), False),
    ("ipynb,py:percent", ("notebooks/b.py",), True),
    ("ipynb,py:percent", ("b.py", "notebooks/c.py", "notebooks/b.md"), False),
    ("ipynb,md:myst,py", ("notebooks/b.py",), True),
    ("py:light, ipynb", ("notebooks/b.py",), True),
    ("ipynb,.pct.py:percent", ("notebooks/b.py",), False),
    ("ipynb,.pct.py:percent", ("notebooks/b.pct.py",), True),
    # not looked up
    ("ipynb,auto:percent", (), True),
    ("notebooks///ipynb,scripts///py:percent", (), True),
    ("ipynb,text_/py", (), True),
    ('{"notebooks/": "ipynb", "scripts/": "py"}', (), True),
]


@pytest.mark.parametrize(("formats", "files", "expected"), _HALVES)
def test_the_other_half(formats: str, files: tuple[str, ...], expected: bool, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert discover.has_half(tmp_path, "notebooks/b.ipynb", formats) is expected
