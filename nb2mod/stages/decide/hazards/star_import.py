"""N3: a name that only `from x import *` or %pylab can have bound."""

from collections.abc import Iterator

from nb2mod.model import BindKind, Bound, Reason
from nb2mod.stages.decide.order import END, used_between
from nb2mod.stages.decide.rows import rows
from nb2mod.stages.decide.subject import Dependency, Subject
from nb2mod.syntax.stars import brings, may_bring

CODE = "NB303"
LATER = {"import": "NB301", "constant": "NB305", "helper": "NB307"}  # what a star import below it makes of a name


def check(subject: Subject) -> Iterator[Reason]:
    """Wants a review where nothing else binds the name, the star import comes along, and the text does not tell that the name is
    in it; or where a star import may bind again what stands above it. Blocks where it certainly does.
    """
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
            place = subject.place(dependency.line)
            if brings(star.binding.target, dependency.name):
                yield subject.blocks(LATER[dependency.meaning.kind], message, place)
            else:
                yield subject.review(CODE, message, place)


def _star_after(subject: Subject, dependency: Dependency) -> Bound | None:
    """A star import below the name's own binding. One of a whole module gives the same `np` as everybody's."""
    meaning = dependency.meaning
    if meaning.kind not in LATER or not meaning.bound:
        return None
    last = meaning.bound[-1]
    if last.binding.kind is BindKind.IMPORT and last.binding.text.startswith("import "):
        return None
    place = (last.cell, last.binding.line)
    below = (star for star in subject.names.stars if (star.cell, star.binding.line) > place)
    may = (star for star in below if may_bring(star.binding.target, dependency.name))
    return next((star for star in may if used_between(subject, (star.cell, star.binding.line), END)), None)
