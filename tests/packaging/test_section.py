"""The text of `[tool.nb2mod]` that init writes reads back as the same settings."""

import keyword
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from nb2mod import settings
from nb2mod.config import Config
from nb2mod.model import Package
from nb2mod.stages.rewrite import packaging

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\\"), min_size=1, max_size=8)
_NAME = st.from_regex(r"[^\W\d]\w{0,8}", fullmatch=True).filter(
    lambda name: name.isidentifier() and not keyword.iskeyword(name)
)
_PATH = _TEXT.filter(lambda path: not path.startswith("/") and path[1:2] != ":" and ".." not in path.split("/"))
_CONFIGS = st.builds(
    Config,
    package=st.none() | _NAME,
    source=st.none() | _PATH,
    notebooks=st.lists(_PATH, min_size=1, max_size=3).map(tuple),
    exclude=st.lists(_TEXT.filter(str.strip), max_size=3).map(tuple),
    threshold_notebooks=st.integers(1, 99),
    threshold_statements=st.integers(1, 99),
    production_notebooks=st.integers(1, 99),
    production_notebook_lines=st.integers(1, 9999),
    stage_production=st.lists(_TEXT.filter(str.strip), max_size=2).map(tuple),
    stage_exploratory=st.lists(_TEXT.filter(str.strip), max_size=2).map(tuple),
    count_copied_notebooks=st.booleans(),
    pure_decorators=st.lists(_NAME, max_size=2).map(tuple),
    imports=st.sampled_from(["in-place", "top"]),
    bootstrap=st.sampled_from(["none", "sys-path"]),
    manage_dependencies=st.booleans(),
    modules=st.dictionaries(_NAME, _NAME, max_size=3),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("section")


@limits(max_examples=150, deadline=None)
@given(
    config=_CONFIGS,
    comments=st.dictionaries(st.sampled_from([key.name for key in settings.KEYS]), st.text(max_size=20)),
)
def test_any_settings_read_back(folder: Path, config: Config, comments: dict[str, str]) -> None:
    text = packaging.section_text(config, comments)
    (folder / "pyproject.toml").write_bytes(text.encode("utf-8", "replace"))
    assert settings.load(folder) == config


def test_every_key_stands_there_under_its_meaning_and_its_measure() -> None:
    measured = {key.name: f"Measured {key.name}." for key in settings.KEYS}
    lines = packaging.section_text(Config(), measured).splitlines()
    for key in settings.KEYS:
        at = lines.index(f"# {key.meaning}")
        assert lines[at + 1] == f"# Measured {key.name}."
        assert key.name.rpartition(".")[2] in lines[at + 2]
        assert key.default in lines[at + 2] or key.default in ("found", "found or chosen", "{}")


def test_the_defaults_of_the_table_are_those_of_config(folder: Path) -> None:
    stated = [f"{key.name} = {key.default}" for key in settings.KEYS if not key.default.startswith("found")]
    (folder / "keys.toml").write_text("\n".join(stated) + "\n")
    assert settings.load(folder, folder / "keys.toml") == Config()


def test_the_package_that_was_found_is_written_down() -> None:
    found = Package(name="reports", source_root="src", folder="src/reports", exists=True, build="theirs")
    assert packaging.with_package(Config(), found) == Config(package="reports", source="src")
    free = Package(name="reports", source_root="src", folder="src/reports", exists=False)
    assert packaging.with_package(Config(imports="top"), free).manage_dependencies
