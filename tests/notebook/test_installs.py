"""Distributions that cells install: names without versions, extras, options, quotes and addresses."""

import pytest

from nb2mod.notebook import installs, mask

NOTHING = [
    "import pip",
    "print('!pip install a')",
    "# !pip install a",
    "!pip list",
    "!pip uninstall a",
    "!pip install -r requirements.txt",
    "!pip install -e .",
    "!pip install ./wheels/a.whl /tmp/b.tar.gz https://x.org/c.zip",
    "!pip install {name} $other",
    "!pip install --upgrade --index-url https://x.org/simple -q",
    "!apt install a",
    "%conda install a",
    "!echo pip",
    "!mypip install a",
    "%%bash\npip install a",
]
CELLS = [
    ("%pip install a", "a"),
    ("!pip install a b", "a b"),
    ("! pip3 install -q --user a>=1.0 'b[x,y]==2' \"c<3\" d~=1 > /dev/null 2>&1", "a b c d"),
    ("!python -m pip install --upgrade pip a", "pip a"),
    ("!{sys.executable} -m pip install a", "a"),
    ("!/usr/bin/python3.11 -m pip install a", "a"),
    ("!sudo -H pip install a && pip install b; pip install c # d", "a b c"),
    ("!pip install git+https://github.com/x/transformers.git", "transformers"),
    ("!pip install git+https://github.com/x/a@main#egg=b", "b"),
    ("!pip install -U git+ssh://git@github.com/x/a.git@v1.2", "a"),
    ("!pip install -e git+https://github.com/x/a.git#egg=b&subdirectory=c", "b"),
    ("!pip install 'a @ git+https://github.com/x/y' b", "a b"),
    ("!pip install a @ https://x.org/a.whl", "a"),
    ("!pip install a[b]@git+https://github.com/x/y", "a"),
    ("!pip install -c constraints.txt -t lib a", "a"),
    ("!pip install a; python_version < '3.8'", "a"),
    ("!pip install \\\n  a \\\n  b", "a b"),
    ("x = !pip install scikit-learn zope.interface", "scikit-learn zope.interface"),
    ("%uv pip install a", "a"),
    ("!uv pip install a", "a"),
    ("%time !pip install a", "a"),
    ("pip install a b", "a b"),
    ("if colab:\n    !pip install a\nelse:\n    %pip install a c", "a c"),
    ("!pip --quiet install a", "a"),
]


@pytest.mark.parametrize("source", NOTHING)
def test_installs_nothing_that_has_a_name(source: str) -> None:
    assert installs(mask(source)) == ()


@pytest.mark.parametrize(("source", "names"), CELLS)
def test_names(source: str, names: str) -> None:
    assert installs(mask(source)) == tuple(names.split())
