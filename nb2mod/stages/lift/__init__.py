"""STAGE: groups of copies that are to move → `Lifts`: what differs between them and what they read of the notebook's state become
parameters, and every call passes them.

Decides nothing of whether a copy moves: it makes of what could move what can be judged like any other definition. What is not
certain at each call is refused with its place.
"""

from nb2mod.stages.lift.groups import Group
from nb2mod.stages.lift.lifting import lift

__all__ = ["Group", "lift"]
