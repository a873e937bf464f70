"""The walk: what is found, what is never entered, what a person names."""

import os
from pathlib import Path
from typing import Any

import pytest

from nb2mod.config import Config
from nb2mod.errors import ConfigError, UsageError
from nb2mod.stages import discover

_NEVER_ENTERED = [
    ".ipynb_checkpoints/a-checkpoint.ipynb",
    "deep/.ipynb_checkpoints/a-checkpoint.ipynb",
    ".git/a.ipynb",
    "node_modules/x/a.ipynb",
    "__pycache__/a.ipynb",
    ".nb2mod/a.ipynb",
    "env/pyvenv.cfg",
    "env/share/a.ipynb",
    "conda/conda-meta/history",
    "conda/share/a.ipynb",
    "lib/site-packages/x/a.ipynb",
    ".tox/py/a.ipynb",
    ".nox/py/a.ipynb",
    ".Trash-1000/a.ipynb",
    "._a.ipynb",
    "a.ipynb.bak",
    "b.py",
    "folder.ipynb/readme.txt",
]


def _write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


def _found(root: Path, *paths: str, **settings: tuple[str, ...]) -> list[str]:
    found = discover.find(root, Config(**settings), tuple(root / path for path in paths))  # type: ignore[arg-type]
    return list(found.notebooks)


def test_what_is_no_ones_own_notebook_is_never_entered(tmp_path: Path) -> None:
    _write(tmp_path, *_NEVER_ENTERED, "a.ipynb", "deep/b.ipynb", ".hidden/c.ipynb", "venv/d.ipynb")
    assert _found(tmp_path) == [".hidden/c.ipynb", "a.ipynb", "deep/b.ipynb", "venv/d.ipynb"]


def test_a_virtual_environment_made_in_the_root_does_not_hide_the_project(tmp_path: Path) -> None:
    _write(tmp_path, "pyvenv.cfg", "a.ipynb", "lib/python3.11/site-packages/b.ipynb")
    assert _found(tmp_path) == ["a.ipynb"]


def test_every_file_comes_with_its_stat(tmp_path: Path) -> None:
    _write(tmp_path, "notebooks/a.ipynb", "src/reports/__init__.py", "src/reports/sub/x.py", "tools/y.py")
    found = discover.find(tmp_path, Config(), ())
    assert found.modules == ("src/reports/__init__.py", "src/reports/sub/x.py")
    assert sorted(found.stats) == ["notebooks/a.ipynb", *found.modules]
    for path, measured in found.stats.items():
        stat = (tmp_path / path).stat()
        assert measured == (stat.st_mtime_ns, stat.st_size, stat.st_ino)


def test_gitignore_and_exclude_leave_out_and_say_so(tmp_path: Path) -> None:
    _write(tmp_path, "a.ipynb", "out/b.ipynb", "old/c.ipynb", "d.ipynb", "sub/keep.ipynb", "sub/e.ipynb")
    (tmp_path / ".gitignore").write_text("out/\n")
    (tmp_path / "sub/.gitignore").write_text("*\n!keep.ipynb\n")
    found = discover.find(tmp_path, Config(exclude=("old", "/d.*")), ())
    assert found.notebooks == ("a.ipynb", "sub/keep.ipynb")
    assert found.ignored == ("d.ipynb", "old/", "out/", "sub/e.ipynb")


def test_exclude_is_stronger_than_what_gitignore_takes_in_again(tmp_path: Path) -> None:
    _write(tmp_path, "a.ipynb", "b.ipynb")
    (tmp_path / ".gitignore").write_text("*.ipynb\n!a.ipynb\n!b.ipynb\n")
    assert _found(tmp_path, exclude=("b.ipynb",)) == ["a.ipynb"]
    assert _found(tmp_path, exclude=("*.ipynb", "!b.ipynb")) == ["b.ipynb"]


def test_a_project_below_the_top_of_its_repository_obeys_the_files_above(tmp_path: Path) -> None:
    root = tmp_path / "team/project"
    _write(root, "a.ipynb", "b.ipynb", "scratch/c.ipynb", "d.ipynb")
    _write(tmp_path, ".git/info/exclude")
    (tmp_path / ".git/info/exclude").write_text("d.ipynb\n")
    (tmp_path / ".gitignore").write_text("/team/project/b.ipynb\nscratch\n")
    (tmp_path / "team/.gitignore").write_text("!scratch\n")
    assert _found(root) == ["a.ipynb", "scratch/c.ipynb"]


