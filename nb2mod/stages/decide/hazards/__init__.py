"""The hazard checks, each in its own file with its own page under docs/codes/. The list is written out: its order is the order
of the reasons in a report.
"""

from collections.abc import Callable, Iterable

from nb2mod.model import Reason
from nb2mod.stages.decide.subject import Subject

Check = Callable[[Subject], Iterable[Reason]]

HAZARDS: tuple[Check, ...] = ()
