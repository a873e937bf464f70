"""One notebook in one real kernel: Jupyter's semantics, limits, deaths, and what it leaves behind. A kernel costs a second."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from running.building import Source, ipynb, lay, picture

from nb2mod.model import NotebookRun, RunOptions, RunStep, Sides
from nb2mod.stages.verify.running import kernels
from nb2mod.stages.verify.running.scratch import Scratch, scratch_copy
from nb2mod.stages.verify.running.session import run_notebook

Run = Callable[..., NotebookRun]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scratch]:
    files: dict[str, bytes | str] = {
        "src/team/__init__.py": "PLACE = __file__\n",
        "notebooks/data.csv": "1,2\n",
        "notebooks/beside.py": "NAME = 'beside'\n",
    }
    root = lay(tmp_path_factory.mktemp("real") / "project", files)
    before = picture(root)
    with scratch_copy(root, Sides(), RunOptions(), "team", ("src",)) as made:
        yield made
    assert picture(root) == before


@pytest.fixture
def run(scratch: Scratch) -> Run:
    """Runs a notebook of these cells, and looks for what it left: no process, and the copy comes back."""

    def run(*cells: Source, options: RunOptions | None = None, kernel: str | None = "python3", **more: Any) -> Any:
        scratch.lay("before")
        pristine = picture(scratch.root)
        (scratch.root / "notebooks/a.ipynb").write_bytes(ipynb(*cells, kernel=kernel))
        found, result = run_notebook(scratch, "notebooks/a.ipynb", options or RunOptions(), **more)
        assert not _processes(scratch)
        scratch.lay("before")
        assert picture(scratch.root) == pristine
        return (found, result) if "epilogue" in more else found

    return run


def _processes(scratch: Scratch) -> list[str]:
    """Command lines of living processes that were started by a kernel of this copy."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={scratch.temporary}".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return found


def _text(run: NotebookRun, cell: int) -> str:
    outputs = next(one for one in run.cells if one.cell == cell).outputs
    return "".join(
        one["text"] if one["output_type"] == "stream" else one.get("data", {}).get("text/plain", "") for one in outputs
    )


def test_runs_as_jupyter_does(run: Run, scratch: Scratch) -> None:
    steps: list[RunStep] = []
    found, result = run(
        "#md title",
        "import os, sys, team\nprint(open('data.csv').read(), os.getcwd(), team.PLACE)",
        ("never_run", ["skip-execution"]),
        "",
        ("1 / 0", ["raises-exception"]),
        (
            "from IPython.display import display, clear_output\nhandle = display('first', display_id=True)\n"
            "print('gone')\nclear_output()\nhandle = display('second', display_id=True)"
        ),
        "handle.update('third')",
        "compile = exec = open = print\nprint((_, In[-2], [n for n in dir() if 'nb2mod' in n], os.environ['PYTHONHASHSEED']))",
        "from concurrent.futures import ThreadPoolExecutor as P\nlist(P(2).map(str, [1, 2]))",
        "import beside\nbeside.NAME",
        "os.chdir('/')\nsys.path.insert(0, '/nowhere')\nopen('never', 'printed')",
        "input('?')",
        "never_reached",
        prologue=["kept = ['begun']"],
        epilogue="import json\nfrom IPython import get_ipython\n"
        "_nb2mod_result = json.dumps([kept, 'team' in get_ipython().user_ns, 'kept' in get_ipython().user_ns])",
        watch=steps.append,
        phase="old",
    )
    root = scratch.root
    assert [one.cell for one in found.cells] == [2, 5, 6, 7, 8, 9, 10, 11, 12]
    assert _text(found, 2) == f"1,2\n {root / 'notebooks'} {root / 'src/team/__init__.py'}\n"
    assert found.cells[1].error is not None
    assert found.cells[1].error.name == "ZeroDivisionError"
    assert _text(found, 6) == "'third'"
    assert _text(found, 8) == "('', \"handle.update('third')\", [], '0')\n"
    assert _text(found, 9) == "['1', '2']"
    assert _text(found, 10) == "'beside'"
    assert found.error is not None
    assert (found.error.cell, found.error.name) == (12, "StdinNotImplementedError")
    assert (found.failed, found.failure) == ("", "")
    assert result == [["begun"], True, False]
    assert found.names is not None
    assert found.names["team"] == "module team"
    assert not {"In", "_", "kept", "get_ipython", "_i1"} & found.names.keys()
    assert [step.cell for step in steps] == list(range(10))
    assert {(step.path, step.phase, step.of) for step in steps} == {("notebooks/a.ipynb", "old", 10)}


