"""N19: modules that are files beside the notebook, downloaded at run time, or known to nobody."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Location, Reason
from nb2mod.stages.decide.subject import Dependency, Subject

CODE = "NB319"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks a definition that needs one. Of the branches of a try, one that is known is enough."""
    found: dict[str, list[tuple[str, Location]]] = {}
    for dependency in subject.dependencies:
        fault = _fault(subject, dependency)
        if fault:
            found.setdefault(fault, []).append((f"`{dependency.name}`", subject.place(dependency.line)))
    for read in subject.details.import_lines:
        fault = _module_fault(subject, read.name)
        if fault and read.name != "__main__":
            found.setdefault(fault, []).append((f"`{read.name}` (imported inside)", subject.inside(read.line)))
    for fault, names in found.items():
        told = ", ".join(name for name, _ in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        verb = "comes" if len(names) == 1 else "come"
        yield subject.blocks(CODE, f"{told} {verb} {fault}", names[0][1])


def _fault(subject: Subject, dependency: Dependency) -> str | None:
    if dependency.meaning.kind not in ("import", "import statement", "star"):
        return None
    targets = [
        bound.binding.target
        for bound in dependency.meaning.bound
        if bound.binding.kind in (BindKind.IMPORT, BindKind.STAR)
    ]
    faults = [_module_fault(subject, target) for target in targets]
    if dependency.meaning.kind == "import statement" and None in faults:
        return None
    return next((fault for fault in faults if fault), None)


def _module_fault(subject: Subject, target: str) -> str | None:
    if target.startswith("."):
        return "from a package around the notebook (a relative import), and a notebook is in none"
    environment = subject.environment
    top = target.partition(".")[0]
    if top == environment.package:
        return None
    folder = subject.features.path.rpartition("/")[0]
    local = environment.local.get(f"{folder}\n{top}")
    if local:
        return f"from {local}, a file that the package can't rely on; move that into the package first"
    if top not in environment.known:
        return f"from `{top}`, which is not installed and no declared dependency; declare it in the project"
    return None
