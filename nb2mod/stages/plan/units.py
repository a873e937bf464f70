"""What has to be placed: definitions and constants as units, with all that decides which modules they fit into."""

from msgspec import Struct

from nb2mod.model import CallSite, Target


class Import(Struct, frozen=True):
    """One import a unit needs. `name` is what it binds ("*" for a star), `meaning` tells equal bindings from clashes."""

    name: str
    text: str
    meaning: str
    loads: frozenset[str]
    lazy: bool  # read only when the function is called: may stand inside it


class Edge(Struct, frozen=True):
    """One unit that another one reads, under the name it is read by."""

    name: str
    unit: str
    lazy: bool


class Unit(Struct, frozen=True):
    """A definition or constant on its way to a module.

    `avail` are the third-party modules certainly loaded before every one of its statements (None: it has none);
    `reads` the builtins it uses; `annotated_later` whether its text relies on `from __future__ import annotations`
    (None: it can't tell).
    """

    key: str  # candidate id, or "constant …"
    candidate: str
    kind: str
    name: str
    source: str
    sites: tuple[CallSite, ...]
    order: tuple[int, str, int, int, str]  # frequent first, then by place
    avail: frozenset[str] | None = frozenset()
    imports: tuple[Import, ...] = ()
    edges: tuple[Edge, ...] = ()
    reads: frozenset[str] = frozenset()
    annotated_later: bool | None = None
    rename_ok: bool = False
    recursive: bool = False  # reads its own name, so the text can't have another
    root: bool = True  # asked for; else it only comes along with one that is
    forced: str | None = None  # the module a person chose
    wished: str | None = None  # the name a person chose for it there
    fixed: Target | None = None  # stands in the package already
    topic: str = ""
    words: frozenset[str] = frozenset()  # what it calls and imports, for the topic
    users: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def stars(self) -> frozenset[str]:
        """The star imports it needs: they rule a whole module, so only units with the same ones share one."""
        return frozenset(item.text for item in self.imports if item.name == "*")

    @property
    def is_function(self) -> bool:
        """Only a function can hold an import of its own."""
        return self.kind in ("function", "async function")
