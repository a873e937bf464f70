"""Settings: one frozen value, passed on. Reading it from pyproject.toml lives in `settings.py`."""

from msgspec import Struct

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

    `source` is the folder that holds the package ("src" or "."); None: found. `threshold_notebooks` counts places
    (copied notebooks once), `threshold_statements` nested statements without the docstring.
    """

    package: str | None = None
    source: str | None = None
    notebooks: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    threshold_notebooks: int = 2
    threshold_statements: int = 2
    count_copied_notebooks: bool = False  # True: every copy of a whole notebook counts as a place of its own
    pure_decorators: tuple[str, ...] = ()  # beside PURE_DECORATORS; dotted names
    imports: str = "in-place"  # or "top"
    bootstrap: str = "none"  # or "sys-path"
    manage_dependencies: bool = False  # the package's pyproject is ours: add what new modules import
    modules: dict[str, str] = {}  # function name → module, relative to the package


class Key(Struct, frozen=True):
    """One key of `[tool.nb2mod]`, as a person writes it. `field` is its name in `Config`; `default` is TOML text."""

    name: str  # kebab-case; "threshold.notebooks" stands in the table [tool.nb2mod.threshold]
    field: str
    type: str
    default: str
    meaning: str
    choices: tuple[str, ...] = ()


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
    Key(
        "threshold.notebooks",
        "threshold_notebooks",
        "number",
        "2",
        "In how many notebooks a definition must stand before it is extracted.",
    ),
    Key(
        "threshold.statements",
        "threshold_statements",
        "number",
        "2",
        "How many statements it must have, nested ones counted, the docstring not.",
    ),
    Key(
        "modules",
        "modules",
        "table of text",
        "{}",
        'Which module a function goes to when the proposed one is not wanted: load_scores = "dataset".',
    ),
)
