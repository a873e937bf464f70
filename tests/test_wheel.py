"""The built wheel in bare environments: with the lowest dependencies that pyproject.toml allows, and with the newest.

A linter of this field broke on a new click; this tool broke on an old typer under a new click. Both are found here only.
"""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
DEMO = PROJECT / "fixtures" / "demo"

pytestmark = pytest.mark.registry


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.parametrize("bounds", ["lowest", "newest"])
def test_wheel_works_in_a_bare_environment(wheel: Path, bounds: str, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    _install(tmp_path / "env", str(wheel), *(_lowest() if bounds == "lowest" else []))
    project = tmp_path / "demo"
    shutil.copytree(DEMO, project)
    nb2mod = str(tmp_path / "env" / "bin" / "nb2mod")
    assert re.fullmatch(r"nb2mod \d+\.\d+\.\d+\n", _run(nb2mod, "--version"))
    assert "--check" in _run(nb2mod, "scan", "--help")
    assert "can move" in _run(nb2mod, "scan", "--no-cache", str(project))
    _run(nb2mod, "extract", "--no-cache", str(project))
    (package,) = (project / "src").glob("*/features.py")
    assert "def clean_columns" in package.read_text()
    _run(nb2mod, "undo", str(project))
    assert not (project / "src").exists()


def test_notebooks_run_with_the_lowest_dependencies(wheel: Path, tmp_path: Path) -> None:
    """What runs notebooks, replays calls and compares pictures is loaded then only, from nbclient, jupyter_client and Pillow."""
    venv.create(tmp_path / "env", with_pip=True)
    _install(tmp_path / "env", str(wheel), "ipykernel", *_lowest())
    project = tmp_path / "project"
    project.mkdir()
    for name, values in (("a", "[1, 2]"), ("b", "[3]")):
        shown = f"print(area({values}))\nshow(area({values}))"
        (project / f"{name}.ipynb").write_text(_notebook(AREA, PICTURE, shown), encoding="utf-8")
    _run(str(tmp_path / "env" / "bin" / "nb2mod"), "extract", "--tests", "--only", "area", "--no-cache", str(project))
    told = _run(str(tmp_path / "env" / "bin" / "nb2mod"), "verify", "--output-format", "json", cwd=project)
    # No two runs give the same bytes, and all the same pixels: a picture that could not be decoded would be noise.
    assert [(run["status"], run["noisy"]) for run in json.loads(told)["runs"]] == [("ran-same", 0)] * 2, told
    (written,) = (project / "tests").glob("test_*.py")
    assert "area" in written.read_text(encoding="utf-8")


AREA = """\
def area(sides):
    total = 0
    for side in sides:
        total += side * side
    return total
"""
PICTURE = """\
import base64, os, struct, zlib
from IPython.display import Image, display
def show(value):  # a picture of the value, with a comment that is another one in each run
    def part(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\\0" + bytes([value]) * 8) * 8)
    comment = b"Comment\\0" + os.urandom(8).hex().encode()
    parts = part(b"IHDR", head) + part(b"tEXt", comment) + part(b"IDAT", rows) + part(b"IEND", b"")
    display(Image(b"\\x89PNG\\r\\n\\x1a\\n" + parts))
"""


def _notebook(*sources: str) -> str:
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": [], "source": source}
        for n, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def _install(environment: Path, *packages: str) -> None:
    """Skips the test where the registry can't be reached."""
    command = (environment / "bin" / "python", "-m", "pip", "install", "--quiet", *packages)
    installed = subprocess.run(command, capture_output=True, text=True, check=False)
    if installed.returncode and re.search(
        r"connection|resolve|timed out|No matching distribution", installed.stderr, re.I
    ):
        pytest.skip(f"the registry can't be reached: {installed.stderr.splitlines()[-1]}")
    assert installed.returncode == 0, installed.stderr


def _lowest() -> list[str]:
    document = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    return [requirement.replace(">=", "==") for requirement in document["project"]["dependencies"]]


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
