"""Runs of statements that could become functions: where they stand, what flows through them, and the function they become.

A *block* is a run of top-level statements of one notebook, in one cell or over the borders of neighbouring ones.
"""

from msgspec import Struct

from nb2mod.model.clones import Reason
from nb2mod.model.lifts import NewParameter


class Block(Struct, frozen=True, order=True):
    """One run of statements: indexes into the list of Features, its cells and their statements, both ends inclusive.

    Its first line holds no statement before it, its last line none after it. Inside: no definition at top level, no magic,
    no star import, no bare expression that the notebook shows, no statement that is work already done (a call of what the
    team's package gave the notebook).
    """

    file: int
    cell: int
    first: int
    last_cell: int
    last: int


class BlockClass(Struct, frozen=True):
    """Blocks that are copies of each other, in order of place; one alone when it is heavy by itself (NB202).

    `clone_type` is 1 (exact up to layout and comments), 2 (names consistently renamed) or 3 (near copies: `similarity` is the
    least among those that join them, `parts` are the classes of those that are exact copies of others). `statements` counts
    nested ones, of the longest copy; `lines` those of the first. `saved` are the lines that the notebooks lose less what calls
    and function cost. `boilerplate`: imports and set-up alone (NB112).
    """

    shape: bytes
    members: tuple[Block, ...]
    clone_type: int | None
    statements: int
    lines: int
    saved: int = 0
    boilerplate: bool = False
    similarity: float = 1.0
    parts: tuple["BlockClass", ...] = ()
    code: str = "NB111"  # NB111 copies, NB113 near copies, NB112 boilerplate, NB202 a cell that has grown into a script


class BlockFlow(Struct, frozen=True):
    """What flows through one block when it becomes a function in its place (hazards B1 to B17).

    `inputs`: names that the notebook binds otherwise than by import or definition, and that the block reads before it certainly
    binds them, in order of first read; they become parameters. `outputs`: names that it binds and that something else of the
    notebook may read, in order of first binding; they become the return values. `local`: names that it binds and nothing else
    mentions (B16). `stays`: imports of the block that the notebook needs too, as (name, statement) (B6); they are repeated
    below the call. `reasons`: why it can't be one (effect "blocks"), wants a review, or what a person should know.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    stays: tuple[tuple[str, str], ...] = ()
    reasons: tuple[Reason, ...] = ()


class Cut(Struct, frozen=True):
    """A block as the function it becomes and the statements that stand in its place, in its own notebook's names.

    `text` is the function without docstring; "" where an earlier block of the notebook has the same: then only the call is
    left. `call` are the lines of the call: `scores, total = load_scores(path)`, and imports that stay. `docstring` are the lines
    that come below the function's first one. `names` are those of the body in order of first appearance. `arguments`: of near
    copies, the parameters that stand for what differs, and what this call passes for them.
    """

    block: Block
    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    text: str
    call: str
    docstring: str = ""
    names: tuple[str, ...] = ()
    arguments: tuple[NewParameter, ...] = ()
