"""What flows through a block (hazards B1 to B17): parameters, return values, names that become local, imports that stay,
and every reason why it can't be a function.

The promise is about a notebook run from top to bottom; what is read elsewhere is looked for in every order. Unknown is blocked.
"""

from nb2mod.stages.analyze.blocks.flowing import flow_of

__all__ = ["flow_of"]