def test_a_worktree_obeys_the_exclude_file_of_its_repository(tmp_path: Path) -> None:
    _write(tmp_path, "main/.git/info/exclude", "main/.git/worktrees/w/commondir", "w/a.ipynb", "w/b.ipynb")
    (tmp_path / "main/.git/info/exclude").write_text("b.ipynb\n")
    (tmp_path / "main/.git/worktrees/w/commondir").write_text("../..\n")
    (tmp_path / "w/.git").write_text(f"gitdir: {tmp_path}/main/.git/worktrees/w\n")
    assert _found(tmp_path / "w") == ["a.ipynb"]


def test_what_is_named_is_taken_even_if_ignored(tmp_path: Path) -> None:
    _write(tmp_path, "a.ipynb", "out/b.ipynb", "out/deep/c.ipynb", ".ipynb_checkpoints/d.ipynb")
    (tmp_path / ".gitignore").write_text("out/\n")
    assert _found(tmp_path, "out/b.ipynb") == ["out/b.ipynb"]
    assert _found(tmp_path, "out", exclude=("deep/",)) == ["out/b.ipynb", "out/deep/c.ipynb"]
    assert _found(tmp_path, "out/deep", "a.ipynb", "a.ipynb") == ["a.ipynb", "out/deep/c.ipynb"]
    assert _found(tmp_path, ".ipynb_checkpoints/d.ipynb") == [".ipynb_checkpoints/d.ipynb"]


def test_exclude_wins_over_the_notebooks_of_the_settings(tmp_path: Path) -> None:
    _write(tmp_path, "nbs/a.ipynb", "old/b.ipynb", "old/deep/c.ipynb", "nbs/d.ipynb", "out/e.ipynb")
    (tmp_path / ".gitignore").write_text("out/\n")
    config = Config(notebooks=("nbs", "old", "old/deep", "nbs/d.ipynb", "out"), exclude=("old/", "d.*"))
    found = discover.find(tmp_path, config, ())
    assert found.notebooks == ("nbs/a.ipynb", "out/e.ipynb")  # .gitignore leaves out what is not named
    assert found.ignored == ("nbs/d.ipynb", "old/")
    assert _found(tmp_path, "old/deep", exclude=("old/",)) == ["old/deep/c.ipynb"]


def test_a_named_folder_obeys_the_rules_above_it(tmp_path: Path) -> None:
    _write(tmp_path, "sub/a.ipynb", "sub/tmp_b.ipynb", "sub/deep/tmp_c.ipynb", "sub/deep/d.ipynb")
    (tmp_path / ".gitignore").write_text("tmp_*\n")
    (tmp_path / "sub/.gitignore").write_text("/deep/d.ipynb\n")
    assert _found(tmp_path, "sub/deep") == []
    assert _found(tmp_path, "sub") == ["sub/a.ipynb"]


def test_named_paths_are_seen_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "sub/a.ipynb", "b.ipynb")
    monkeypatch.chdir(tmp_path / "sub")
    found = discover.find(Path(".."), Config(), (Path("a.ipynb"), Path("../b.ipynb")))
    assert found.notebooks == ("b.ipynb", "sub/a.ipynb")


def test_a_named_path_that_can_not_be_taken_is_told(tmp_path: Path) -> None:
    root = tmp_path / "project"
    _write(tmp_path, "outside.ipynb", "project/x.txt")
    (root / "broken.ipynb").symlink_to("nowhere.ipynb")
    (root / "away.ipynb").symlink_to(tmp_path / "outside.ipynb")
    for name, words in {
        "missing.ipynb": "no such file or folder",
        "x.txt": r"expected a notebook \(.ipynb\) or a folder",
        "../outside.ipynb": "lies outside the project",
        "away.ipynb": "lies outside the project",
        "broken.ipynb": "can't be read: broken link",
    }.items():
        with pytest.raises(UsageError, match=words):
            _found(root, name)


