"""Writes to the notebook's names that no statement shows: found where they are, not seen where somebody only looks."""

import pytest

from nb2mod.notebook.masking import mask
from nb2mod.syntax import facts

HARMLESS = [
    "get_ipython().config",
    "x = get_ipython().user_ns['a']",
    "get_ipython().user_ns.get('a')",
    "'a' in get_ipython().user_ns",
    "%matplotlib inline\n%timeit -n 1 -r 1 1 + 1",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "get_ipython().magic('load_ext autoreload')",
    "if __name__ == '__main__':\n    print(1)",
    "import sys\n'numpy' in sys.modules",
    "import __main__\nprint(__main__.a)",
    "getattr(sys.modules[__name__], 'a')",
    "queue.push(1)",
    "def f():\n    return globals()['a']",
    "def f(name):\n    return name in globals()",
    "def f():\n    return [name for name in globals()]",
    "def f(text):\n    names = {}\n    exec(text, names)",
    "def f():\n    return eval('a', globals())",
    "def f(x):\n    return vars(x), locals()",
]
AT_ONCE = [
    "get_ipython().user_ns['a'] = 1",
    "names = get_ipython().user_ns",
    "get_ipython().push({'a': 1})",
    "ip.run_cell('a = 1')",
    "get_ipython().run_line_magic('run', 'b.py')",
    "get_ipython().magic(line)",
    "sys.modules['__main__'].a = 1",
    "setattr(sys.modules[__name__], 'a', 1)",
    "vars(sys.modules['__main__'])['a'] = 1",
    "import __main__ as m",
    "__main__.a = 1",
    "__main__.__dict__.update(a=1)",
    "importlib.import_module('__main__').a = 1",
    "exec(text)",
    "exec(text, globals())",
    "globals()['a'] = 1",
    "globals().update(a=1)",
]


@pytest.mark.parametrize("source", HARMLESS)
def test_looking_binds_nothing(source: str) -> None:
    found = facts(source, mask(source))
    assert (found.any_name, found.any_name_later) == (False, False)


@pytest.mark.parametrize("source", AT_ONCE)
def test_a_cell_may_bind_any_name(source: str) -> None:
    found = facts(source, mask(source))
    assert (found.any_name, found.any_name_later) == (True, False)


@pytest.mark.parametrize("source", AT_ONCE)
def test_a_function_may_bind_any_name_when_it_is_called(source: str) -> None:
    inside = "def f(text, line):\n" + "".join(f"    {line}\n" for line in source.splitlines())
    found = facts(inside, mask(inside))
    assert (found.any_name, found.any_name_later) == (False, True)
