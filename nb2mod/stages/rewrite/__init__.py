"""STAGE: `Plan` → `ChangeSet`: every byte of every changed notebook and module, before and after. Home of black.

`cells.py` edits cells, `modules.py` makes and extends modules, `rendering.py` puts the files together. Decides nothing.
"""

from nb2mod.stages.rewrite.rendering import render, wanted

__all__ = ["render", "wanted"]
