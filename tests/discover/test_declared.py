"""What a project declares to need, wherever it says so."""

from pathlib import Path

import pytest

from nb2mod.stages import discover

# file → text → distributions and modules that are declared by it, and what is not
_CASES = {
    "[project]": (
        "pyproject.toml",
        '[project]\nname = "x"\ndependencies = ["scikit_learn>=1.0", "Pillow ; python_version > \'3\'", "my.lib[extra]~=1"]\n'
        '[project.optional-dependencies]\nplots = ["seaborn"]\n[dependency-groups]\ndev = ["ruff", {include-group = "x"}]\n',
        {"scikit-learn", "sklearn", "pillow", "PIL", "my-lib", "my_lib", "seaborn", "ruff"},
        {"x", "plots"},
    ),
    "poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.9"\nPyYAML = "*"\n'
        '[tool.poetry.group.dev.dependencies]\nopencv-python-headless = "4"\n',
        {"pyyaml", "yaml", "cv2"},
        {"python"},
    ),
    "requirements": (
        "requirements-dev.txt",
        "# tools\npandas==1.5  # pinned\n-e .\n--index-url https://x.example/simple\n-r more/other.txt\n./wheels/local.whl\n"
        "git+https://github.com/acme/tools.git#egg=acme-tools\nbeautifulsoup4 @ https://x.example/b.whl\nhttps://x.example/y.whl\n",
        {"pandas", "acme-tools", "acme_tools", "bs4", "networkx"},
        {"https", "git", "wheels", "simple", "index-url"},
    ),
    "conda": (
        "environment.yml",
        "name: xgboost\nchannels:\n  - conda-forge\ndependencies:\n- python=3.9\n  - pytorch::pytorch=1.0=py_0\n  - pip:\n"
        "    - 'umap-learn>=0.5'  # below\nvariables:\n  - emoji\n",
        {"torch", "pytorch", "umap", "umap-learn"},
        {"conda-forge", "emoji", "xgboost"},
    ),
    "setup.cfg": (
        "setup.cfg",
        "[options]\ninstall_requires =\n    numpy\n    python-dateutil>=2; python_version>'3'\n"
        "[options.extras_require]\nx =\n  emoji\n",
        {"numpy", "dateutil", "emoji"},
        {"x"},
    ),
    "setup.py": (
        "setup.py",
        "from setuptools import setup\nsetup(name='x', install_requires=['lxml>4'],"
        " extras_require={'a': ['emoji']}, packages=f())\n",
        {"lxml", "emoji"},
        {"x", "a"},
    ),
    "Pipfile": (
        "Pipfile",
        '[[source]]\nurl = "https://x.example"\n[packages]\n"ruamel.yaml" = "*"\n[dev-packages]\nemoji = {version = "*"}\n',
        {"ruamel-yaml", "ruamel", "emoji"},
        {"url", "version"},
    ),
    "binder": ("binder/requirements.txt", "bokeh\n", {"bokeh"}, set()),
    "broken": ("pyproject.toml", "[project\n", set(), {"project"}),
}


@pytest.mark.parametrize(("name", "text", "there", "absent"), _CASES.values(), ids=_CASES.keys())
def test_declared(tmp_path: Path, name: str, text: str, there: set[str], absent: set[str]) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more/other.txt").write_text("networkx\n-r other.txt\n-r missing.txt\n")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    found = discover.declared(tmp_path)
    assert there <= found
    assert not absent & found


def test_nothing_declares_nothing(tmp_path: Path) -> None:
    assert discover.declared(tmp_path) == frozenset()
