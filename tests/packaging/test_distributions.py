"""Import names and distributions: the table, and what it is asked."""

import importlib.metadata
import json
import keyword
import re
from pathlib import Path

import pytest

from nb2mod import distributions

_TABLE = json.loads((Path(distributions.__file__).parent / "distributions.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "module",
    ["os", "os.path", "distutils", "imp", "tomllib", "utils", "tests", "google", "google.colab", "nobody_has_this"],
)
def test_no_distribution_is_made_up(module: str) -> None:
    assert distributions.distribution_of(module) is None


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("sklearn", "scikit-learn"),
        ("sklearn.linear_model", "scikit-learn"),
        ("cv2", "opencv-python"),
        ("PIL.Image", "pillow"),
        ("bs4", "beautifulsoup4"),
        ("skimage", "scikit-image"),
        ("torch.nn", "torch"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("google.cloud.bigquery.table", "google-cloud-bigquery"),
        ("google.protobuf", "protobuf"),
        ("azure.storage.blob", "azure-storage-blob"),
    ],
)
def test_the_table_knows(module: str, distribution: str) -> None:
    assert distributions.distribution_of(module) == distribution
    assert distributions.known_module(module)


@pytest.mark.parametrize(
    "module", ["os.path", "asyncore", "numpy.random", "google.colab.drive", "pytest", "tomlkit", "_pytest"]
)
def test_known(module: str) -> None:
    assert distributions.known_module(module)


@pytest.mark.parametrize(
    "module", ["utils", "helpers", "config", "google", "nobody_has_this", "tests", "google.colabx"]
)
def test_not_known(module: str) -> None:
    assert not distributions.known_module(module)


def test_what_is_installed_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {
        "cv2": ("opencv-python-headless",),
        "yaml": ("PyYAML", "yaml-fork"),
        "mine": ("My-Lib",),
        "both": ("a", "b"),
    }
    monkeypatch.setattr(distributions, "_installed", lambda: installed)
    assert distributions.distribution_of("cv2") == "opencv-python-headless"
    assert distributions.distribution_of("yaml") == "PyYAML"
    assert distributions.distribution_of("mine") == "My-Lib"
    assert distributions.distribution_of("both") is None


@pytest.mark.parametrize(
    ("distribution", "modules"),
    [
        ("scikit_learn", {"sklearn"}),
        ("Pillow", {"PIL"}),
        ("opencv-python-headless", {"cv2"}),
        ("pytorch", {"torch"}),
        ("ruamel.yaml", {"ruamel"}),
        ("google-cloud-storage", {"google"}),
        ("my-lib", {"my_lib"}),
    ],
)
def test_modules_of(distribution: str, modules: set[str]) -> None:
    assert modules <= distributions.modules_of(distribution)


@pytest.mark.parametrize("name", ["Scikit_Learn", "scikit.learn", "scikit--learn", "SCIKIT-_-learn"])
def test_names_compare_as_pep_503_says(name: str) -> None:
    assert distributions.normalized(name) == re.sub(r"[-_.]+", "-", name).lower() == "scikit-learn"


def test_the_table_is_in_order_and_well_formed() -> None:
    modules, aliases = _TABLE["modules"], _TABLE["aliases"]
    assert list(modules) == sorted(modules, key=lambda name: (name.lower(), name))
    assert list(aliases) == sorted(aliases)
    assert len(modules) > 250
    for module, distribution in modules.items():
        assert all(part.isidentifier() and not keyword.iskeyword(part) for part in module.split("."))
        assert re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", distribution)
        assert not distributions.is_standard(module)
    given = {distributions.normalized(name) for name in modules.values()}
    for alias, distribution in aliases.items():
        assert alias == distributions.normalized(alias)
        assert distributions.normalized(distribution) in given


def test_the_table_agrees_with_what_is_installed_here() -> None:
    for module, found in importlib.metadata.packages_distributions().items():
        said = _TABLE["modules"].get(module)
        if said is not None:
            assert distributions.normalized(said) in {distributions.normalized(name) for name in found}
