"""STAGE: doubts a ChangeSet before it is written, from its bytes alone. Shares no code with the rooms that plan and rewrite.

Each check has its own file: `compiles`, `names`, `inlines`, `only_source`, `accepted`, `loads`, `extends`. Repairs nothing.
"""

from nb2mod.stages.verify.proof import Proof, prove

__all__ = ["Proof", "prove"]
