"""Tests are proposed only when they pass: they are run against the new module, in an interpreter, before anybody sees them."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from nb2mod.stages.verify.replay.calls import NewFile, Record
from nb2mod.stages.verify.replay.choosing import choose
from nb2mod.stages.verify.replay.rendering import Rendered, render

SECONDS = 120
_HASH_SEEDS = ("1", "2")  # what depends on the order of a set passes under one and fails under the other
_ROUNDS = 3

# Environments of kernels seldom have pytest: what the tests use of it is a few lines.
_RUNNER = """\
import contextlib, io, json, re, sys, types
pytest = types.ModuleType("pytest")
class _Mark:
    def parametrize(self, names, rows):
        def mark(function):
            function.rows = rows
            return function
        return mark
@contextlib.contextmanager
def raises(kind, match):
    try:
        yield
    except kind as error:
        assert type(error) is kind and re.search(match, str(error)), repr(error)
    else:
        raise AssertionError("no exception")
pytest.mark, pytest.raises = _Mark(), raises
class Capsys:
    def readouterr(self):
        return types.SimpleNamespace(out=stream.getvalue())
sys.modules["pytest"] = pytest
path, source_root, answer = sys.argv[1:]
sys.path.insert(0, source_root)
sys.dont_write_bytecode = True
failed = {}
space = {"__name__": "test_recorded", "__file__": path}
with open(path, encoding="utf-8") as file:
    text = file.read()
try:
    exec(compile(text, path, "exec"), space)
except BaseException as error:
    failed[""] = repr(error)
for name, test in list(space.items()):
    if name.startswith("test_") and callable(test):
        for row in getattr(test, "rows", [()]):
            stream = io.StringIO()
            try:
                with contextlib.redirect_stdout(stream):
                    wants = test.__code__.co_varnames[:test.__code__.co_argcount] == ("capsys",)
                    test(*([Capsys()] if wants else row))
            except BaseException as error:
                failed[name] = repr(error)[:500]
with open(answer, "w", encoding="utf-8") as file:
    json.dump(failed, file)
"""


def tests_for(
    records: Iterable[Record],
    *,
    new_package: Path,
    python: str,
    folder: str,
    taken: Callable[[str], bool],
) -> tuple[NewFile, ...]:
    """New files: test modules of chosen calls, and their data. Nothing is proposed at a path that is `taken`.

    Every test has passed against the package in `new_package`, run by the interpreter `python`, under two hash seeds; one
    that fails is left out. Effect: runs the package's code in subprocesses, writes in a temporary folder only.
    """
    chosen = choose(records)
    for _ in range(_ROUNDS):
        rendered = render(chosen, folder=folder, taken=taken)
        failed = [record for one in rendered for record in failing(one, new_package, python)]
        if not failed:
            return tuple(file for one in rendered for file in one.files)
        chosen = tuple(record for record in chosen if record not in failed)
    return ()


def failing(rendered: Rendered, new_package: Path, python: str) -> list[Record]:
    """The records whose tests do not pass; all of them when the module can't even be run."""
    names: set[str] = set()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        _write(root, rendered.files)
        for seed in _HASH_SEEDS:
            names |= _failed(root, rendered.files[0].path, new_package, python, seed)
    if "" in names:
        return [record for records in rendered.tests.values() for record in records]
    return [record for name in sorted(names) for record in rendered.tests[name]]


def _write(root: Path, files: Sequence[NewFile]) -> None:
    for file in files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)


def _failed(root: Path, path: str, new_package: Path, python: str, seed: str) -> set[str]:
    answer, work = root / "answer.json", root / "work"
    answer.unlink(missing_ok=True)
    work.mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONHASHSEED": seed, "MPLBACKEND": "agg", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [python, "-c", _RUNNER, str(root / path), str(new_package), str(answer)]
    try:
        subprocess.run(command, cwd=work, env=environment, timeout=SECONDS, capture_output=True, check=False)
        found = json.loads(answer.read_text(encoding="utf-8"))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return {""}
    return set(found)
