"""`[tool.nb2mod]` → Config, and the sentence a person reads when it is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from nb2mod import settings
from nb2mod.config import Config, thresholds_for
from nb2mod.errors import ConfigError
from nb2mod.model import Stage

_EVERYTHING = """\
[project]
name = "reports"

[tool.nb2mod]
package = "reports"
source = "src"
notebooks = ["notebooks", "eda/2024"]
exclude = ["archive/", "!archive/keep.ipynb"]
imports = "top"
bootstrap = "sys-path"
manage-dependencies = true
count-copied-notebooks = true
pure-decorators = ["tools.timed"]

[tool.nb2mod.threshold]
notebooks = 3
statements = 4
notebook-lines = 700

[tool.nb2mod.threshold.production]
notebooks = 2
function-cells = 6

[tool.nb2mod.stage]
production = ["jobs/**", "!jobs/trial.ipynb"]
exploratory = ["scratch/"]

[tool.nb2mod.modules]
load_scores = "dataset"
"""


def test_no_file_no_section_and_an_empty_section_are_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == Config()
    pyproject = tmp_path / "pyproject.toml"
    for text in ("", "[tool.black]\nline-length = 100\n", "[tool.nb2mod]\n", "# nb2mod is fine\n"):
        pyproject.write_text(text)
        assert settings.load(tmp_path) == Config()


def test_a_file_that_does_not_mention_nb2mod_is_not_judged(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black\n")
    assert settings.load(tmp_path) == Config()


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(_EVERYTHING)
    assert settings.load(tmp_path) == Config(
        package="reports",
        source="src",
        notebooks=("notebooks", "eda/2024"),
        exclude=("archive/", "!archive/keep.ipynb"),
        threshold_notebooks=3,
        threshold_statements=4,
        threshold_notebook_lines=700,
        production_notebooks=2,
        production_function_cells=6,
        stage_production=("jobs/**", "!jobs/trial.ipynb"),
        stage_exploratory=("scratch/",),
        count_copied_notebooks=True,
        pure_decorators=("tools.timed",),
        imports="top",
        bootstrap="sys-path",
        manage_dependencies=True,
        modules={"load_scores": "dataset"},
    )


def test_what_is_too_much_while_exploring_is_too_much_in_production(tmp_path: Path) -> None:
    """A limit of production that is not written down is never above the one that is; one that is written down holds."""
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text("[tool.nb2mod.threshold]\nnotebook-lines = 100\nnotebook-cells = 900\n")
    found = settings.load(tmp_path)
    assert (found.production_notebook_lines, found.threshold_notebook_lines) == (100, 100)
    assert found.production_notebook_cells == Config().production_notebook_cells
    pyproject.write_text(pyproject.read_text() + "[tool.nb2mod.threshold.production]\nnotebook-lines = 150\n")
    assert thresholds_for(settings.load(tmp_path), Stage.PRODUCTION).notebook_lines == 150
    assert thresholds_for(settings.load(tmp_path), Stage.EXPLORATORY).notebook_lines == 100


def test_keys_describe_every_field_of_config_once() -> None:
    assert sorted(key.field for key in settings.KEYS) == sorted(Config.__struct_fields__)
    assert len({key.name for key in settings.KEYS}) == len(settings.KEYS)
    for key in settings.KEYS:
        assert key.meaning.endswith(".")
        assert all(f'"{choice}"' in key.meaning for choice in key.choices)


def test_an_explicit_file_may_hold_the_keys_at_its_top(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('package = "reports"\n[threshold]\nnotebooks = 5\n')
    assert settings.load(tmp_path, path) == Config(package="reports", threshold_notebooks=5)
    path.write_text('[tool.nb2mod]\npackage = "others"\n')
    assert settings.load(tmp_path, path) == Config(package="others")


# what the section holds → line of the key, and words the sentence must contain
_WRONG = [
    ("threshhold.notebooks = 3", 1, ["threshhold", "unknown key", 'did you mean "threshold']),
    ('pakage = "a"', 1, ["pakage: unknown key", 'did you mean "package"?']),
    ("pure_decorators = []", 1, ['did you mean "pure-decorators"?']),
    ("zzzz = 1", 1, ["unknown key; expected one of bootstrap, count-copied-notebooks"]),
    (
        "[tool.nb2mod.threshold]\nnotebook = 3",
        2,
        ["[tool.nb2mod.threshold] notebook:", 'did you mean "threshold.notebooks"?'],
    ),
    ("statements = 3", 1, ['did you mean "threshold.statements"?']),
    ("package = 3", 1, ["package: expected text in quotes, found 3"]),
    ('package = "my-package"', 1, ["a name that can be imported", 'found "my-package"']),
    ('package = "class"', 1, ["a name that can be imported"]),
    ('package = ""', 1, ["a name that can be imported"]),
    ('source = "../elsewhere"', 1, ["a path inside the project", 'found "../elsewhere"']),
    ('source = "/src"', 1, ["a path inside the project"]),
    ('notebooks = "notebooks"', 1, ["expected a list of text", 'found "notebooks"']),
    ("notebooks = []", 1, ["at least one folder or file", "found none"]),
    ('notebooks = [\n  "a",\n  1,\n]', 1, ["expected a list of text", "found 1 in the list"]),
    ('exclude = [""]', 1, ["expected a pattern"]),
    ('imports = "inplace"', 1, ['expected "in-place" or "top"', 'found "inplace"', 'did you mean "in-place"?']),
    ('bootstrap = "syspath"', 1, ['did you mean "sys-path"?']),
    ("manage-dependencies = 1", 1, ["expected true or false, found 1"]),
    ("[tool.nb2mod.threshold]\n\nnotebooks = 0", 3, ["a whole number, 1 or more, found 0"]),
    (
        "threshold = { notebooks = 2, statements = true }",
        1,
        ["statements: expected a whole number, 1 or more, found true"],
    ),
    ("threshold = 2", 1, ["threshold: expected a table, [tool.nb2mod.threshold], found 2"]),
    ('threshold.statements = "2"', 1, ['expected a whole number, 1 or more, found "2"']),
    ("threshold.notebooks = 2.0", 1, ["found 2.0"]),
    (
        "[tool.nb2mod.threshold.production]\nnotebook-line = 3",
        2,
        ["[tool.nb2mod.threshold.production] notebook-line:", 'did you mean "threshold.production.notebook-lines"?'],
    ),
    ("[tool.nb2mod.threshold]\nproduction = 3", 2, ["expected a table, [tool.nb2mod.threshold.production], found 3"]),
    ("[tool.nb2mod.threshold.production]\ncell-statements = 0", 2, ["a whole number, 1 or more, found 0"]),
    ("[tool.nb2mod.threshold]\nnotebook_lines = 3", 2, ['did you mean "threshold.notebook-lines"?']),
    ('[tool.nb2mod.stage]\nproduction = "jobs"', 2, ["expected a list of text"]),
    ('[tool.nb2mod.stage]\nexploratory = [" "]', 2, ["expected a pattern as in .gitignore"]),
    ("[tool.nb2mod.stage]\nprod = []", 2, ['did you mean "stage.production"?']),
    ('stage = "production"', 1, ["expected a table, [tool.nb2mod.stage]"]),
    ('[tool.nb2mod.modules]\nload = "a"\n"my load" = "dataset"', 3, ["the name of a function or class", '"my load"']),
    ('modules = { load = "a-b" }', 1, ["a module inside the package", '"a-b"']),
    ("modules = []", 1, ["expected a table of text", "found a list"]),
    ("package = 2024-01-01", 1, ["found a date or time"]),
    ('pure-decorators = ["@timed"]', 1, ["a dotted name", '"@timed"']),
]


@pytest.mark.parametrize(("body", "line", "words"), _WRONG, ids=[body.partition("\n")[0] for body, _, _ in _WRONG])
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, body: str, line: int, words: list[str]) -> None:
    above = '[project]\nname = "x"\ndescription = """\npackage = 3\nnotebooks = []\n"""\n\n[tool.nb2mod]\n'
    pyproject = tmp_path / "pyproject.toml"
    for end in ("\n", "\r\n"):
        pyproject.write_bytes((above + body + "\n").replace("\n", end).encode())
        with pytest.raises(ConfigError) as raised:
            settings.load(tmp_path)
        message = str(raised.value)
        assert message.startswith(f"{pyproject}:{above.count(chr(10)) + line}: "), message
        for word in words:
            assert word in message
        assert "\n" not in message


_BROKEN = [
    (b"[tool.nb2mod]\npackage = \n", 2),
    (b"[tool.nb2mod]\nnotebooks = [\n  'a'\n", 3),
    (b"[tool.nb2mod]\na = 1\na = 2\n", 3),
    (b"# nb2mod\n[tool.black\n", 2),
    (b"[tool.nb2mod]\npackage = 'caf\xe9'\n", 2),
]


@pytest.mark.parametrize(("data", "line"), _BROKEN)
def test_broken_toml_is_told_with_its_line(tmp_path: Path, data: bytes, line: int) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    with pytest.raises(ConfigError, match=rf"pyproject\.toml:{line}: not valid TOML: ") as raised:
        settings.load(tmp_path)
    assert "\n" not in str(raised.value)


def test_an_explicit_file_must_be_there_and_hold_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; --config expects"):
        settings.load(tmp_path, tmp_path / "missing.toml")
    with pytest.raises(ConfigError, match="can't be read"):
        settings.load(tmp_path, tmp_path)
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text("[tool.black]\n")
    with pytest.raises(ConfigError, match=r"expected the table \[tool.nb2mod\], found none"):
        settings.load(tmp_path, pyproject)
    pyproject.write_text("[tool]\nnb2mod = 3\n")
    with pytest.raises(ConfigError, match=r"pyproject.toml:2: \[tool\] nb2mod: expected a table"):
        settings.load(tmp_path)
    (tmp_path / "mine.toml").write_text('\npakage = "a"\n')
    with pytest.raises(ConfigError, match=r'mine.toml:2: pakage: unknown key; did you mean "package"'):
        settings.load(tmp_path, tmp_path / "mine.toml")


def test_reading_nothing_imports_nothing(tmp_path: Path) -> None:
    """Start-up pays for tomllib only where there is something to read, for difflib never."""
    (tmp_path / "pyproject.toml").write_text("[tool.black]\n")
    code = (
        "import sys; from pathlib import Path; from nb2mod import settings; "
        f"root = settings.find_root(Path({str(tmp_path)!r})); settings.load(root); "
        "print([name for name in ('tomllib', 'difflib', 'tomlkit') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
