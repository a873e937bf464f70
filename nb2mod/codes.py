"""Every code that a report may hold: what it is called, what it means in one line, and what it does to a candidate.

NB1xx what is repeated, NB2xx what is past a limit alone, NB3xx why a candidate stays or wants a review, NB4xx what is odd
about a notebook. Each has a page under docs/codes/; the checks that give them live in their stages.
"""

from msgspec import Struct


class Code(Struct, frozen=True):
    """`effect` is "found" (a candidate), "below", "blocks", "review", "note" or, of a notebook, "warning" or "error".

    `hazards` are the rows of docs/hazards.md that it answers.
    """

    code: str
    title: str
    meaning: str
    effect: str
    hazards: tuple[str, ...] = ()


_ALL = (
    # What is repeated.
    Code("NB100", "below the threshold", "stands in too few notebooks, or has too few statements", "below", ("N17",)),
    Code("NB101", "exact copies", "the same definition up to layout, comments, docstring and annotations", "found"),
    Code(
        "NB102", "renamed copies", "the same definition with parameters, locals or its name renamed", "found", ("N20",)
    ),
    Code(
        "NB103",
        "near-miss copies",
        "definitions that resemble each other; where only values differ, those become parameters",
        "found",
        ("H1", "H2", "H4", "H6", "N5"),
    ),
    Code("NB105", "stands in the package", "a notebook defines again what the package already has", "found"),
    Code(
        "NB106",
        "drifted from the package",
        "a notebook holds something like a function of the package, which differs from it now",
        "review",
        ("H1", "H5"),
    ),
    Code("NB110", "comes along", "a helper below the threshold that another candidate needs", "note", ("N6",)),
    Code(
        "NB111",
        "repeated block",
        "a run of statements stands in several notebooks, up to layout and names",
        "found",
        ("N16",),
    ),
    Code("NB112", "boilerplate", "imports and set-up that every notebook begins with", "below", ("B15",)),
    Code(
        "NB113",
        "near-miss blocks",
        "runs of statements that resemble each other; where only values differ, calls pass them",
        "found",
        ("H1", "H5"),
    ),
    Code("NB201", "heavy function", "stands alone and is past a limit, or in a production notebook", "found"),
    Code("NB202", "cell grown into a script", "one cell has more statements or decisions than a cell should", "found"),
    Code("NB203", "notebook past the threshold", "a notebook has grown past a limit as a whole", "review"),
    # Names a definition reads.
    Code("NB301", "import depends on order", "several imports bind the name to different things", "blocks", ("N1",)),
    Code(
        "NB302", "import statement that acts", "the try or if around an import does more than choose", "blocks", ("N2",)
    ),
    Code("NB303", "star import", "only `from x import *` can have bound the name", "review", ("N3",)),
    Code("NB304", "constant that can't come along", "its values differ, or its cell may not change", "blocks", ("N4",)),
    Code("NB305", "reads state", "reads what the notebook computed or rebinds", "blocks", ("N5", "N4b", "D11")),
    Code(
        "NB307", "helper depends on order", "several definitions of a helper, or a conditional one", "blocks", ("N7",)
    ),
    Code("NB309", "session name", "In, Out, _, exit and their like", "blocks", ("N9",)),
    Code("NB310", "name bound nowhere", "nothing in the notebook binds a name it reads", "blocks", ("N10",)),
    Code("NB311", "shadowed builtin", "the notebook binds a builtin's name to something else", "blocks", ("N11",)),
    Code("NB312", "state in a string", "a string that is run as code names state", "blocks", ("N12",)),
    Code("NB313", "magic inside", "a magic or shell line inside the definition", "blocks", ("N13",)),
    Code("NB314", "dynamic names", "looks at namespaces or frames", "blocks", ("N14",)),
    Code("NB315", "needs what must stay", "a helper or constant it needs is blocked", "blocks", ("N6",)),
    Code("NB316", "module's own name", "reads __name__, __file__ or their like", "blocks", ("N15", "W3")),
    Code(
        "NB318",
        "import would load more",
        "the import would run or load what was not loaded by then",
        "blocks",
        ("N18",),
    ),
    Code("NB319", "unknown module", "imports a file beside the notebook, or a module nobody knows", "blocks", ("N19",)),
    # The moment a definition runs.
    Code("NB321", "default that is computed", "a default calls something or reads state", "blocks", ("D1",)),
    Code("NB323", "decorator not known to be pure", "a decorator may register, show or change", "blocks", ("D2", "D3")),
    Code("NB324", "class with effects", "making the class, or changing it later, does more", "blocks", ("D4", "D5")),
    Code(
        "NB326", "annotation that is read", "an evaluated annotation names state, or copies differ", "blocks", ("D6",)
    ),
    Code("NB327", "defined again", "a later definition of the name would be missed", "blocks", ("D7",)),
    Code("NB328", "conditional definition", "stands inside if, for, try or with", "blocks", ("D8",)),
    Code("NB329", "patched definition", "a moved definition would go past a patch", "blocks", ("D9",)),
    Code("NB330", "global statement", "assigns a name of the notebook", "blocks", ("D10",)),
    Code("NB332", "one of a group", "overloads and generic functions move whole or not", "blocks", ("D12",)),
    # Where it lives.
    Code("NB341", "pickles", "new pickles would name the package", "review", ("W1",)),
    Code("NB342", "travels to workers", "workers need the package installed", "note", ("W2",)),
    Code("NB344", "quiet deprecation", "its DeprecationWarning would not be shown from a module", "note", ("W4",)),
    Code("NB346", "text that is read", "doctest, __doc__ or getsource would see a difference", "blocks", ("W5", "W6")),
    Code("NB347", "autoreload and constants", "a changed constant needs a restart", "note", ("N4", "W7")),
    # The definition's text and cell.
    Code("NB350", "not understood", "Python's own judge of names sees others than the index", "blocks"),
    Code("NB352", "old format", "stands in a notebook of format 3 or older", "blocks", ("F2",)),
    Code("NB353", "locked cell", "the cell belongs to another tool", "blocks", ("F3",)),
    Code("NB354", "paired notebook", "the notebook is half of a jupytext pair", "blocks", ("F4",)),
    Code("NB355", "unknown name", "a part that can't be read may bind a name it reads", "blocks", ("F5",)),
    Code("NB357", "timed cell", "stands in a %%timeit cell", "blocks", ("B17",)),
    Code("NB358", "transformed cell", "the cell is indented as a whole or has prompts", "blocks"),
    Code("NB360", "marked to be kept", "# nb2mod: keep, or the tag keep", "blocks", ("F10",)),
    Code("NB390", "proof failed", "the tool doubted its own change and took it back", "blocks"),
    # Runs of statements.
    Code(
        "NB361",
        "possibly unbound",
        "a name may have no value where the block takes or gives it",
        "blocks",
        ("B2", "B9"),
    ),
    Code(
        "NB362",
        "seen while it runs",
        "what the block runs reads or sets a name that the block binds",
        "blocks",
        ("B4", "B5"),
    ),
    Code(
        "NB363",
        "closure over a rebound name",
        "something made in the block reads a name later that is bound again",
        "blocks",
        ("B7",),
    ),
    Code("NB364", "suspends at top level", "await, async for, async with or yield in the block", "blocks", ("B8",)),
    Code(
        "NB365", "deletes a name of the notebook", "del of a name that something else reads or binds", "blocks", ("B9",)
    ),
    Code("NB366", "shown by a setting", "the notebook shows expressions that a function would not", "blocks", ("B10",)),
    Code("NB367", "names half bound", "the cell is expected to raise, and the notebook goes on", "blocks", ("B14",)),
    Code(
        "NB368", "annotations are read", "the notebook reads the annotations of its own variables", "blocks", ("B13",)
    ),
    Code(
        "NB369",
        "output would move",
        "the block goes over a cell border, and its later cells may show something",
        "review",
        ("B1",),
    ),
    Code(
        "NB370", "copies differ", "after renaming the copies still differ, or need different things", "blocks", ("B1",)
    ),
    Code(
        "NB371", "no longer visible at the prompt", "names that only the block mentions become local", "note", ("B16",)
    ),
    # Near-miss copies, and state as an argument.
    Code(
        "NB372",
        "statements differ",
        "copies resemble each other and do not do the same statement by statement",
        "blocks",
        ("H5",),
    ),
    Code(
        "NB373",
        "no parameter can tell them apart",
        "copies differ in an operator, an attribute, or in what only the function itself can work out",
        "blocks",
        ("H2", "H3", "H4"),
    ),
    Code("NB374", "too many differences", "one function would need more than four new parameters", "blocks", ("H7",)),
    Code(
        "NB375", "values become parameters", "which value each copy had, and passes from now on", "note", ("H1", "H8")
    ),
    Code(
        "NB376",
        "can't be handed in",
        "a use that is no call, a call that can't be rewritten with certainty, or a name that may have no value there",
        "blocks",
        ("N5", "D1", "D11", "N4"),
    ),
    Code("NB377", "state becomes an argument", "each call passes what the function read", "note", ("N5", "N4", "D11")),
    # What a call would have to carry.
    Code(
        "NB378",
        "too much goes through the call",
        "a call would pass more than eight arguments or take more than five values back, or calls would say as much as goes away",
        "review",
        ("B1", "H1"),
    ),
    # What is odd about a notebook.
    Code("NB401", "cell does not parse", "a cell is no Python; its names count as unknown", "warning", ("F5",)),
    Code("NB402", "run order", "was run in another order than top to bottom, or can't be run in that one", "warning"),
    Code("NB403", "copied notebooks", "notebooks that are copies of each other as a whole", "note", ("N17",)),
    Code("NB404", "unreadable file", "no notebook, or a file that can't be read", "warning", ("F5", "F9")),
    Code("NB405", "not Python", "the notebook's language is another one", "warning", ("F5",)),
    Code("NB406", "old format", "format 3 or older: read, not rewritten", "warning", ("F2",)),
    Code("NB407", "cell in another language", "%%bash, %%R and their like are not read", "note", ("F5",)),
    Code("NB408", "paired notebook", "half of a jupytext pair: read, not rewritten", "note", ("F4",)),
    Code("NB409", "same name, different body", "kept apart, under names of their own", "note", ("N16",)),
    Code(
        "NB410",
        "opened from links",
        "opened from Colab or Binder, where the package is not installed",
        "note",
        ("F12",),
    ),
    Code("NB411", "stage not understood", "metadata.nb2mod.stage is neither exploratory nor production", "warning"),
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
