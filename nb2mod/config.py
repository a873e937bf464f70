"""Settings: one frozen value, passed on. Reading it from pyproject.toml lives in `settings.py`."""

from msgspec import Struct

PURE_DECORATORS = (
    "abc.abstractmethod",
    "classmethod",
    "contextlib.asynccontextmanager",
    "contextlib.contextmanager",
    "dataclasses.dataclass",
    "functools.cache",
    "functools.cached_property",
    "functools.lru_cache",
    "functools.total_ordering",
    "functools.wraps",
    "jax.jit",
    "numba.jit",
    "numba.njit",
    "numba.vectorize",
    "numpy.vectorize",
    "property",
    "staticmethod",
    "tensorflow.function",
    "torch.inference_mode",
    "torch.jit.script",
    "torch.no_grad",
    "typing.final",
    "typing.no_type_check",
    "typing.overload",
    "typing.override",
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
