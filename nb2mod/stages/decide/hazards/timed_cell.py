"""B17: the body of a %%timeit cell runs inside a function of IPython's, many times."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB357"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks what stands in one: it is what is being measured."""
    if subject.cell.facts.runs_in_function:
        yield subject.blocks(
            CODE, f"stands in a %%{subject.cell.facts.cell_magic or 'timeit'} cell, which is never rewritten"
        )
