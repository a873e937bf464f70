"""What the index remembers of one cell: bindings, uses, definitions, hashes. Depends on the cell's text alone."""

from enum import IntEnum

from msgspec import Struct


class BindKind(IntEnum):
    """How a name gets its value."""

    IMPORT = 0  # target: "numpy", "numpy.random.default_rng"; relative imports keep their dots
    STAR = 1  # from target import *; name is "*"
    DEF = 2
    CLASS = 3
    LITERAL = 4  # name = literal; target: canonical text of the literal
    ASSIGN = (
        5  # any other assignment, for target, with target, walrus, except as, match capture; target: "lambda" or ""
    )
    AUGMENTED = 6  # x += …
    DELETE = 7
    DECLARED = 8  # bound from inside a function through `global`
    MAGIC = 9  # %%capture out, x = !cmd
    ANNOTATION = 10  # x: int without a value: binds nothing, but counts as a statement about x


class UseKind(IntEnum):
    """The context in which a name is read."""

    CALL = 0  # f(a, b): direct call, only positional arguments
    CALL_KEYWORDS = 1  # f(a, k=b); detail: keyword names, comma separated
    CALL_SPREAD = 2  # f(*a) or f(**k)
    VALUE = 3  # passed, stored, returned, …; detail says to whom: "len" (argument of len(…)), "for", "in", "=" …
    ATTRIBUTE = 4  # f.x.y read; detail: "x.y"
    ATTRIBUTE_CALL = 5  # f.x.y(…); detail: "x.y"
    ATTRIBUTE_STORE = 6  # f.x = …, f.x += …, del f.x; detail: "x"
    SUBSCRIPT = 7  # f[i] read
    SUBSCRIPT_STORE = 8  # f[i] = …, del f[i]
    DECORATOR = 9  # @f, @f(…), @f.x; detail: the dotted rest
    BASE = 10  # class A(f)
    ANNOTATION = 11
    STRING = 12  # named inside a string that is code: "x > @limit", forward references
    MAGIC = 13  # %store f, !cmd {f}


class Binding(Struct, frozen=True, array_like=True):
    """One place where a name is bound at the notebook's level."""

    name: str
    kind: BindKind
    line: int
    certain: bool  # unconditional: not inside if/for/while/try/with/match
    target: str = ""
    owner: int = -1  # index into `CellFacts.definitions` for DEF/CLASS/DECLARED, else -1
    statement: int = -1  # index into `CellFacts.statements`
    text: str = ""  # for imports: the statement that binds just this name, "import xml.dom", "from a import b as c"


class Use(Struct, frozen=True, array_like=True):
    """One place where a name of the notebook's level is read."""

    name: str
    kind: UseKind
    line: int
    detail: str = ""
    owner: int = -1  # index into `CellFacts.definitions` when inside a definition, else -1
    deferred: bool = False  # inside a function or lambda body: read when that is called, not when the statement runs
    statement: int = -1


class Definition(Struct, frozen=True, array_like=True):
    """A function or class in one cell: a fragment.

    `shape` is the hash of the definition up to layout, comments, docstring, unread annotations, and consistent renaming
    of the function, its parameters, its locals and its free names; `slots` are the free names in order of first
    appearance, so two definitions mean the same when their shapes are equal and their slots mean the same, pair by
    pair. `exact` also fixes every identifier. Lines are 1-based within the cell, inclusive. `top` is the first line
    that travels with it (comments directly above).
    """

    name: str
    kind: str  # "function", "async function" or "class"
    top: int
    line: int  # first line of decorators, or of def
    def_line: int
    end_line: int
    statements: int  # nested ones counted, docstring not
    nodes: int
    exact: bytes
    shape: bytes
    slots: tuple[str, ...]
    params: tuple[str, ...]  # parameter names that a caller could see; methods as "method.parameter"
    conditional: bool = False  # stands inside if/for/try/with (D8)
    statement: int = -1
    complexity: int = 1  # McCabe's, the function's own decisions and those of what is nested in it, plus one
    tokens: bytes = b""  # its normalised tokens, a byte each, for comparing near copies: see `syntax/tokens.py`


