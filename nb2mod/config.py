"""Settings: one frozen value, passed on. Reading it from pyproject.toml lives in `settings.py`."""

from collections.abc import Iterator

from msgspec import Struct

from nb2mod.model import Stage

PURE_DECORATORS = (
    "abc.abstractclassmethod",
    "abc.abstractmethod",
    "abc.abstractproperty",
    "abc.abstractstaticmethod",
    "attr.attrs",
    "attr.define",
    "attr.frozen",
    "attr.s",
    "attrs.define",
    "attrs.frozen",
    "attrs.mutable",
    "classmethod",
    "contextlib.asynccontextmanager",
    "contextlib.contextmanager",
    "dataclasses.dataclass",
    "enum.unique",
    "functools.cache",
    "functools.cached_property",
    "functools.lru_cache",
    "functools.singledispatchmethod",
    "functools.total_ordering",
    "functools.wraps",
    "jax.checkpoint",
    "jax.custom_jvp",
    "jax.custom_vjp",
    "jax.grad",
    "jax.jit",
    "jax.value_and_grad",
    "jax.vmap",
    "numba.cuda.jit",
    "numba.guvectorize",
    "numba.jit",
    "numba.njit",
    "numba.vectorize",
    "numpy.vectorize",
    "property",
    "pydantic.field_serializer",
    "pydantic.field_validator",
    "pydantic.model_serializer",
    "pydantic.model_validator",
    "pydantic.root_validator",
    "pydantic.validator",
    "staticmethod",
    "tensorflow.function",
    "torch.compile",
    "torch.enable_grad",
    "torch.inference_mode",
    "torch.jit.export",
    "torch.jit.ignore",
    "torch.jit.script",
    "torch.no_grad",
    "types.coroutine",
    "typing.dataclass_transform",
    "typing.final",
    "typing.no_type_check",
    "typing.overload",
    "typing.override",
    "typing.runtime_checkable",
    "typing_extensions.final",
    "typing_extensions.override",
    "typing_extensions.runtime_checkable",
)


class Config(Struct, frozen=True):
    """`[tool.nb2mod]`, complete. `package` None: found or chosen from the repository.

    `source` is the folder that holds the package ("src" or "."); None: found. `threshold_…` are the limits of exploratory
    notebooks, `production_…` those of production notebooks: read them with `thresholds_for`. Each is the number from which
    on code belongs in a module. `stage_…` are patterns of notebooks whose stage a person has declared.
    """

    package: str | None = None
    source: str | None = None
    notebooks: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    threshold_notebooks: int = 2  # places: copied notebooks once
    threshold_statements: int = 2  # nested ones counted, docstrings not; so for all that follow
    threshold_block_statements: int = 5
    threshold_function_statements: int = 40
    threshold_function_complexity: int = 20
    threshold_function_cells: int = 20
    threshold_cell_statements: int = 25
    threshold_cell_complexity: int = 12
    threshold_notebook_lines: int = 1000
    threshold_notebook_cells: int = 150
    threshold_notebook_complexity: int = 250
    threshold_notebook_definitions: int = 60
    production_notebooks: int = 1
    production_statements: int = 2
    production_block_statements: int = 5
    production_function_statements: int = 25
    production_function_complexity: int = 12
    production_function_cells: int = 8
    production_cell_statements: int = 15
    production_cell_complexity: int = 8
    production_notebook_lines: int = 300
    production_notebook_cells: int = 40
    production_notebook_complexity: int = 40
    production_notebook_definitions: int = 10
    stage_production: tuple[str, ...] = ()
    stage_exploratory: tuple[str, ...] = ()
    count_copied_notebooks: bool = False  # True: every copy of a whole notebook counts as a place of its own
    pure_decorators: tuple[str, ...] = ()  # beside PURE_DECORATORS; dotted names
    imports: str = "in-place"  # or "top"
    bootstrap: str = "none"  # or "sys-path"
    manage_dependencies: bool = False  # the package's pyproject is ours: add what new modules import
    modules: dict[str, str] = {}  # function name → module, relative to the package


class Thresholds(Struct, frozen=True):
    """The limits of one stage; fields as in `Config`, without the prefix."""

    notebooks: int
    statements: int
    block_statements: int
    function_statements: int
    function_complexity: int
    function_cells: int
    cell_statements: int
    cell_complexity: int
    notebook_lines: int
    notebook_cells: int
    notebook_complexity: int
    notebook_definitions: int


