"""What is not checked, what is refused, and how both are told; cheap, because most of it is known before a kernel starts."""

import json
import subprocess
from pathlib import Path

import pytest
from verifying.conftest import commit, tree

from nb2mod.__main__ import main
from nb2mod.cli.errors import Exit

HELPER = "def total(rows):\n    kept = [row for row in rows if row]\n    return sum(kept)\n"


def _notebook(*cells: str, kernel: str = "python3") -> str:
    made = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{number}",
            "metadata": {},
            "outputs": [],
            "source": cell,
        }
        for number, cell in enumerate(cells, 1)
    ]
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two notebooks that share a function; one wants a kernel that nobody has, one writes to the network."""
    root = tmp_path / "team"
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "a.ipynb").write_text(_notebook(HELPER, "total([1, 2])", kernel="no-such-kernel"))
    posts = "import requests\nrequests.post('https://example.org', json={'total': total([1])})"
    (root / "notebooks" / "b.ipynb").write_text(_notebook(HELPER, posts))
    (root / "requirements.txt").write_text("requests\n")
    subprocess.run(["git", "init", "--quiet", "."], cwd=root, check=True)
    commit(root, "as it was")
    monkeypatch.chdir(root)
    return root


def _nb2mod(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["nb2mod", *arguments])
    return main()


def test_not_checked_is_told_and_written(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _nb2mod(monkeypatch, "extract", "--verify", "--no-color") == Exit.DONE
    told = capsys.readouterr()
    assert "Not checked: 2" in told.out
    assert "no kernel no-such-kernel; installed here:" in told.out
    assert "requests.post" in told.out
    assert "--allow-effects" in told.out
    assert "2 copies proved" in told.out  # and never "ran the same"
    assert (
        "running 2 notebooks in copies of the project, three times or more: as it was, again, and as it is" in told.err
    )
    assert "notebooks/a.ipynb" in told.err


def test_require_verified(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(root)
    assert _nb2mod(monkeypatch, "extract", "--require-verified") == Exit.REFUSED
    told = capsys.readouterr()
    assert tree(root) == before
    assert not (root / ".nb2mod").exists()
    assert "notebooks/a.ipynb: not checked: no kernel no-such-kernel" in told.err
    assert "nothing was written" in told.err

    assert _nb2mod(monkeypatch, "extract", "--quiet") == Exit.DONE
    capsys.readouterr()
    assert _nb2mod(monkeypatch, "verify") == Exit.DONE
    assert "No notebook could be checked by running it" in capsys.readouterr().out
    assert _nb2mod(monkeypatch, "verify", "--require-verified", "--quiet") == Exit.REFUSED


def test_json(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _nb2mod(monkeypatch, "extract", "--verify", "-n", "--output-format", "json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert [run["status"] for run in told["runs"]] == ["not-checked", "not-checked"]
    (candidate,) = told["candidates"]
    assert [one["evidence"] for one in candidate["occurrences"]] == ["proved", "proved"]
    assert not told["applied"]


def test_nothing_to_verify(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _nb2mod(monkeypatch, "verify") == Exit.USAGE
    assert "There is no extraction to verify" in capsys.readouterr().err
    assert _nb2mod(monkeypatch, "verify", "--against", "HEAD") == Exit.DONE
    told = capsys.readouterr()
    assert "No notebook to run: none differs from HEAD, nor do modules that they import." in " ".join(told.out.split())
    assert "running" not in told.err
    assert _nb2mod(monkeypatch, "verify", "--against", "no-such-branch") == Exit.USAGE
    assert "no such commit, branch or tag" in capsys.readouterr().err


def test_outputs_alone_are_no_reason_to_run(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "notebooks" / "a.ipynb"
    path.write_text(path.read_text().replace('"execution_count": null', '"execution_count": 7'))
    assert _nb2mod(monkeypatch, "verify", "--against", "HEAD", "--output-format", "json") == Exit.DONE
    assert json.loads(capsys.readouterr().out)["runs"] == []


def test_named_notebooks_are_run_whether_they_differ_or_not(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("verify", "notebooks/a.ipynb", "--against", "HEAD", "--output-format", "json")
    assert _nb2mod(monkeypatch, *arguments) == Exit.DONE
    assert [run["path"] for run in json.loads(capsys.readouterr().out)["runs"]] == ["notebooks/a.ipynb"]


def test_modules_that_lead_to_a_changed_one_are_a_reason_to_run(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """a imports `near`, which imports `far`; b imports neither."""
    (root / "notebooks" / "near").mkdir()
    (root / "notebooks" / "near" / "__init__.py").write_text("from .inner import value\n")
    (root / "notebooks" / "near" / "inner.py").write_text("import far\nvalue = far.value\n")
    (root / "far.py").write_text("import near\nvalue = 1\n")
    (root / "notebooks" / "a.ipynb").write_text(_notebook("import near", "near.value", kernel="no-such-kernel"))
    commit(root, "modules")
    arguments = ("verify", "--against", "HEAD", "--output-format", "json")
    assert _nb2mod(monkeypatch, *arguments) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["runs"] == []
    (root / "far.py").write_text("value = 2\n")
    assert _nb2mod(monkeypatch, *arguments) == Exit.DONE
    assert [run["path"] for run in json.loads(capsys.readouterr().out)["runs"]] == ["notebooks/a.ipynb"]


def test_edited_since(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands where nb2mod's import stood is a person's; what was there before can't be told."""
    assert _nb2mod(monkeypatch, "extract", "--quiet") == Exit.DONE
    path = root / "notebooks" / "a.ipynb"
    lines = path.read_text()
    imported = next(line for line in lines.splitlines() if "import total" in line)
    path.write_text(lines.replace(imported, imported.replace("import total", "import total as total")))
    capsys.readouterr()
    assert _nb2mod(monkeypatch, "verify", "--no-color") == Exit.DONE
    told = capsys.readouterr().out
    assert "What it was before can't be told" in told
    assert "notebooks/a.ipynb cell 1: " in told
    assert "Not checked: 1" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("extract", "--kernel", "python3"), "add --verify"),
        (("extract", "--timeout", "5"), "add --verify"),
        (("extract", "--link-data", "data"), "add --verify"),
        (("extract", "--verify", "--timeout", "0"), "above 0"),
        (("verify", "--jobs", "-1"), "--jobs -1"),
        (("verify", "--link-data", "nowhere", "--against", "HEAD", "notebooks"), "nowhere"),
        (("verify", "--link-data", "../elsewhere", "--against", "HEAD", "notebooks"), "../elsewhere"),
    ],
)
def test_wrong_usage(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    told: str,
) -> None:
    before = tree(root)
    assert _nb2mod(monkeypatch, *arguments) == Exit.USAGE
    assert told in capsys.readouterr().err
    assert tree(root) == before


def test_too_big_to_copy(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "raw").mkdir()
    (root / "raw" / "data.bin").write_bytes(b"\0" * 3_000_000)
    arguments = ("verify", "--against", "HEAD", "notebooks", "--size-limit", "2")
    assert _nb2mod(monkeypatch, *arguments) == Exit.USAGE
    told = capsys.readouterr().err
    assert "raw" in told
    assert "--link-data" in told
    assert _nb2mod(monkeypatch, *arguments, "--link-data", "raw") == Exit.DONE
