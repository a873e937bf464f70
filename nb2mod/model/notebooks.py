"""A notebook as it stands in its file: bytes, cells, and where each cell's source lies in the text."""

from msgspec import Struct


class Cell(Struct, frozen=True):
    """One cell.

    `number` counts from 1, Markdown included. `source` is the joined text exactly as the file holds it (line ends
    included). `start` and `end` are the half-open span of the JSON value of `source` in `Notebook.text`; (0, 0) when
    the cell has none.
    """

    number: int
    kind: str  # "code", "markdown" or "raw"; anything else is kept as it is and never touched
    source: str
    start: int = 0
    end: int = 0
    id: str | None = None
    tags: tuple[str, ...] = ()
    locked: str | None = None  # why no tool may edit this cell (nbgrader, form, …), in words; None: it may
    raises: bool = False  # tagged raises-exception: the cell may end early and the notebook goes on
    odd: str | None = None  # why the cell could not be read, in words; then `source` is "" and the cell is locked
    count: int | None = None  # the saved execution counter; None when there is none, or one that makes no sense


class Notebook(Struct, frozen=True):
    """A whole notebook. Output is made by editing `text`, never by serialising the cells again."""

    path: str
    data: bytes  # the file, byte for byte
    text: str  # `data` decoded, BOM removed
    cells: tuple[Cell, ...]
    nbformat: int = 4
    nbformat_minor: int = 5
    language: str = "python"  # lower case, from kernelspec or language_info; "python" when the file does not say
    kernel: str | None = None  # kernelspec.name
    paired: str | None = None  # jupytext formats, when the notebook is half of a pair
    papermill: bool = False  # was run by papermill (metadata.papermill)
    stage: str | None = None  # metadata.nb2mod.stage: "exploratory" or "production"
    misdeclared: str | None = None  # metadata.nb2mod.stage says something else: what, in words


class Masked(Struct, frozen=True):
    """A cell's source as plain Python, line for line.

    `python` has exactly as many lines as the cell; every line IPython would hand to Python unchanged is unchanged.
    Magics and shell lines stand there as the calls IPython makes of them, those that run Python (%time, %timeit, …) as
    that Python. An opaque cell (%%bash, another language) is all blank lines.
    """

    python: str
    magics: tuple["Magic", ...] = ()
    cell_magic: str | None = None  # name of the %% magic, without %%
    opaque: bool = False  # the body is not Python of this notebook
    unknown: tuple[str, ...] = ()  # names that an opaque or odd part may bind or read
    runs_in_function: bool = False  # %%timeit: the body's bindings do not reach the notebook
    transformed: bool = False  # the text was dedented or had prompts: lines may not be replaced in place


class Magic(Struct, frozen=True):
    """One magic, shell or help line: `line` is its first line in the cell, from 1."""

    line: int
    end_line: int
    name: str  # "time", "timeit", "!", "?", "run", …
    text: str  # what follows the name
    reads: tuple[str, ...] = ()  # names it reads by expansion: {path}, $name, %store x
    binds: tuple[str, ...] = ()  # names it binds in the notebook: %%capture out, %run -i gives unknown
    unknown: bool = False  # it may bind any name (%run, %load_ext sql …, unknown magics that see the namespace)