def thresholds_for(config: Config, stage: Stage) -> Thresholds:
    """The limits that hold in notebooks of this stage."""
    prefix = "production" if stage is Stage.PRODUCTION else "threshold"
    return Thresholds(**{name: getattr(config, f"{prefix}_{name}") for name in Thresholds.__struct_fields__})


class Key(Struct, frozen=True):
    """One key of `[tool.nb2mod]`, as a person writes it. `field` is its name in `Config`; `default` is TOML text."""

    name: str  # kebab-case; "threshold.production.notebooks" stands in the table [tool.nb2mod.threshold.production]
    field: str
    type: str
    default: str
    meaning: str
    choices: tuple[str, ...] = ()


# name, default while exploring, default in production, meaning
_LIMITS = (
    ("notebooks", 2, 1, "in how many notebooks a definition must stand before it is extracted."),
    ("statements", 2, 2, "how many statements it must have, nested ones counted, the docstring not."),
    ("block-statements", 5, 5, "how many statements a repeated run of statements must have."),
    ("function-statements", 40, 25, "from how many statements on a function or class is heavy, wherever it stands."),
    ("function-complexity", 20, 12, "from which cyclomatic complexity on a function is heavy."),
    ("function-cells", 20, 8, "how many cells of one notebook must use a function or class to make it heavy."),
    ("cell-statements", 25, 15, "from how many statements on a cell has grown into a script, definitions apart."),
    ("cell-complexity", 12, 8, "from which cyclomatic complexity on it has, definitions apart."),
    ("notebook-lines", 1000, 300, "from how many lines of code on a notebook belongs in a module as a whole."),
    ("notebook-cells", 150, 40, "from how many code cells on it does."),
    ("notebook-complexity", 250, 40, "from which cyclomatic complexity of all its code on it does."),
    ("notebook-definitions", 60, 10, "from how many functions and classes on it does."),
)


def _limit_keys() -> Iterator[Key]:
    for name, exploring, _, meaning in _LIMITS:
        field = f"threshold_{name.replace('-', '_')}"
        yield Key(f"threshold.{name}", field, "number", str(exploring), meaning[0].upper() + meaning[1:])
    for name, _, production, meaning in _LIMITS:
        field = f"production_{name.replace('-', '_')}"
        yield Key(f"threshold.production.{name}", field, "number", str(production), f"In production: {meaning}")


# In the order `nb2mod init` and docs/configuration.md show them.
KEYS = (
    Key("package", "package", "text", "found or chosen", "Import name of the package that extracted code goes to."),
    Key("source", "source", "text", "found", 'Folder that holds the package: "src", or "." for the project itself.'),
    Key("notebooks", "notebooks", "list of text", '["."]', "Folders and files in which notebooks are looked for."),
    Key("exclude", "exclude", "list of text", "[]", "What to leave out beside .gitignore, in its pattern language."),
    Key(
        "imports",
        "imports",
        "text",
        '"in-place"',
        'Where the import goes: "in-place" of the definition, or "top", the import cell, where that is safe.',
        ("in-place", "top"),
    ),
    Key(
        "bootstrap",
        "bootstrap",
        "text",
        '"none"',
        '"sys-path" inserts a first cell that finds the package without an install; "none" expects it installed.',
        ("none", "sys-path"),
    ),
    Key(
        "manage-dependencies",
        "manage_dependencies",
        "true or false",
        "false",
        "Whether nb2mod may add what extracted code imports to the package's dependencies.",
    ),
    Key(
        "count-copied-notebooks",
        "count_copied_notebooks",
        "true or false",
        "false",
        "Whether copies of a whole notebook count as places of their own for the threshold.",
    ),
    Key(
        "pure-decorators",
        "pure_decorators",
        "list of text",
        "[]",
        "Decorators beside the well-known ones that only wrap what they are given, as dotted names.",
    ),
    *_limit_keys(),
    Key(
        "stage.production",
        "stage_production",
        "list of text",
        "[]",
        "Notebooks that are in production, as patterns in the language of .gitignore.",
    ),
    Key(
        "stage.exploratory",
        "stage_exploratory",
        "list of text",
        "[]",
        "Notebooks that are exploratory whatever speaks for production; wins over stage.production.",
    ),
    Key(
        "modules",
        "modules",
        "table of text",
        "{}",
        'Which module a function goes to when the proposed one is not wanted: load_scores = "dataset".',
    ),
)
