"""Which package extracted code goes to: the one that stands, or a new one under a free name."""

import sys
from pathlib import Path

import pytest

from nb2mod.config import Config
from nb2mod.errors import ConfigError
from nb2mod.stages import discover
from nb2mod.stages.discover.naming import as_identifier

_HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'


def _project(tmp_path: Path, files: dict[str, str], name: str = "sales-report") -> Path:
    root = tmp_path / name
    root.mkdir()
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


_INIT = {"__init__.py": ""}

# files → folder of the package that stands, source root, whose build it is
_STANDING: dict[str, tuple[dict[str, str], str, str, str]] = {
    "src layout": ({"src/reports/__init__.py": ""}, "src/reports", "src", "none"),
    "flat": ({"reports/__init__.py": "", "tests/__init__.py": ""}, "reports", ".", "none"),
    "src layout with poetry": (
        {"src/reports/__init__.py": "", "pyproject.toml": '[tool.poetry]\nname = "reports"\n'},
        "src/reports",
        "src",
        "theirs",
    ),
    "flat with setup.py": (
        {"reports/__init__.py": "", "setup.py": "from setuptools import setup\nsetup(name='reports')\n"},
        "reports",
        ".",
        "theirs",
    ),
    "setup.cfg": ({"reports/__init__.py": "", "setup.cfg": "[metadata]\nname = reports\n"}, "reports", ".", "theirs"),
    "setup.cfg for flake8 only is no packaging": (
        {"reports/__init__.py": "", "setup.cfg": "[flake8]\nmax-line-length = 100\n"},
        "reports",
        ".",
        "none",
    ),
    "pyproject for black only is no packaging": (
        {"reports/__init__.py": "", "pyproject.toml": "[tool.black]\n"},
        "reports",
        ".",
        "none",
    ),
    "a pyproject that can't be parsed belongs to someone": (
        {"reports/__init__.py": "", "pyproject.toml": "[tool.black\n"},
        "reports",
        ".",
        "theirs",
    ),
    "cookiecutter-data-science 1: the package is src itself": (
        {
            "src/__init__.py": "",
            "src/data/__init__.py": "",
            "src/features/__init__.py": "",
            "src/models/__init__.py": "",
            "notebooks/a.ipynb": "",
            "setup.py": "from setuptools import find_packages, setup\nsetup(name='src', packages=find_packages())\n",
        },
        "src",
        ".",
        "theirs",
    ),
    "cookiecutter-data-science 2": (
        {
            "churn/__init__.py": "",
            "churn/config.py": "",
            "churn/modeling/__init__.py": "",
            "notebooks/a.ipynb": "",
            "tests/__init__.py": "",
            "pyproject.toml": '[build-system]\nrequires = ["flit_core"]\n[project]\nname = "churn"\n',
        },
        "churn",
        ".",
        "theirs",
    ),
    "several: the one of [project]": (
        {"src/a/__init__.py": "", "src/my_b/__init__.py": "", "pyproject.toml": _HATCH + '[project]\nname = "My-B"\n'},
        "src/my_b",
        "src",
        "theirs",
    ),
    "several: the one of poetry": (
        {"a/__init__.py": "", "b/__init__.py": "", "pyproject.toml": '[tool.poetry]\nname = "b"\n'},
        "b",
        ".",
        "theirs",
    ),
    "several: the one of setup.cfg": (
        {"a/__init__.py": "", "b/__init__.py": "", "setup.cfg": "[metadata]\nname = b\n"},
        "b",
        ".",
        "theirs",
    ),
    "several: the one of setup.py": (
        {"a/__init__.py": "", "b/__init__.py": "", "setup.py": "import setuptools\nsetuptools.setup(name='b')\n"},
        "b",
        ".",
        "theirs",
    ),
    "several: the one the build names": (
        {
            "a/__init__.py": "",
            "b/__init__.py": "",
            "pyproject.toml": _HATCH + '[project]\nname = "c"\n[tool.hatch.build.targets.wheel]\npackages = ["b"]\n',
        },
        "b",
        ".",
        "theirs",
    ),
    "several: src before what lies around": (
        {"src/a/__init__.py": "", "dashboards/__init__.py": "", "dashboards/x.py": ""},
        "src/a",
        "src",
        "none",
    ),
    "several: not the one called utils": ({"utils/__init__.py": "", "a/__init__.py": ""}, "a", ".", "none"),
    "only utils": ({"utils/__init__.py": ""}, "utils", ".", "none"),
    "not the notebooks' folder": ({"eda/__init__.py": "", "eda/a.ipynb": "", "a/__init__.py": ""}, "a", ".", "none"),
    "not a project of its own": ({"b/__init__.py": "", "b/setup.py": "", "a/__init__.py": ""}, "a", ".", "none"),
    "where the build takes packages from": (
        {"lib/a/__init__.py": "", "setup.py": "setup(name='a', package_dir={'': 'lib'})\n"},
        "lib/a",
        "lib",
        "theirs",
    ),
    "a package without __init__ named as the project": (
        {"src/a/x.py": "", "pyproject.toml": _HATCH + '[project]\nname = "a"\n'},
        "src/a",
        "src",
        "theirs",
    ),
}


