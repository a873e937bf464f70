"""A notebook as a whole (NB203): the module it becomes, its steps, and the function `main` that takes them in order."""

from msgspec import Struct

from nb2mod.model.clones import Reason


class Parameter(Struct, frozen=True):
    """One argument of `main`. `type` and `default` are Python text; `option` is what the command line calls it."""

    name: str
    type: str
    default: str
    option: str
    comment: str = ""  # what the notebook's line says behind it


class Step(Struct, frozen=True):
    """One run of statements that becomes a function of the module; cells as a person counts them."""

    name: str
    cell: int
    end_cell: int


class Whole(Struct, frozen=True):
    """What becomes of one notebook as a whole.

    `stays` says why steps and definitions stay in the notebook. `main` is the name of the function, "" when there is none, and
    then `refused` says why. `inside` are constants that are no parameters of it, `left_out` lines of the notebook that it does
    without, each as (what, why). `command` runs it, from the notebook's folder `folder`.
    """

    path: str
    module: str
    steps: tuple[Step, ...] = ()
    stays: tuple[tuple[str, Reason], ...] = ()
    main: str = ""
    parameters: tuple[Parameter, ...] = ()
    inside: tuple[tuple[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    refused: tuple[Reason, ...] = ()
    folder: str = ""
    command: str = ""
