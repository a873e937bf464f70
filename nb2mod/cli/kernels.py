"""What a person does after an extraction: the install command for each kernel's interpreter. jupyter_client's home."""

import shlex
import sys
from pathlib import Path

from nb2mod.model import Report


def next_steps(report: Report) -> tuple[str, ...]:
    """Sentences for the report's end. Effect: reads the changed notebooks' metadata and the installed kernelspecs."""
    if report.plan is None or report.changes is None:
        return ()
    if report.plan.bootstrap:
        steps = ["The first cell of each changed notebook finds the package; nothing is to be installed."]
    else:
        steps = list(_install(report))
    steps.append(
        "Restart the kernels of open notebooks; `%load_ext autoreload` and `%autoreload 2` pick up later edits."
    )
    return tuple(steps)


def _install(report: Report) -> list[str]:
    root = Path(report.root)
    if not any((root / name).exists() for name in ("pyproject.toml", "setup.py", "setup.cfg")):
        where = report.plan.source_root if report.plan else "."
        return [f'Nothing installs the package: put {where} on PYTHONPATH, or set bootstrap = "sys-path".']
    commands: dict[str, list[str]] = {}
    unknown: list[str] = []
    interpreters = _interpreters()
    for name in sorted(_kernels(report)):
        python = interpreters.get(name)
        if python is None:
            unknown.append(name)
        else:
            commands.setdefault(f"{shlex.quote(python)} -m pip install -e {shlex.quote(str(root))}", []).append(name)
    steps = [f"Install the package for kernel {', '.join(names)}: {command}" for command, names in commands.items()]
    if unknown:
        steps.append(
            f"Kernel {', '.join(unknown)} is not installed here; in its environment run: pip install -e {shlex.quote(str(root))}"
        )
    return steps


def _kernels(report: Report) -> set[str]:
    """Kernel names of the changed notebooks; `python3` where a notebook does not say."""
    from nb2mod.notebook import quick

    changes = report.changes.changes if report.changes else ()
    return {
        quick(change.path, change.after).kernel or "python3" for change in changes if change.path.endswith(".ipynb")
    }


def _interpreters() -> dict[str, str]:
    """Kernel name → the Python its kernelspec starts."""
    from jupyter_client.kernelspec import KernelSpecManager

    found: dict[str, str] = {}
    try:
        specs = KernelSpecManager().get_all_specs()
    except Exception:
        return {}
    for name, spec in specs.items():
        argv = spec.get("spec", {}).get("argv") or []
        if argv and "python" in Path(argv[0]).name:
            # A bare "python" is replaced by the interpreter Jupyter runs in (jupyter_client's KernelManager.format_kernel_cmd).
            found[name] = argv[0] if Path(argv[0]).is_absolute() else sys.executable
    return found
