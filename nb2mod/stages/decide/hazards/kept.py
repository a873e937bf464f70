"""F10: `# nb2mod: keep` on a definition or cell, or the tag `keep`."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject
from nb2mod.syntax.keeping import kept_line

CODE = "NB360"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks it: a person said so."""
    line = kept_line(subject.cell, subject.definition.top, subject.definition.def_line)
    if line is not None:
        how = "by the cell's tag" if line == 0 else f"in line {line}"
        yield subject.blocks(CODE, f"is marked to be kept {how}", subject.place(line or None))