def test_what_can_not_be_asked_about_is_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "a.ipynb", "listed/b.ipynb")
    (tmp_path / "link.ipynb").symlink_to("listed/b.ipynb")
    resolve = os.path.realpath

    def refused(path: str, **keywords: Any) -> str:
        if str(path).endswith("link.ipynb"):
            raise PermissionError(13, "Permission denied", path)
        return resolve(path, **keywords)

    monkeypatch.setattr("os.path.realpath", refused)
    found = discover.find(tmp_path, Config(), ())
    assert found.notebooks == ("a.ipynb", "listed/b.ipynb")
    assert found.unreadable == ("link.ipynb",)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_no_permission_is_told(tmp_path: Path) -> None:
    _write(tmp_path, "a.ipynb", "locked/b.ipynb")
    (tmp_path / "a.ipynb").chmod(0)
    (tmp_path / "locked").chmod(0)
    try:
        with pytest.raises(UsageError, match="can't be read: no permission"):
            _found(tmp_path, "a.ipynb")
        assert discover.find(tmp_path, Config(), ()).unreadable == ("locked/",)
        (tmp_path / "locked").chmod(0o444)
        assert discover.find(tmp_path, Config(), ()).unreadable == ("locked/b.ipynb",)
    finally:
        (tmp_path / "locked").chmod(0o755)


def test_folders_of_the_configuration(tmp_path: Path) -> None:
    _write(tmp_path, "a.ipynb", "notebooks/b.ipynb", "eda/c.ipynb", "one.ipynb")
    assert _found(tmp_path, notebooks=("notebooks/", "./one.ipynb")) == ["notebooks/b.ipynb", "one.ipynb"]
    with pytest.raises(ConfigError, match=r'\[tool.nb2mod\] notebooks: "nbs": no such file or folder'):
        _found(tmp_path, notebooks=("nbs",))


def test_links_stand_for_what_they_lead_to_once_and_without_loops(tmp_path: Path) -> None:
    root = tmp_path / "project"
    _write(tmp_path, "elsewhere/z.ipynb", "project/real/a.ipynb", "project/real/deep/b.ipynb", "project/out/c.ipynb")
    (root / ".gitignore").write_text("/out/\n")
    (root / "real/deep/up").symlink_to(root / "real")
    (root / "self").symlink_to(".")
    (root / "alias").symlink_to("real")
    (root / "a_again.ipynb").symlink_to("real/a.ipynb")
    (root / "hidden").symlink_to("out")
    (root / "away").symlink_to(tmp_path / "elsewhere")
    (root / "away.ipynb").symlink_to(tmp_path / "elsewhere/z.ipynb")
    (root / "broken").symlink_to("nowhere")
    found = discover.find(root, Config(), ())
    assert found.notebooks == ("real/a.ipynb", "real/deep/b.ipynb")
    assert found.outside == ("away", "away.ipynb")
    assert _found(root, "alias") == ["real/a.ipynb", "real/deep/b.ipynb"]
    (root / "notebooks").mkdir()
    (root / "notebooks/shared").symlink_to("../real/deep")
    assert "real/deep/b.ipynb" in _found(root, "notebooks")


def test_the_root_may_be_a_link_itself(tmp_path: Path) -> None:
    _write(tmp_path, "project/a.ipynb")
    (tmp_path / "link").symlink_to("project")
    assert _found(tmp_path / "link") == ["a.ipynb"]
    assert _found(tmp_path / "link", "a.ipynb") == ["a.ipynb"]


def test_a_name_that_is_no_text_is_told_not_taken(tmp_path: Path) -> None:
    _write(tmp_path, "a.ipynb")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.ipynb")).write_text("{}")
    except OSError:
        pytest.skip("this file system takes no such names")
    found = discover.find(tmp_path, Config(), ())
    assert found.notebooks == ("a.ipynb",)
    assert found.unreadable == ("caf\\udce9.ipynb",)


def test_names_in_every_script_are_taken(tmp_path: Path) -> None:
    _write(tmp_path, "analyse/für Müller.ipynb", "数据.ipynb")
    assert _found(tmp_path) == ["analyse/für Müller.ipynb", "数据.ipynb"]
