"""The hazard checks, each in its own file with its own page under docs/codes/. The list is written out: its order is the order
of the reasons in a report.
"""

from collections.abc import Callable, Iterable, Sequence

from nb2mod.model import Reason
from nb2mod.stages.decide.hazards import (
    ambiguous_helper,
    ambiguous_import,
    annotations,
    autoreload,
    bound_too_late,
    class_body,
    conditional,
    constant_cell,
    decorators,
    defaults,
    deprecation,
    dispatch,
    docstrings,
    dynamic_names,
    global_statement,
    hidden_package,
    import_statement,
    kept,
    locked_cell,
    magic_inside,
    module_identity,
    name_in_string,
    not_understood,
    old_format,
    paired_notebook,
    patched,
    pickled,
    redefined,
    session_name,
    shadowed_builtin,
    star_import,
    state,
    timed_cell,
    transformed_cell,
    unbound_name,
    unknown_module,
    unknown_name,
    workers,
)
from nb2mod.stages.decide.subject import Subject

Check = Callable[[Subject], Iterable[Reason]]
GroupCheck = Callable[[Sequence[Subject]], Iterable[tuple[Subject, Reason]]]

HAZARDS: tuple[Check, ...] = (
    # What a person said, and cells that nothing may change.
    kept.check,
    locked_cell.check,
    timed_cell.check,
    transformed_cell.check,
    old_format.check,
    hidden_package.check,
    paired_notebook.check,
    # The definition itself.
    not_understood.check,
    conditional.check,
    magic_inside.check,
    dynamic_names.check,
    global_statement.check,
    decorators.check,
    dispatch.check,
    defaults.check,
    class_body.check,
    redefined.check,
    patched.check,
    # The names it reads.
    state.check,
    unbound_name.check,
    unknown_name.check,
    bound_too_late.check,
    ambiguous_import.check,
    ambiguous_helper.check,
    shadowed_builtin.check,
    unknown_module.check,
    import_statement.check,
    session_name.check,
    module_identity.check,
    name_in_string.check,
    annotations.check,
    constant_cell.check,
    star_import.check,
    # Where it lives.
    docstrings.check,
    pickled.check,
    workers.check,
    deprecation.check,
    autoreload.check,
)

# Asked once per candidate, with all its copies: where what differs between them could be seen.
GROUP_HAZARDS: tuple[GroupCheck, ...] = (annotations.check_group, docstrings.check_group)
