"""What will be done, before any text is made: names, modules, statements to replace.

Can be read, edited and applied later.
"""

from msgspec import Struct

from nb2mod.model.clones import Candidate, Reason
from nb2mod.model.places import Location
from nb2mod.model.whole import Whole


class CallSite(Struct, frozen=True):
    """One statement of a notebook that becomes an import, or one block that becomes an import and a call.

    Lines are 1-based in the cell, inclusive, `top` to `end_line`.
    """

    path: str
    cell: int
    cell_id: str | None
    top: int
    line: int
    end_line: int
    name: str  # the name bound there before and after
    renames: tuple[tuple[str, str], ...] = ()  # this copy's identifiers → the chosen copy's, where they differ
    ignored: tuple[str, ...] = ()  # of this copy, what is not kept: "docstring", "annotations", "comments"
    import_cell: int = 0  # 0: the import stands where the definition stood; else it stands in this cell …
    import_line: int = 0  # … after this line (0: before the first), and the statement's own lines go
    call: str = ""  # of a block: the statements that stand below the import, or alone …
    bare: bool = False  # … where an earlier block of the notebook has brought the import
    passes: tuple[
        tuple[str, str], ...
    ] = ()  # parameters it did not have, each with the value that its calls pass: ("sep", '","')
    parts: tuple[tuple[int, int, int], ...] = ()  # (cell, line, end line) of a block's lines in the cells after `cell`


class Passing(Struct, frozen=True, order=True):
    """An edit of a lift in one file: characters `start` to `end` of a cell's source (`cell` as a person counts it; 0: the text of
    a module) become `text`. Made before any site is replaced; keeps the number of lines. `calls`: where the copies stand (their
    first lines) whose calls pass more by it; none where it is an edit of a definition.
    """

    path: str
    cell: int
    start: int
    end: int
    text: str
    calls: tuple[Location, ...] = ()


class Extraction(Struct, frozen=True):
    """One definition (or constant) and the place it goes to.

    `source` is the chosen copy's text, attached comments included. Each call site records which locals differ from the
    chosen copy, and what of that copy is not kept; `ignored` is the union of the latter. `imports` are the import
    statements the definition needs at the head of its module; `local_imports` stand inside the function instead (N18).
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
    users: tuple[str, ...] = ()  # of a constant: ids of all candidates that read it; `candidate` is the first
    drives: str = ""  # of a function without sites: the notebook that it does all of, in its order
    purpose: str = ""  # the docstring of its module, when that is new and the plan knows what it is for


class Plan(Struct, frozen=True):
    """All that one run would do. `package` is the import name, `source_root` the folder on sys.path ("src" or ".")."""

    package: str
    source_root: str
    extractions: tuple[Extraction, ...]
    creates_package: bool = False
    bootstrap: bool = False
    dependencies: tuple[str, ...] = ()  # distributions to add to the package's pyproject
    passing: tuple[Passing, ...] = ()  # what lifted definitions and their calls become


class Choice(Struct, frozen=True):
    """What a plan file may change for one candidate."""

    id: str
    module: str
    name: str
    apply: bool = True


class PlanOptions(Struct, frozen=True):
    """What one run asks of the plan beside the configuration.

    `module` is where every candidate goes (`--module`, relative to the package or with its name); `choices` come from a
    plan file and win over it. `unsafe` plans candidates under review too.
    """

    module: str | None = None
    choices: tuple[Choice, ...] = ()
    unsafe: bool = False


class PlanResult(Struct, frozen=True):
    """The plan, and what became of each candidate it was asked for.

    `candidates` are those given, in the same order, with `target` filled where they have a place. `rejected` are ids with
    the reason why they have none; what depends on them is rejected too. `third_party` are the top-level modules outside
    the standard library and the package that the extracted code imports, for the dependencies. `whole`: what becomes of the
    notebook, when one as a whole was asked for.
    """

    plan: Plan
    candidates: tuple[Candidate, ...] = ()
    rejected: tuple[tuple[str, Reason], ...] = ()
    third_party: tuple[str, ...] = ()
    whole: Whole | None = None
