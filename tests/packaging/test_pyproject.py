"""Edits of pyproject.toml: what a person wrote stays, what is added reads back."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nb2mod.config import Config
from nb2mod.errors import ConfigError, UsageError
from nb2mod.model import Package
from nb2mod.stages.rewrite import packaging

_NEW = Package(name="sales_report", source_root="src", folder="src/sales_report", exists=False)

# never given a build: each has one, or is described already
_THEIRS = [
    '[build-system]\nrequires = ["setuptools"]\n',
    '[project]\nname = "x"\n',
    '[tool.poetry]\nname = "x"\n',
    "[tool.pdm]\n",
    '[tool.flit.metadata]\nmodule = "x"\n',
    "[tool.setuptools]\n",
]


@pytest.mark.parametrize("text", _THEIRS)
def test_packaging_that_exists_gets_no_second_build(text: str) -> None:
    assert packaging.pyproject_for(_NEW, text, Config()) is None


@pytest.mark.parametrize("build", ["theirs", "ours"])
def test_nor_does_packaging_in_other_files(build: str) -> None:
    package = Package(name="x", source_root=".", folder="x", exists=True, build=build)
    assert packaging.pyproject_for(package, None, Config()) is None


def test_a_new_file_says_all_and_reads_back() -> None:
    text = packaging.pyproject_for(_NEW, None, Config(), {"notebooks": "42 notebooks."})
    assert text is not None
    document = tomllib.loads(text)
    assert document["project"]["name"] == "sales-report"
    assert document["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["src/sales_report"]
    assert document["tool"]["nb2mod"]["manage-dependencies"] is True
    assert document["tool"]["nb2mod"]["package"] == "sales_report"
    assert "# 42 notebooks.\n" in text
    assert packaging.pyproject_for(_NEW, text, Config()) is None


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "existing",
    [
        "# ours\n[tool.black]\nline-length = 100  # wide\n",
        "[tool.black]\nline-length = 100",
        "tool.black.line-length = 100\n",
        "[tool.nb2mod]\npackage = 'sales_report'\n\n# about black\n[tool.black]\nline-length = 100\n",
        "[tool.nb2mod.threshold]\nnotebooks = 3\n",
        "[tool.nb2mod]\nmanage-dependencies = false\n",
    ],
)
def test_a_file_without_a_build_gets_lines_and_loses_none(existing: str, end: str) -> None:
    existing = existing.replace("\n", end)
    text = packaging.pyproject_for(_NEW, existing, Config())
    assert text is not None
    _assert_lines_kept(existing, text)
    assert end == "\n" or text.count("\n") == text.count("\r\n")
    document = tomllib.loads(text)
    assert document["build-system"]["build-backend"] == "hatchling.build"
    assert document["tool"]["nb2mod"]["manage-dependencies"] is ("false" not in existing)
    assert ("# about black" not in existing) or f"# about black{end}[tool.black]" in text


def test_tables_written_inline_are_refused_not_broken() -> None:
    with pytest.raises(ConfigError, match="found inline ones"):
        packaging.pyproject_for(_NEW, "tool = { black = { line-length = 100 } }\n", Config())
    with pytest.raises(ConfigError, match="not valid TOML"):
        packaging.add_dependencies("[project\n", ["numpy"])


def test_what_is_made_can_be_built(tmp_path: Path) -> None:
    for package in (_NEW, Package("acme.reports", "src", "src/acme/reports", False), Package("lib", ".", "lib", True)):
        root = tmp_path / package.name
        (root / package.folder).mkdir(parents=True)
        (root / package.folder / "__init__.py").write_text("")
        (root / "pyproject.toml").write_text(packaging.pyproject_for(package, None, Config()) or "")
        code = "import hatchling.build; hatchling.build.build_wheel('dist')"
        (root / "dist").mkdir()
        subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True)
        (wheel,) = (root / "dist").glob("*.whl")
        assert f"{package.name.replace('.', '/')}/__init__.py" in zipfile.ZipFile(wheel).namelist()


# what must not change
_UNCHANGED = [
    (
        '[project]\nname = "x"\ndependencies = ["Scikit_Learn>=1", "ruamel.yaml[jinja2]"]\n',
        ["scikit-learn", "ruamel-yaml"],
    ),
    ('[project]\nname = "my-x"\ndependencies = []\n', ["My_X"]),
    ('[project]\nname = "x"\ndynamic = ["dependencies"]\n', ["numpy"]),
    ('[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\nNumPy = "*"\n', ["numpy"]),
    ("[tool.black]\n", ["numpy"]),
    ("", ["numpy"]),
    ('[project]\nname = "x"\ndependencies = ["a"]\n', []),
]


@pytest.mark.parametrize(("text", "names"), _UNCHANGED)
def test_dependencies_that_are_there_are_left_alone(text: str, names: list[str]) -> None:
    assert packaging.add_dependencies(text, names) == text


# before → after, with numpy and scikit-learn to be added
_ADDED = {
    "one line": (
        '[project]\nname = "x"\ndependencies = ["a", "b"]  # all\n',
        '[project]\nname = "x"\ndependencies = ["a", "b", "numpy", "scikit-learn"]  # all\n',
    ),
    "lines": (
        '[project]\ndependencies = [\n  "a", # why\n  # then\n  "b",\n]\nname = "x"\n',
        '[project]\ndependencies = [\n  "a", # why\n  # then\n  "b",\n  "numpy",\n  "scikit-learn",\n]\nname = "x"\n',
    ),
    "lines, no final comma": (
        '[project]\ndependencies = [\n    "a",\n    "b"\n]\n',
        '[project]\ndependencies = [\n    "a",\n    "b",\n    "numpy",\n    "scikit-learn"\n]\n',
    ),
    "one there already": (
        '[project]\ndependencies = [\n    "NumPy>=1",\n]\n',
        '[project]\ndependencies = [\n    "NumPy>=1",\n    "scikit-learn",\n]\n',
    ),
    "empty": (
        '[project]\nname = "x"\ndependencies = []\n\n[tool.black]\n',
        '[project]\nname = "x"\ndependencies = [\n    "numpy",\n    "scikit-learn",\n]\n\n[tool.black]\n',
    ),
    "none yet": (
        '[project]\nname = "x"\n\n# about tools\n[tool.black]\nline-length = 1\n',
        '[project]\nname = "x"\ndependencies = [\n    "numpy",\n    "scikit-learn",\n]\n\n'
        "# about tools\n[tool.black]\nline-length = 1\n",
    ),
    "none yet, tables below": (
        '[project]\nlicense = { text = "MIT" }\n[project.scripts]\nname = "a:b"\n',
        '[project]\nlicense = { text = "MIT" }\ndependencies = [\n    "numpy",\n    "scikit-learn",\n]\n'
        '[project.scripts]\nname = "a:b"\n',
    ),
    "CRLF": (
        '[project]\r\ndependencies = [\r\n    "a",\r\n]\r\n',
        '[project]\r\ndependencies = [\r\n    "a",\r\n    "numpy",\r\n    "scikit-learn",\r\n]\r\n',
    ),
    "poetry": (
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"  # old\n\n'
        '# dev\n[tool.poetry.group.dev.dependencies]\nx = "1"\n',
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"  # old\nnumpy = "*"\nscikit-learn = "*"\n\n'
        '# dev\n[tool.poetry.group.dev.dependencies]\nx = "1"\n',
    ),
    "poetry, no final newline": (
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"',
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\nnumpy = "*"\nscikit-learn = "*"',
    ),
    "poetry without the table": (
        '[tool.poetry]\nname = "x"\n',
        '[tool.poetry]\nname = "x"\n\n[tool.poetry.dependencies]\nnumpy = "*"\nscikit-learn = "*"\n',
    ),
    "dynamic in [project], written in poetry's": (
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\npython = "^3.9"\n',
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n[tool.poetry.dependencies]\npython = "^3.9"\n'
        'numpy = "*"\nscikit-learn = "*"\n',
    ),
    "dotted list": (
        'project.name = "x"\nproject.dependencies = ["a"]\n',
        'project.name = "x"\nproject.dependencies = ["a", "numpy", "scikit-learn"]\n',
    ),
    "inline table": (
        'project = {name = "x", dependencies = []}\n',
        'project = {name = "x", dependencies = [\n    "numpy",\n    "scikit-learn",\n]}\n',
    ),
    "only a comment": (
        "[project]\ndependencies = [\n    # none yet\n]\n",
        '[project]\ndependencies = [\n    # none yet\n    "numpy",\n    "scikit-learn",\n]\n',
    ),
    "a comment where a comma is missing": (
        '[project]\ndependencies = [\n    "a" # why\n    # end\n]\n',
        '[project]\ndependencies = [\n    "a", # why\n    "numpy",\n    "scikit-learn"\n    # end\n]\n',
    ),
    "commas in front": (
        '[project]\ndependencies = [\n    "a"\n  , "b"\n]\n',
        '[project]\ndependencies = [\n    "a"\n  , "b", "numpy", "scikit-learn"\n]\n',
    ),
    "brackets and commas in the items": (
        "[project]\ndependencies = ['a[x,y]>=1 # no', \"b[z]\"]\n",
        '[project]\ndependencies = [\'a[x,y]>=1 # no\', "b[z]", "numpy", "scikit-learn"]\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), _ADDED.values(), ids=_ADDED.keys())
def test_dependencies_are_added_in_the_layout_that_is_there(before: str, after: str) -> None:
    added = packaging.add_dependencies(before, ["scikit-learn", "numpy", "NumPy"])
    assert added == after
    assert packaging.add_dependencies(added, ["numpy", "scikit_learn"]) == added


def test_dotted_tables_get_a_dotted_key() -> None:
    before = 'project.name = "x"\nproject.version = "1"\n'
    added = packaging.add_dependencies(before, ["numpy"])
    _assert_lines_kept(before, added)
    assert tomllib.loads(added) == {"project": {"name": "x", "version": "1", "dependencies": ["numpy"]}}


def test_a_section_is_added_once() -> None:
    section = packaging.section_text(Config(), {})
    text = packaging.add_section("[tool.black]\n", section)
    assert text == f"[tool.black]\n\n{section}"
    assert packaging.add_section(None, section) == section
    with pytest.raises(UsageError, match="stands there already"):
        packaging.add_section(text, section)


_NAMES = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,3})?", fullmatch=True)
_GAPS = st.sampled_from(["", " ", "\n  ", "\n    # a note\n    ", "\t"])


@st.composite
def _files(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A pyproject.toml with dependencies in any layout, between lines of other things."""
    present = draw(st.lists(_NAMES, max_size=4, unique=True))
    items = [f'{draw(_GAPS)}"{name}>=1"{draw(_GAPS)}' for name in present]
    listed = ",".join(items) + ("," + draw(_GAPS) if items and draw(st.booleans()) else draw(_GAPS))
    above = draw(st.sampled_from(["", "# top\n", "[tool.ruff]\nline-length = 3\n\n", "[[tool.x]]\na = 1\n"]))
    below = draw(
        st.sampled_from(["", "\n", "version = '1' # v\n", "\n# end\n[project.scripts]\na = 'b'\n", "[tool.black]"])
    )
    return (
        f"{above}[project]\nname = 'own-name-x'\ndependencies = [{listed}]{draw(st.sampled_from(['', ' # all']))}\n{below}",
        present,
    )


@settings(max_examples=150, deadline=None)
@given(_files(), st.lists(_NAMES, max_size=4), st.booleans())
def test_any_layout_keeps_every_other_line(file: tuple[str, list[str]], names: list[str], crlf: bool) -> None:
    text, present = file
    text = text.replace("\n", "\r\n") if crlf else text
    added = packaging.add_dependencies(text, names)
    before, after = tomllib.loads(text), tomllib.loads(added)
    missing = sorted(set(names) - set(present))
    assert after["project"].pop("dependencies") == [*before["project"].pop("dependencies"), *missing]
    assert after == before
    assert packaging.add_dependencies(added, names) == added
    assert not crlf or added.count("\n") == added.count("\r\n")
    start, end = text.index("dependencies = ["), text.index("]", text.index("dependencies = ["))
    assert added.startswith(text[:start])
    assert added.endswith(text[end:])
    comments = [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
    assert [line.strip() for line in added.splitlines() if line.strip().startswith("#")] == comments


def _assert_lines_kept(before: str, after: str) -> None:
    """Every line of before stands in after, in the same order."""
    lines = iter(after.splitlines())
    for line in before.splitlines():
        assert line in lines, f"{line!r} is gone or has moved"
