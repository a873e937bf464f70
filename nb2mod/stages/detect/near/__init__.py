"""Near-miss copies of definitions (type 3): those that differ by what no renaming explains.

Which may resemble each other is asked of `neighbours.py`, how much they do of `aligning.py`, and `joining.py` makes the classes.
"""

from collections.abc import Sequence

from nb2mod.model import CloneClass, Features, NearClass
from nb2mod.stages.detect.near.joining import classes_of
from nb2mod.stages.detect.near.shapes import Shape

# The least size of definitions of different names, in statements and in tokens; those of one name, which says much, may be half
# as large.
STATEMENTS, TOKENS = 4, 24


def near_classes(
    features: Sequence[Features], classes: Sequence[CloneClass], *, statements: int = STATEMENTS
) -> tuple[NearClass, ...]:
    """Definitions that resemble each other, of notebooks and of the package, in order of place: of `statements` and more, or of
    half as many where they are called the same.

    The same for every order of files. A shape is in one class at most.
    """
    shapes = [Shape(features, one) for one in classes if 2 * _length(features, one) >= TOKENS]
    for shape in shapes:
        shape.small = shape.length < statements or shape.spelled.size < TOKENS
    shapes = [shape for shape in shapes if 2 * shape.length >= statements and 2 * shape.spelled.size >= TOKENS]
    shapes.sort(key=lambda shape: shape.rank)
    found = []
    for kind in sorted({shape.kind for shape in shapes}):
        for joined, least in classes_of([shape for shape in shapes if shape.kind == kind]):
            members = sorted(member for shape in joined for member in shape.members)
            # Two shapes are never quite the same, however small the difference.
            found.append(NearClass(kind, tuple(members), min(0.99, round(least, 2))))
    return tuple(sorted(found, key=lambda one: one.members))


def _length(features: Sequence[Features], one: CloneClass) -> int:
    """At least as many tokens as its first copy has."""
    at = one.members[0]
    return len(features[at.file].cells[at.cell].facts.definitions[at.definition].tokens)
