"""STAGE: one notebook's Features → `Names`, what a free name means there, and what flows through a block of
statements. Order-free where a notebook is: any cell may be run again, and functions read globals when they are called.

Decides nothing: a meaning is a fact, whether it allows moving is for decide.
"""

from nb2mod.stages.analyze.blocks import flow_of
from nb2mod.stages.analyze.flow import earliest_run, position
from nb2mod.stages.analyze.meanings import Meanings, dotted_module
from nb2mod.stages.analyze.names import names_of
from nb2mod.stages.analyze.run_order import out_of_order, read_before
from nb2mod.stages.analyze.runners import with_runners
from nb2mod.stages.analyze.stage import stage_of

__all__ = [
    "Meanings",
    "dotted_module",
    "earliest_run",
    "flow_of",
    "names_of",
    "out_of_order",
    "position",
    "read_before",
    "stage_of",
    "with_runners",
]
