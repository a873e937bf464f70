"""N13: a magic or shell line inside the definition, or a call that IPython makes of one."""

from collections.abc import Iterator

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

CODE = "NB313"


def check(subject: Subject) -> Iterator[Reason]:
    """Blocks it: a module is plain Python, and magics see the notebook's names."""
    definition = subject.definition
    for first, last, name in subject.cell.facts.magic_lines:
        if first <= definition.end_line and last >= definition.line:
            what = {"!": "a shell line", "?": "a help line"}.get(name, f"the magic %{name}")
            yield subject.blocks(CODE, f"holds {what}, which only a notebook can run", subject.place(first))
            return
    for read in subject.details.shell:
        message = f"`get_ipython().{read.name}` runs in the notebook's namespace, not in a module's"
        yield subject.blocks(CODE, message, subject.inside(read.line))
        return
