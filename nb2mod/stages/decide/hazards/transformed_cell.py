"""Cells whose text IPython changes before it runs: indented as a whole, or with prompts (>>>, In [1]:)."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB358"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks what stands in one: its lines can't be replaced one by one."""
    if subject.cell.facts.transformed:
        message = f"cell {subject.cell.number} is indented as a whole or has prompts; without them it could move"
        yield subject.blocks(CODE, message)
