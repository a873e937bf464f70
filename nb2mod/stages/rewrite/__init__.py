"""STAGE: `Plan` → `ChangeSet`: every byte of every changed notebook and module, before and after. Home of black.

`cells.py` edits cells, `modules.py` makes and extends modules, `rendering.py` puts the files together. Decides nothing.
"""

from nb2mod.stages.rewrite.autoreload import with_autoreload
from nb2mod.stages.rewrite.formatting import Style
from nb2mod.stages.rewrite.modules import PACKAGE_DOCSTRING
from nb2mod.stages.rewrite.rendering import opened, render, wanted

__all__ = ["PACKAGE_DOCSTRING", "Style", "opened", "render", "wanted", "with_autoreload"]