def test_parameters_have_their_defaults(run: Run) -> None:
    """A notebook for papermill runs as it is saved: nothing is injected."""
    found = run(("rate, steps = 0.5, 3", ["parameters"]), "print(rate * steps)")
    assert _text(found, 2) == "1.5\n"
    assert found.names is not None
    assert found.names["rate"] == "0.5"


def test_goes_on_when_asked_and_the_epilogue_may_fail(run: Run) -> None:
    found, result = run("a = 1", "1 / 0", "b = 2", keep_going=True, epilogue="1 / 0")
    assert [one.cell for one in found.cells] == [1, 2, 3]
    assert found.error is not None
    assert found.error.cell == 2
    assert found.names == {"a": "1", "b": "2"}
    assert (result, found.failed, found.failure) == (None, "", "")
    assert found.unanswered == "ZeroDivisionError: division by zero"
    died, result = run("a = 1", epilogue="import os\nos._exit(3)")
    assert (result, died.unanswered) == (None, "the kernel died")


def test_an_answer_that_the_notebook_spoils_is_none(run: Run) -> None:
    """Its code and ours share a process: it can write anything where ours leaves its answer."""
    spoil = "len(b) if b == {told!r} and true(to, {spoiled}) else true(to, b)"
    write = "import os\ntrue = os.write\nos.write = lambda to, b: " + spoil
    for spoiled in ("b'[]'", "b'[' * 100000", "b'x'"):
        cell = write.format(told=b'{"result": "1"}', spoiled=spoiled)
        found, result = run(cell, epilogue="_nb2mod_result = '1'")
        assert (result, found.failed, found.unanswered) == (None, "", "no answer (ok)")
    nested = "_nb2mod_result = '[' * 100000"
    found, result = run("a = 1", epilogue=nested)
    assert (found.names, found.unanswered) == ({"a": "1"}, "")
    assert result == "[" * 100000


def test_much_output_is_cut_and_told_apart_all_the_same(run: Run) -> None:
    source = "import sys\nfor i in range(500):\n    print(str(i % 10) * 100_000)\nprint({last!r})"
    texts = [_text(run(source.format(last=last)), 1) for last in ("x", "y")]
    from nb2mod.stages.verify.running import client  # loaded by now; older versions of what it needs warn

    assert texts[0][: client.LIMIT] == texts[1][: client.LIMIT]
    assert texts[0] != texts[1]
    assert client.LIMIT < len(texts[0]) < client.LIMIT + 200
    printed = "".join(f"{str(i % 10) * 100_000}\n" for i in range(500)) + "x\n"
    rest = printed[client.LIMIT :]
    told = f"[{len(rest)} more characters, SHA-256 {hashlib.sha256(rest.encode()).hexdigest()}]"
    assert texts[0] == f"{printed[: client.LIMIT]}\n{told}\n"


def test_many_small_pieces_are_not_lost(run: Run) -> None:
    found = run("import sys\nfor i in range(5000):\n    print(i, flush=True)")
    assert _text(found, 1) == "".join(f"{i}\n" for i in range(5000))


OUTPUT_WIDGET = """
from comm import create_comm
from IPython.display import clear_output
from IPython import get_ipython
STATE = {'_model_module': '@jupyter-widgets/output', '_model_name': 'OutputModel', 'msg_id': '', 'outputs': ()}
shown = create_comm(target_name='jupyter.widget', data={'state': STATE})
def into(widget, *texts):
    widget.send({'method': 'update', 'state': {'msg_id': get_ipython().kernel.get_parent()['header']['msg_id']}})
    for text in texts:
        clear_output()
        print(text, flush=True)
    widget.send({'method': 'update', 'state': {'msg_id': ''}})
print('above', flush=True)
into(shown, 'first', 'inside')
print('below')
"""


def test_what_an_output_widget_shows_belongs_to_the_cell(run: Run) -> None:
    """ipywidgets' interact shows everything in such a one; what it clears is its own."""
    found = run(OUTPUT_WIDGET, "print('after')", "into(shown, 'later')")
    assert found.failure == ""
    assert _text(found, 1) == "above\nbelow\ninside\n"
    assert _text(found, 2) == "after\n"
    assert _text(found, 3) == "later\n"


