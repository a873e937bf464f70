"""The proof: doubts a ChangeSet from its bytes alone, without running any of it.

Shares no code with the rooms that plan and rewrite.
Each check has its own file: `compiles`, `names`, `inlines`, `only_source`, `accepted`, `loads`, `extends`; `proving` puts them
in order. Repairs nothing, touches neither disk nor processes: what it reads is handed in.
"""

from nb2mod.stages.verify.proof.by_bytes import prove_bytes
from nb2mod.stages.verify.proof.proving import Proof, prove

__all__ = ["Proof", "prove", "prove_bytes"]