class Statement(Struct, frozen=True, array_like=True):
    """One top-level statement of a cell. Lines inclusive, decorators included.

    `skeleton` is the hash of its tree without names and literals, `fixed` the same with literals; `names` are its names in
    order of appearance, so that two runs are the same up to renaming when their `fixed` are equal and their names, numbered
    by first appearance in the run, are too. `size` counts nested statements, itself included; `complexity` is McCabe's
    decisions in it (0: straight).
    """

    line: int
    end_line: int
    kind: str  # ast class name in lower case: "import", "importfrom", "functiondef", "assign", "expr", …
    bound: bool = False  # binds some name
    skeleton: bytes = b""
    fixed: bytes = b""
    names: tuple[str, ...] = ()
    size: int = 1
    complexity: int = 0


class CellFacts(Struct, frozen=True, array_like=True):
    """Everything the stages after index know of one cell's source. Same source, same facts."""

    error: str | None = None  # why the cell does not parse; then the rest is empty but `unknown`
    error_line: int = 0
    statements: tuple[Statement, ...] = ()
    bindings: tuple[Binding, ...] = ()
    uses: tuple[Use, ...] = ()
    definitions: tuple[Definition, ...] = ()
    keywords: tuple[str, ...] = ()  # names used as keyword arguments in any call
    strings: tuple[str, ...] = ()  # identifiers that stand as whole string constants: getattr(m, "load")
    unknown: tuple[str, ...] = ()  # names an opaque or unreadable part may bind or read
    any_name: bool = False  # a magic may bind any name (%run, exec)
    magic_lines: tuple[
        tuple[int, int, str], ...
    ] = ()  # first line, last line, magic's name ("!" for shell, "?" for help)
    cell_magic: str | None = None
    opaque: bool = False
    runs_in_function: bool = False  # %%timeit body
    transformed: bool = False  # dedented, prompts: lines may not be replaced
    keep: tuple[int, ...] = ()  # lines that hold `# nb2mod: keep`
    installs: tuple[str, ...] = ()  # distributions named by %pip install, !pip install
    future: tuple[str, ...] = ()  # names imported from __future__
    modules: tuple[str, ...] = ()  # top-level modules imported anywhere in it, inside functions too
    any_name_later: bool = False  # a function of it may bind any name when it is called (exec, globals)


class CellFeatures(Struct, frozen=True, array_like=True):
    """One code cell of one notebook: where it is and what its text says."""

    number: int
    id: str | None
    source: str
    digest: bytes
    facts: CellFacts
    tags: tuple[str, ...] = ()
    locked: str | None = None
    raises: bool = False
    odd: str | None = None  # why the cell itself could not be read; then its source is empty
    count: int | None = None  # the saved execution counter


class Heading(Struct, frozen=True, array_like=True):
    """A Markdown heading: the cell it stands in, as a person counts it, its level (1 to 6) and its text."""

    cell: int
    level: int
    text: str


class Features(Struct, frozen=True, array_like=True):
    """One file after index. A module of the package is one cell with number 0."""

    path: str
    cells: tuple[CellFeatures, ...] = ()
    kind: str = "notebook"  # or "module"
    markdown_cells: int = 0
    nbformat: int = 4
    kernel: str | None = None
    language: str = "python"
    paired: str | None = None
    error: str | None = None  # why the whole file was skipped; then there are no cells
    error_code: str = "NB404"
    links: tuple[str, ...] = ()  # "colab", "binder": opened from such links
    headings: tuple[Heading, ...] = ()
    papermill: bool = False  # metadata says that papermill ran it
    stage: str | None = None  # declared in the notebook's metadata: metadata.nb2mod.stage
    misdeclared: str | None = None  # metadata.nb2mod.stage is neither exploratory nor production: what it is, in words
