"""A small project to write in, a door for system calls that can fail or kill, and a count of all injected faults."""

import errno
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nb2mod.model import CellEdit, ChangeSet, FileChange, Insertion
from nb2mod.stages.apply import system

ONE = "import pandas as pd\n\ndef load(path):\n    frame = pd.read_csv(path)\n\n    return frame.dropna()\n\nload('a.csv')"
ONE_AFTER = "import pandas as pd\n\nfrom reports.dataset import load\n\nload('a.csv')"
TWO = "def load(path):\n    frame = pd.read_csv(path)\n\n    return frame.dropna()"
TWO_AFTER = "from reports.dataset import load"
MODULE = "import os\n\n\ndef home():\n    return os.getcwd()\n"
MODULE_AFTER = "import os\nimport sys\n\n\ndef home():\n    return os.getcwd()\n\n\ndef leave():\n    sys.exit()\n"
NEW_MODULE = "import pandas as pd\n\n\ndef load(path):\n    frame = pd.read_csv(path)\n\n    return frame.dropna()\n"


class Kill(BaseException):
    """The process ends here: nothing after it runs, no matter which handlers stand there."""


class Door:
    """Stands in for `system.call`: counts the calls, fails or kills at one of them.

    A failing or killed write leaves half of its bytes. After a kill every further call dies too; only descriptors are closed,
    as the kernel would.
    """

    failed = killed = 0

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.at: int | None = None
        self.error: OSError | None = None
        self.kill = False
        self.before_call: Callable[[int, str], None] | None = None
        self.short_writes = False
        self._dead = False

    def fail(self, at: int, number: int) -> "Door":
        self.at, self.error = at, OSError(number, os.strerror(number))
        return self

    def die(self, at: int) -> "Door":
        self.at, self.kill = at, True
        return self

    def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self._dead:
            return self._pass_away(function, arguments)
        number = len(self.calls)
        self.calls.append(function.__name__)
        if self.before_call is not None:
            self.before_call(number, function.__name__)
        if number != self.at:
            if function is os.write and self.short_writes:
                return function(arguments[0], bytes(arguments[1])[: 1 + len(arguments[1]) // 2])
            return function(*arguments)
        Door.failed += not self.kill
        Door.killed += self.kill
        if function is os.write:
            function(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
        if self.kill:
            self._dead = True
            return self._pass_away(function, arguments)
        if function is os.close:
            function(*arguments)
        assert self.error is not None
        raise self.error

    def _pass_away(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        if function is os.close:
            function(*arguments)
        raise Kill


class Project:
    """A tree with two notebooks (one of them a link), a module that exists, and the changes of an extract."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "notebooks").mkdir(parents=True)
        (root / "shared").mkdir()
        (root / "src/tools").mkdir(parents=True)
        self.write("notebooks/one.ipynb", notebook([("a1", ONE), ("b1", "x = 1"), ("c1", "print(x)")]))
        self.write("shared/two.ipynb", notebook([("a2", "import pandas as pd"), ("b2", TWO), ("c2", "load('b.csv')")]))
        (root / "notebooks/two.ipynb").symlink_to("../shared/two.ipynb")
        self.write("src/tools/files.py", MODULE.encode())
        (root / "notebooks/one.ipynb").chmod(0o640)
        (root / "src/tools/files.py").chmod(0o755)

    def write(self, path: str, data: bytes) -> None:
        (self.root / path).write_bytes(data)

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def changes(self) -> ChangeSet:
        one = notebook([("a1", ONE_AFTER), ("b1", "x = 1"), ("c1", "print(x)")])
        two = notebook([("a2", "import pandas as pd"), ("b2", TWO_AFTER), ("c2", "load('b.csv')")])
        leave = "\n\ndef leave():\n    sys.exit()\n"
        return ChangeSet(
            (
                FileChange(
                    "notebooks/one.ipynb", self.read("notebooks/one.ipynb"), one, (CellEdit(1, "a1", ONE, ONE_AFTER),)
                ),
                FileChange(
                    "notebooks/two.ipynb", self.read("notebooks/two.ipynb"), two, (CellEdit(2, "b2", TWO, TWO_AFTER),)
                ),
                FileChange("src/reports/deep/__init__.py", None, b""),
                FileChange("src/reports/dataset.py", None, NEW_MODULE.encode(), (), (Insertion(0, NEW_MODULE),)),
                FileChange(
                    "src/tools/files.py",
                    MODULE.encode(),
                    MODULE_AFTER.encode(),
                    (),
                    (Insertion(10, "import sys\n"), Insertion(len(MODULE), leave)),
                ),
            )
        )

    def tree(self) -> dict[str, tuple[int, bytes | str | None]]:
        """Everything but the journal: mode and bytes, link target, or None for a folder."""
        found: dict[str, tuple[int, bytes | str | None]] = {}
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            if name.split("/")[0] in (".nb2mod", ".git"):
                continue
            mode = path.lstat().st_mode
            if path.is_symlink():
                found[name] = (mode, str(path.readlink()))
            else:
                found[name] = (mode, None if path.is_dir() else path.read_bytes())
        return found

    def edit(self, path: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Save the notebook as Jupyter would after a person's change."""
        content = json.loads(self.read(path))
        change(content)
        self.write(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def notebook(cells: list[tuple[str | None, str]], outputs: str = "") -> bytes:
    """A notebook with code cells of these ids and sources, as nbformat writes it."""
    made = [
        {
            "cell_type": "code",
            "execution_count": None,
            **({} if id_ is None else {"id": id_}),
            "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": [outputs]}] if outputs else [],
            "source": source.splitlines(keepends=True),
        }
        for id_, source in cells
    ]
    minor = 5 if all(id_ is not None for id_, _ in cells) else 4
    content = {"cells": made, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": minor}
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[[str], Project]:
    return lambda name: Project(tmp_path / name)


@pytest.fixture
def make_notebook() -> Callable[..., bytes]:
    return notebook


@pytest.fixture
def install_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Door]]:
    """Puts a new door in place of `system.call`; afterwards the real one is back."""

    def install() -> Door:
        door = Door()
        monkeypatch.setattr(system, "call", door)
        return door

    yield install
    monkeypatch.undo()


@pytest.fixture
def kill_signal() -> type[BaseException]:
    return Kill


@pytest.fixture(params=[errno.ENOSPC, errno.EACCES, errno.EIO, errno.EINTR], ids=["ENOSPC", "EACCES", "EIO", "EINTR"])
def error_number(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture(autouse=True)
def counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Tells how many faults a test injected; a test that passes has found the tree old or new after each."""
    failed, killed = Door.failed, Door.killed
    yield
    failed, killed = Door.failed - failed, Door.killed - killed
    if failed or killed:
        record_property(
            "tally", ("the write path, the tree old or new after each", {"faults": failed, "kills": killed})
        )
