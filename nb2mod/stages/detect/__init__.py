"""STAGE: all Features → classes of copies, repeated and heavy blocks, and notebooks that are copies of each other as a whole.

Knows nothing of whether a thing may be moved, nor of what free names mean: that is for analyze and decide.
"""

from collections import defaultdict
from collections.abc import Sequence

from nb2mod.model import CloneClass, Features, Member
from nb2mod.stages.detect.blocks import block_classes, heavy_cells, near_beside
from nb2mod.stages.detect.copied import copied_notebooks
from nb2mod.stages.detect.near import near_classes
from nb2mod.stages.detect.steps import parameters, steps

__all__ = [
    "block_classes",
    "clone_classes",
    "copied_notebooks",
    "heavy_cells",
    "near_beside",
    "near_classes",
    "parameters",
    "steps",
]


def clone_classes(features: Sequence[Features]) -> tuple[CloneClass, ...]:
    """Definitions of one shape, in order of their first member; single ones too, for helpers that come along.

    The result depends on the files alone: the same for every order of workers.
    """
    groups: dict[tuple[bytes, str], list[Member]] = defaultdict(list)
    for file, feature in enumerate(features):
        for cell, one in enumerate(feature.cells):
            for index, definition in enumerate(one.facts.definitions):
                groups[definition.shape, definition.kind].append(Member(file, cell, index))
    return tuple(CloneClass(shape, tuple(members)) for (shape, _), members in groups.items())