@pytest.mark.parametrize(("files", "folder", "source", "build"), _STANDING.values(), ids=_STANDING.keys())
def test_the_package_that_stands(tmp_path: Path, files: dict[str, str], folder: str, source: str, build: str) -> None:
    root = _project(tmp_path, files)
    found = discover.require_package(root, Config(), frozenset(), ())
    assert (found.folder, found.source_root, found.build, found.exists) == (folder, source, build, True)
    assert found.name == folder.rpartition("/")[2]
    assert found.pyproject == ("pyproject.toml" if "pyproject.toml" in files else None)
    assert discover.find(root, Config(), ()).modules == tuple(
        sorted(path for path in files if path.startswith(f"{folder}/") and path.endswith(".py"))
    )


def test_the_configuration_decides(tmp_path: Path) -> None:
    files = {"a/__init__.py": "", "b/__init__.py": "", "src/acme/reports/__init__.py": "", "python/c/__init__.py": ""}
    root = _project(tmp_path, files)
    assert discover.package(root, Config(package="b"), frozenset(), ()).folder == "b"
    named = discover.package(root, Config(package="acme.reports"), frozenset(), ())
    assert (named.name, named.source_root, named.folder) == ("acme.reports", "src", "src/acme/reports")
    assert discover.package(root, Config(source="python"), frozenset(), ()).folder == "python/c"
    new = discover.package(root, Config(package="fresh"), frozenset(), ())
    assert (new.folder, new.exists) == ("src/fresh", False)
    new = discover.package(root, Config(package="b", source="src"), frozenset(), ())
    assert (new.folder, new.exists) == ("src/b", False)


@pytest.mark.parametrize("name", ["json", "code", "numpy", "sklearn"])
def test_a_name_that_finds_something_else_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is"):
        discover.package(_project(tmp_path, {}), Config(package=name), frozenset(), ())


def test_a_folder_named_as_the_standard_library_is_no_package(tmp_path: Path) -> None:
    root = _project(tmp_path, {"src/types/__init__.py": "", "src/team/__init__.py": "", "sklearn/__init__.py": ""})
    assert discover.package(root, Config(source="src"), frozenset(), ()).folder == "src/team"
    assert discover.package(root, Config(package="sklearn"), frozenset(), ()).exists  # its own repository, say


def test_several_packages_are_told_and_asked_about(tmp_path: Path) -> None:
    root = _project(tmp_path, {"a/__init__.py": "", "b/__init__.py": ""})
    found = discover.package(root, Config(), frozenset(), ())
    assert found.conflicts == ("a", "b")
    assert discover.find(root, Config(), ()).modules == ()
    with pytest.raises(ConfigError, match=r'found a, b; say which: package = "a" under \[tool.nb2mod\]'):
        discover.require_package(root, Config(), frozenset(), ())


