"""The proof: doubts a ChangeSet from its bytes alone, without running any of it.

Imports nothing of the rooms that plan and rewrite, nor `syntax`, which they read code with: an error there must not agree with
one here. Of ours only `model`, the data, and `notebook`: its masker tells which lines are magics, held against IPython's own
transformer in the tests, and its validator is nbformat. `tests/harness/architecture.py` holds the proof to that.

Each check has its own file: `compiles`, `names`, `inlines`, `only_source`, `accepted`, `loads`, `extends`, `namespaces`,
`driving`; `proving` puts them in order, `by_bytes` does so for a change that nobody planned. A plan is asked whom to blame and
what it recorded, never whether something is the same. Repairs nothing, touches neither disk nor processes: what it reads is
handed in.

A run of statements that became a call is read as the function that it became (`calls` finds it, `virtual` puts it there), so
that every check of definitions holds for it; `flowing` asks whether a call in its place does the same. A definition that got
parameters is read as if it had always had them (`raising` finds them, `lifted` puts them there); `lifting` asks, by `handed` and
`passed`, whether its calls hand in what stood there.
"""

from nb2mod.stages.verify.proof.by_bytes import prove_bytes
from nb2mod.stages.verify.proof.proving import Proof, prove

__all__ = ["Proof", "prove", "prove_bytes"]
