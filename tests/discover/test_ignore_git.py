"""Git is the oracle: what it would leave out of a commit, the walk leaves out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nb2mod.config import Config
from nb2mod.stages import discover

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is the oracle and is not installed")

_FILES = (
    "a.ipynb",
    "b.ipynb",
    "out/a.ipynb",
    "out/deep/b.ipynb",
    "notebooks/a.ipynb",
    "notebooks/out/a.ipynb",
    "notebooks/out/deep/a.ipynb",
    "notebooks/tmp_1.ipynb",
    "data/x/a.ipynb",
    "data/x/y/b.ipynb",
    "#odd.ipynb",
    "!odd.ipynb",
    "sp ace.ipynb",
    "end .ipynb",
)

_WHOLE = st.sampled_from(
    [
        "", "# comment", "out", "out/", "/out", "/out/", "out/*", "out/**", "**/out", "**/out/", "/**/deep", "*.ipynb", "a.ipynb",
        "/a.ipynb", "!a.ipynb", "!/a.ipynb", "!out/", "!out", "!out/a.ipynb", "!notebooks/out/", "*", "!*/", "!*.ipynb", "**",
        "data/**/b.ipynb", "data/*/a.ipynb", "data/x", "data/x/", "*/out", "*/", "tmp_*", "tmp_?.ipynb", "[ab].ipynb",
        "[!a].ipynb", "[^a].ipynb", "\\#odd.ipynb", "\\!odd.ipynb", "#odd.ipynb", "sp ace.ipynb", "sp\\ ace.ipynb",
        "out  ", "a.ipynb\r",
        "d*/", "notebooks/out", "notebooks/*", "!notebooks/*", "/*", "!/data", "!/data/", "deep", "/", "!", "a*b", "*a*", "?",
        "b.ipyn[b]", "out//", "./out", "[[:alpha:]].ipynb", "a.ipynb/", "x/y", "y", "x/",
    ]
)  # fmt: skip
_BUILT = st.builds(
    lambda bang, slash, parts, end: bang + slash + "/".join(parts) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "/"]),
    st.lists(
        st.sampled_from(["out", "deep", "notebooks", "data", "x", "*", "**", "a.ipynb", "*.ipynb", "b*", "?"]),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["", "", "/"]),
)
_LINES = st.lists(_WHOLE | _BUILT, max_size=5)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", root], check=True, env=_environment())
    for name in _FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("{}")
    return root


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "XDG_CONFIG_HOME": os.devnull}


def _taken_by_git(root: Path) -> set[str]:
    command = ["git", "-C", str(root), "ls-files", "-z", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, env=_environment()).stdout.decode().split("\0")
    return {name for name in listed if name.endswith(".ipynb")}


@settings(max_examples=80, deadline=None)
@given(top=_LINES, notebooks=_LINES, out=_LINES, exclude=_LINES)
@example(top=["*.ipynb"], notebooks=["!out/"], out=[], exclude=[])
@example(top=["out/"], notebooks=["!/out/"], out=[], exclude=[])
@example(top=["*", "!*/", "!*.ipynb"], notebooks=[], out=["a.ipynb"], exclude=["notebooks/"])
def test_the_walk_takes_what_git_would_take(
    repository: Path, top: list[str], notebooks: list[str], out: list[str], exclude: list[str]
) -> None:
    (repository / ".gitignore").write_bytes("\n".join(top).encode())
    (repository / "notebooks/.gitignore").write_bytes("\n".join(notebooks).encode())
    (repository / "notebooks/out/.gitignore").write_bytes(("\n".join(out) + "\n").encode())
    (repository / ".git/info/exclude").write_bytes("\n".join(exclude).encode())
    taken = _taken_by_git(repository)
    assert set(discover.find(repository, Config(), ()).notebooks) == taken
    assert set(_FILES) - set(discover.ignored_by_git(repository, _FILES)) == taken


def test_without_git_nothing_is_ignored_by_it(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert discover.ignored_by_git(tmp_path, ["a.py"]) == ()
    (tmp_path / ".git").mkdir()
    assert discover.ignored_by_git(tmp_path, ["a.py", "b.ipynb", "new/deep/a.py"]) == ("a.py", "new/deep/a.py")