def test_ours_is_what_says_so_and_is_built(tmp_path: Path) -> None:
    root = _project(tmp_path, {"src/a/__init__.py": "", "pyproject.toml": _HATCH + '[project]\nname = "a"\n'})
    assert discover.package(root, Config(), frozenset(), ()).build == "theirs"
    assert discover.package(root, Config(manage_dependencies=True), frozenset(), ()).build == "ours"
    (root / "pyproject.toml").write_text("[tool.nb2mod]\nmanage-dependencies = true\n")
    assert discover.package(root, Config(manage_dependencies=True), frozenset(), ()).build == "none"


# files → where a new package would stand, so that the project's build finds it
_NEW = {
    "nothing": ({}, "src/sales_report", "none"),
    "a project without its package": (
        {"pyproject.toml": _HATCH + '[project]\nname = "churn"\n'},
        "src/churn",
        "theirs",
    ),
    "setup.py finds packages in the root": (
        {"setup.py": "from setuptools import *\nsetup(name='churn', packages=find_packages())\n"},
        "churn",
        "theirs",
    ),
    "setup.py with a source folder": (
        {"setup.py": "setup(name='churn', package_dir={'': 'src'})"},
        "src/churn",
        "theirs",
    ),
    "setuptools that looks elsewhere": (
        {"pyproject.toml": '[project]\nname = "churn"\n[tool.setuptools.packages.find]\nwhere = ["python"]\n'},
        "python/churn",
        "theirs",
    ),
}


@pytest.mark.parametrize(("files", "folder", "build"), _NEW.values(), ids=_NEW.keys())
def test_where_a_new_package_goes(tmp_path: Path, files: dict[str, str], folder: str, build: str) -> None:
    found = discover.package(_project(tmp_path, files), Config(), frozenset(), ())
    assert (found.folder, found.exists, found.build) == (folder, False, build)


# folder's name, what notebooks import, files beside the notebook → the name
_NAMES = {
    "taken from the folder": ("sales-report", [], [], "sales_report"),
    "words apart": ("SalesReport", [], [], "sales_report"),
    "standard library": ("statistics", [], [], "statistics_code"),
    "of another Python": ("imp", [], [], "imp_code"),
    "keyword": ("class", [], [], "class_code"),
    "soft keyword": ("match", [], [], "match_code"),
    "well-known module": ("seaborn", [], [], "seaborn_code"),
    "well-known distribution": ("scikit-learn", [], [], "scikit_learn_code"),
    "installed here": ("hypothesis", [], [], "hypothesis_code"),
    "imported by a notebook": ("churn", ["churn.load"], [], "churn_code"),
    "beside a notebook": ("churn", [], ["churn.py"], "churn_code"),
    "a folder beside a notebook, in other letters": ("churn", [], ["Churn/readme.md"], "churn_code"),
    "too general": ("notebooks", [], [], "notebooks_code"),
    "the suffix too": ("churn", ["churn", "churn_code"], [], "churn_lib"),
    "both suffixes": ("churn", ["churn", "churn_code", "churn_lib"], [], "churn_code_2"),
    "no doubled suffix": ("code", [], ["x_code.py"], "code_code"),
    "a year first": ("2024-review", [], [], "review_2024"),
    "no letters": ("数据", [], [], "notebook_code"),
}


@pytest.mark.parametrize(("folder", "imported", "beside", "expected"), _NAMES.values(), ids=_NAMES.keys())
def test_a_new_name_is_free(tmp_path: Path, folder: str, imported: list[str], beside: list[str], expected: str) -> None:
    files = {"notebooks/a.ipynb": "{}", **{f"notebooks/{name}": "" for name in beside}}
    root = _project(tmp_path, files, folder)
    found = discover.package(root, Config(), frozenset(imported), ("notebooks/a.ipynb",))
    assert found.name == expected
    assert found == discover.package(root, Config(), frozenset(imported), ("notebooks/a.ipynb",))
    assert expected not in sys.stdlib_module_names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Analyse für Müller", "analyse_fur_muller"),
        ("3d-vision", "vision_3d"),
        ("2023-01-15", "project_2023_01_15"),
        ("42", "project_42"),
        ("my.project__x ", "my_project_x"),
        ("...", ""),
    ],
)
def test_identifiers(name: str, expected: str) -> None:
    assert as_identifier(name) == expected
    assert not expected or expected.isidentifier()
