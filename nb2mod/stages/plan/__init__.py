"""STAGE: decided candidates → `Plan`: names, modules, statements to replace. Makes no text of modules or notebooks.

`gather.py` makes units of candidates, `limits.py` says what their modules may load, `placing.py` gives them seats.
"""

from nb2mod.stages.plan.absent import absent_modules
from nb2mod.stages.plan.making import make

__all__ = ["absent_modules", "make"]
