"""N19: a file beside the notebook that Python would find under the package's own name, before the package."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB319"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks every definition of a notebook from which the package can't be reached by its name."""
    where = subject.environment.hides_package.get(subject.features.path.rpartition("/")[0])
    if where:
        message = f"an import of the package would find {where} first; set another `package`, or move that file"
        yield subject.blocks(CODE, message)
