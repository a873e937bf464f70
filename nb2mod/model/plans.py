"""What will be done, before any text is made: names, modules, statements to replace. Can be read, edited and applied later."""

from msgspec import Struct


class CallSite(Struct, frozen=True):
    """One statement of a notebook that becomes an import. Lines are 1-based in the cell, inclusive, `top` to `end_line`."""

    path: str
    cell: int
    cell_id: str | None
    top: int
    line: int
    end_line: int
    name: str  # the name bound there before and after


class Extraction(Struct, frozen=True):
    """One definition (or constant) and the place it goes to.

    `source` is the chosen copy's text, attached comments included. `renames` says per call site which locals differ from the
    chosen copy (other copies' names → chosen copy's names); `ignored` says what of the copies is not kept ("docstring", "annotations",
    "comments"). `imports` are the import statements the definition needs at the head of its module; `local_imports` stand
    inside the function instead (N18).
    """

    candidate: str
    kind: str  # "function", "async function", "class" or "constant"
    module: str
    name: str
    source: str
    sites: tuple[CallSite, ...]
    imports: tuple[str, ...] = ()
    local_imports: tuple[str, ...] = ()
    requires: tuple[
        tuple[str, str], ...
    ] = ()  # (module, name) of other extractions that must be importable or above it
    eager: tuple[str, ...] = ()  # names that must be bound above it in the module
    existing: bool = False  # already stands in the package: only the sites change
    ignored: tuple[str, ...] = ()


class Plan(Struct, frozen=True):
    """All that one run would do. `package` is the import name, `source_root` the folder on sys.path ("src" or ".")."""

    package: str
    source_root: str
    extractions: tuple[Extraction, ...]
    creates_package: bool = False
    bootstrap: bool = False
    dependencies: tuple[str, ...] = ()  # distributions to add to the package's pyproject


class Choice(Struct, frozen=True):
    """What a plan file may change for one candidate."""

    id: str
    module: str
    name: str
    apply: bool = True
