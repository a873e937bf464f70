"""STAGE: paths → the files of a run, and the package that extracted code goes to. Reads folders and packaging files only."""

from nb2mod.stages.discover.declared import declared
from nb2mod.stages.discover.declared_stage import declared_stage
from nb2mod.stages.discover.files import SUFFIX, find
from nb2mod.stages.discover.fingerprint import surroundings
from nb2mod.stages.discover.local import gives_module, local_module, module_files
from nb2mod.stages.discover.packages import package, require_package
from nb2mod.stages.discover.pairing import has_half, pairing
from nb2mod.stages.discover.revision import at_revision
from nb2mod.stages.discover.scope import named_files, within
from nb2mod.stages.discover.suites import stands, tests_folder
from nb2mod.stages.discover.unseen import ignored_by_git

__all__ = [
    "SUFFIX",
    "at_revision",
    "declared",
    "declared_stage",
    "find",
    "gives_module",
    "has_half",
    "ignored_by_git",
    "local_module",
    "module_files",
    "named_files",
    "package",
    "pairing",
    "require_package",
    "stands",
    "surroundings",
    "tests_folder",
    "within",
]
