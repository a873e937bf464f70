"""Notebooks run before and after a change, and what differs between the two runs.

Which process runs them is `shell.py`'s business; which files to compare is the tests'.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

SECONDS = 60
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b|(?<=\bid=')\d{12,}(?=')")  # `<Mock id='139…'>` too
_COUNTER = re.compile(r"^Out\[\d+\]:", re.MULTILINE)
_CLOCK = re.compile(r"^(CPU times:|Wall time:|\d[^\n]* per loop).*$", re.MULTILINE)

Outcome = dict[str, Any]


class Runner:
    """A process that runs notebooks. Use as a context manager; one is enough for a whole test session."""

    def __enter__(self) -> Self:
        # A fixed hash seed: the order of a set of strings is no difference between two notebooks.
        environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg"}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("shell.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, notebook: Path, paths: Iterable[Path] = ()) -> Outcome:
        """Effect: runs the notebook's code, in its own folder, with `paths` on sys.path behind it."""
        request = {"notebook": str(notebook), "paths": [str(path) for path in paths], "timeout": SECONDS}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        outcome: Outcome = json.loads(self._process.stdout.readline())
        return outcome


def behaviour_differences(
    before: Outcome,
    after: Outcome,
    modules: Iterable[str],
    adds: Iterable[str] = (),
    inserted: int = 0,
    loses: Iterable[str] = (),
) -> list[str]:
    """What a person at the notebook could tell apart: output, errors, and the names left at the end.

    `modules` are the package's modules: `__main__.Model` and `team.models.Model` are the same thing seen from two places.
    `adds` are names that the second run may hold and the first does not, `loses` the other way round; `inserted` is the
    number of code cells that the second has before all others (bootstrap). A failure of the harness is a difference.
    """
    if failures := [run["failure"] for run in (before, after) if "failure" in run]:
        return [f"could not be run: {failure}" for failure in failures]
    place = _place_pattern(modules)
    found = []
    after_cells = after["cells"][inserted:]
    for first, second in zip(before["cells"], after_cells, strict=False):
        for key in ("shown", "error"):
            was, now = _settled(first[key], place), _settled(second[key], place)
            if was != now:
                found.append(f"cell {first['cell']} {key}:\n    before {was!r}\n    after  {now!r}")
    if len(before["cells"]) != len(after_cells):
        found.append(f"code cells run: {len(before['cells'])} before, {len(after_cells)} after")
    return found + _name_differences(before["names"], after["names"], place, set(adds), set(loses))


def _name_differences(
    before: dict[str, str], after: dict[str, str], place: re.Pattern[str], adds: set[str], loses: set[str]
) -> list[str]:
    found = []
    lost = (before.keys() - after.keys()) & loses
    for name in sorted((before.keys() - lost) | (after.keys() - adds)):
        was, now = (_settled(names.get(name), place) for names in (before, after))
        if was != now:
            found.append(f"name {name}:\n    before {was or 'not bound'}\n    after  {now or 'not bound'}")
    return found


def _settled(text: str | None, place: re.Pattern[str]) -> str | None:
    """Without what differs from run to run (addresses, clocks, counters) and without the module a name lives in."""
    if text is None:
        return None
    return place.sub("", _COUNTER.sub("Out:", _CLOCK.sub("(time)", _ADDRESS.sub("0x…", text))))


def _place_pattern(modules: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted({"__main__", *modules}, key=len, reverse=True)
    names = "|".join(map(re.escape, longest_first))
    # `team.models.Model`, and the first line of help(): "Help on class Model in module team.models:".
    return re.compile(rf"(?<=in module )(?:{names})(?=:)|(?<![\w.])(?:{names})\.(?=\w)")
