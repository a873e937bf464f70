"""N3: a name that only `from x import *` or %pylab can have bound."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Bound, Reason
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Dependency, Subject

CODE = "NB303"


def check(subject: Subject) -> Iterator[Reason]:
    """Wants a review: the star import comes along, and no one can tell from the text that the name is in it."""
    for dependency in rows(subject, CODE):
        stars = [f"`{bound.binding.text}` ({subject.where(bound)})" for bound in dependency.meaning.bound]
        message = (
            f"`{dependency.name}` can only come from {' or '.join(stars)}, which would come along; import it by name"
        )
        yield subject.review(CODE, message, subject.place(dependency.line))
    for dependency in subject.read:
        star = _star_after(subject, dependency)
        if star is not None:
            message = (
                f"`{dependency.name}` is bound before `{star.binding.text}` ({subject.where(star)}), which may bind it again; "
                "put star imports first"
            )
            yield subject.review(CODE, message, subject.place(dependency.line))


def _star_after(subject: Subject, dependency: Dependency) -> Bound | None:
    """A star import below the name's own binding. One of a whole module gives the same `np` as everybody's."""
    meaning = dependency.meaning
    if meaning.kind not in ("import", "constant", "helper") or not meaning.bound:
        return None
    last = meaning.bound[-1]
    if last.binding.kind is BindKind.IMPORT and last.binding.text.startswith("import "):
        return None
    place = (last.cell, last.binding.line)
    return next((star for star in subject.names.stars if (star.cell, star.binding.line) > place), None)
