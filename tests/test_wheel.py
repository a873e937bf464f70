"""The built wheel in bare environments: with the lowest dependencies that pyproject.toml allows, and with the newest.

A linter of this field broke on a new click; this tool broke on an old typer under a new click. Both are found here only.
"""

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
    python = tmp_path / "env" / "bin" / "python"
    pins = _lowest() if bounds == "lowest" else []
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", str(wheel), *pins], capture_output=True, text=True, check=False
    )
    if installed.returncode and re.search(
        r"connection|resolve|timed out|No matching distribution", installed.stderr, re.I
    ):
        pytest.skip(f"the registry can't be reached: {installed.stderr.splitlines()[-1]}")
    assert installed.returncode == 0, installed.stderr
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


def _lowest() -> list[str]:
    document = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    return [requirement.replace(">=", "==") for requirement in document["project"]["dependencies"]]


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
