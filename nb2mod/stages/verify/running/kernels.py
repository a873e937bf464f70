"""Which Python runs the changed notebooks: their kernels' names, and the interpreters Jupyter starts. jupyter_client's home."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any

from nb2mod import notebook
from nb2mod.errors import UnreadableNotebook
from nb2mod.model import FileChange

PYTHON = frozenset({"python", "python3", "ipython"})
"""What kernelspecs of Python kernels call their language."""

DEFAULT = "python3"
"""What Jupyter starts for a notebook that names no kernel."""


def used_by(changes: Iterable[FileChange]) -> Counter[str]:
    """Kernel names of the changed notebooks, and how many notebooks have each."""
    found: Counter[str] = Counter()
    for change in changes:
        if change.path.endswith(".ipynb"):
            try:
                found[notebook.peek(change.path, change.after).kernel or DEFAULT] += 1
            except UnreadableNotebook:
                continue
    return found


def interpreters(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Interpreters of these kernels, each once, and the names of kernels that are not installed here or run no plain Python."""
    known: dict[str, None] = {}
    unknown = []
    for name in names:
        python = _interpreter(name)
        if python is None:
            unknown.append(name)
        else:
            known[python] = None
    return list(known), unknown


def found(name: str) -> Any | str:
    """The kernelspec of the Python kernel `name` (jupyter_client's own, the caller's to change), or why there is none.

    A kernelspec in an environment that says just "python" means that environment's interpreter, not the one nb2mod runs on.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        return _unknown(name, sorted(manager.find_kernel_specs()))
    except (OSError, ValueError, TypeError) as error:
        return f"the kernel {name} has a kernel.json that can't be read: {error}"
    if not spec.argv:
        return f"the kernel {name} has a kernel.json that says no command; install it again"
    language = str(spec.language).lower()
    if language not in PYTHON:
        return f"the kernel {name} runs {spec.language or 'no language it tells'}; only Python notebooks are run"
    if Path(spec.argv[0]).name == spec.argv[0]:
        own = _of_environment(Path(spec.resource_dir))
        if own is not None:
            spec.argv = [own, *spec.argv[1:]]
    return spec


def _unknown(name: str, names: list[str]) -> str:
    if not names:
        return f"no kernel {name}: no kernel at all is installed here; install ipykernel in the notebooks' environment"
    return f"no kernel {name}; installed here: {', '.join(names)}; choose one with --kernel, or install it"


def _interpreter(name: str) -> str | None:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except (NoSuchKernel, OSError, ValueError, TypeError):  # the last two: a kernel.json that is no kernelspec
        return None
    command = str(spec.argv[0]) if spec.argv else ""
    if not PurePath(command).name.lower().startswith("python"):
        return None
    return command if Path(command).is_absolute() else _of_environment(Path(spec.resource_dir)) or command


def _of_environment(spec: Path) -> str | None:
    """The Python of the environment that a kernelspec stands in, <prefix>/share/jupyter/kernels/<name>.

    A kernelspec that says just "python" means it: ipykernel installs those.
    """
    if spec.parts[-4:-1] != ("share", "jupyter", "kernels"):
        return None
    prefix = spec.parents[3]
    known = (prefix / "bin" / "python", prefix / "python.exe", prefix / "Scripts" / "python.exe")
    return next((str(path) for path in known if path.is_file()), None)
