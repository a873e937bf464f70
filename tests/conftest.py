"""What holds for every test: no memory of earlier runs, no git or notebook settings of the person who runs them.

Fixtures that one folder needs stand in that folder's conftest.py.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from harness.running import Runner
from hypothesis import settings

# Every write is synced to disk, thousands of times in these tests; in memory that costs next to nothing. Containers often have
# little room there.
MEMORY, ROOM = "/dev/shm", 4 * 1024**3
if Path(MEMORY).is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)

settings.register_profile("project", deadline=None, print_blob=True)  # two busy cores make any deadline flaky
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--soak", action="store_true", help="generated input without end in sight: all of it, or for longer"
    )
    parser.addoption("--record", action="store_true", help="write what is missing of new cases, to be read by a person")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Scores, which say how much was tried; what the notebooks of published packages came to, for docs/limits.md.

    A test gives a score by `record_property("score", sentence)`. Shards of one test give `record_property("tally", (title,
    counts))`, and the counts are summed up over them; (part, whole) is told as a share.
    """
    # Of each test the last report: what fixtures add while they are taken down is in no other.
    reports = [report for found in terminalreporter.stats.values() for report in found if _is_last(report)]
    scores = sorted({value for report in reports for key, value in report.user_properties if key == "score"})
    scores += _tallies(value for report in reports for key, value in report.user_properties if key == "tally")
    if scores:
        terminalreporter.section("scores")
        for score in scores:
            terminalreporter.write_line(score)
    rows = [
        (report.nodeid.rpartition("::")[2].removeprefix("test_"), value)
        for report in terminalreporter.stats.get("passed", ())
        for key, value in report.user_properties
        if key == "published"
    ]
    if rows:
        terminalreporter.section("notebooks of published packages")
        for name, counts in sorted(rows):
            terminalreporter.write_line(f"{name:38} " + ", ".join(f"{count} {key}" for key, count in counts.items()))


def _is_last(report: Any) -> bool:
    return getattr(report, "when", "") == "teardown"


def _tallies(given: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    sums: dict[str, dict[str, list[int]]] = {}
    for title, counts in given:
        for name, count in counts.items():
            numbers = count if isinstance(count, (list, tuple)) else [count]
            known = sums.setdefault(title, {}).get(name, [0] * len(numbers))
            sums[title][name] = [one + other for one, other in zip(known, numbers, strict=True)]
    return [f"{title}: " + ", ".join(_in_words(*entry) for entry in counts.items()) for title, counts in sums.items()]


def _in_words(name: str, numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"{numbers[0]:,} {name}"
    part, whole = numbers
    return f"{part:,} of {whole:,} {name} ({100 * part / max(whole, 1):.1f} %)"


@pytest.fixture(scope="session", autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches, git identity and IPython's folder are the session's own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Test")
            patch.setenv(f"GIT_{role}_EMAIL", "test@example.org")
        for name in ("NO_COLOR", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def runner(alone: None) -> Iterator[Runner]:
    """Runs notebooks, each in a fresh process."""
    with Runner() as started:
        yield started


@pytest.fixture
def project_root(tmp_path: Path) -> Path:
    """Where a test lays its project: always the same folder name, since a new package may take its name from it."""
    return tmp_path / "project"
