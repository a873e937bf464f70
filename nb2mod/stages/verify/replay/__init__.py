"""Calls recorded while the old notebook ran, passed to the old and to the new definition in one process.

targets         what a plan takes out of one notebook
staged_package  the package as it will be, in a folder beside the scratch copy; package_folder: in a temporary one
replay          one notebook: recorded, made again, compared
takes_more      whether a definition has parameters that recorded calls know nothing of
tests_for       of the calls that were the same, a chosen few as tests of the package
"""

from nb2mod.stages.verify.replay.calls import NewFile, Record, ReplayResult, Target
from nb2mod.stages.verify.replay.fitting import takes_more
from nb2mod.stages.verify.replay.replaying import package_folder, replay, staged_package, targets
from nb2mod.stages.verify.replay.trying import tests_for

__all__ = [
    "NewFile",
    "Record",
    "ReplayResult",
    "Target",
    "package_folder",
    "replay",
    "staged_package",
    "takes_more",
    "targets",
    "tests_for",
]