def test_a_kernel_that_ends_itself_is_told(run: Run) -> None:
    found = run("print('before', flush=True)", "import os\nos._exit(7)", "never")
    assert (found.failed, found.failure) == ("died", "the kernel died in cell 2 (exit status 7)")
    assert _text(found, 1) == "before\n"
    assert found.names is None
    killed = run("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert killed.failure == "the kernel died in cell 1 (SIGKILL; often the system that ran out of memory)"


def test_a_kernel_whose_messages_are_spoiled_is_told(run: Run) -> None:
    found = run("import json\nspoiled = json.dumps\njson.dumps = lambda *_, **__: '{}'", "never")
    assert found.failed == "died"
    assert found.failure.startswith("what the kernel said in cell 1 can't be read (")


def test_a_package_that_can_not_be_asked_for_is_not_the_right_one(run: Run) -> None:
    found = run("import os, team\nos.path.realpath = None")
    assert found.failed == "package"
    assert found.failure == "where the notebook imported team from could not be asked"


def test_time_limits(run: Run) -> None:
    stubborn = (
        "import subprocess, sys, time\nsubprocess.Popen(['sleep', '60'], start_new_session=True)\nprint('begun', flush=True)\n"
        "while True:\n    try:\n        time.sleep(60)\n    except KeyboardInterrupt:\n        pass"
    )
    found = run(stubborn, options=RunOptions(cell_timeout=1))
    assert (found.failed, found.failure) == ("timeout", "cell 1 was not done after 1 s; see --timeout")
    assert _text(found, 1) == "begun\n"
    found = run("import time", "time.sleep(0.8)", "time.sleep(30)", options=RunOptions(notebook_timeout=2.5))
    assert found.failed == "timeout"
    assert found.failure.startswith("the notebook was not done after 2.5 s; it was stopped in cell ")


def test_a_package_from_elsewhere_is_told(run: Run, tmp_path: Path, scratch: Scratch) -> None:
    other = lay(tmp_path, {"team/__init__.py": ""})
    found = run(f"import sys\nsys.path.insert(0, {str(other)!r})\nimport team")
    assert found.failed == "package"
    assert f"imported team from {other}/team/__init__.py instead of src/team" in found.failure


def test_what_can_not_be_started_is_told_without_a_kernel(run: Run, scratch: Scratch) -> None:
    missing = run("1", kernel="no-such")
    assert missing.failed == "kernel"
    assert missing.failure.startswith("no kernel no-such; installed here: ")
    assert "python3" in missing.failure
    assert run("1", options=RunOptions(kernel="nor-this")).failure.startswith("no kernel nor-this;")
    (scratch.root / "b.ipynb").write_text("{")
    assert run_notebook(scratch, "b.ipynb", RunOptions())[0].failed == "unreadable"
    assert run_notebook(scratch, "c.ipynb", RunOptions())[0].failure == "it can't be read: No such file or directory"
    (scratch.root / "r.ipynb").write_bytes(ipynb("1", kernel=None, language_info={"name": "R"}))
    assert run_notebook(scratch, "r.ipynb", RunOptions())[0].failed == "kernel"


def test_kernelspecs_of_others(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch: Scratch) -> None:
    spec: dict[str, Any] = {
        "argv": ["sh", "-c", "echo no such luck; exit 3"],
        "display_name": "x",
        "language": "python",
    }
    lay(
        tmp_path,
        {
            "kernels/broken/kernel.json": "{",
            "kernels/foreign/kernel.json": json.dumps(spec | {"language": "R"}),
            "kernels/dying/kernel.json": json.dumps(spec),
            "kernels/gone/kernel.json": json.dumps(spec | {"argv": ["/nowhere/python"]}),
        },
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert "kernel.json" in str(kernels.found("broken"))
    assert kernels.found("foreign") == "the kernel foreign runs R; only Python notebooks are run"
    assert run("1", kernel="dying").failure == "the kernel did not start: no such luck"
    assert run("1", kernel="gone").failed == "kernel"


def test_nothing_is_written_in_the_home_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch: Scratch
) -> None:
    home = lay(
        tmp_path / "home", {"profile_default/startup/0.py": "started = 1\n", "profile_default/history.sqlite": "no"}
    )
    monkeypatch.setenv("IPYTHONDIR", str(home))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(scratch.source / "lib"), "/nowhere/else"]))
    before = picture(tmp_path)
    found = run(
        "import sys\nprint((started, [p for p in sys.path if p.endswith(('src', 'lib', 'else'))]))", "%store started"
    )
    root = scratch.root
    assert _text(found, 1) == f"{(1, [str(root / 'src'), str(root / 'lib'), '/nowhere/else'])}\n"
    assert picture(tmp_path) == before
