"""The stage a notebook has reached, what shows it, and how far each thing in it is from its limit. Decides nothing."""

from enum import StrEnum

from msgspec import Struct

from nb2mod.model.places import Location


class Stage(StrEnum):
    """What a notebook is for."""

    EXPLORATORY = "exploratory"  # a person tries something out
    PRODUCTION = "production"  # something runs it, or relies on what it writes


class Evidence(Struct, frozen=True):
    """One thing that speaks for a stage, with its place.

    `weight`: "decides" (a person declared it), "strong" (enough for production by itself), "weak" (only beside another), or
    "note" (told, and not counted). `kind`: "configuration", "metadata", "parameters", "papermill", "orchestrator", "client"
    or "write". `message` is a clause without subject: "imports airflow".
    """

    kind: str
    message: str
    weight: str
    location: Location | None = None


class Measure(Struct, frozen=True):
    """One number and the limit it is held against; it is past from the limit on. `name` is the key of the limit in the
    settings: "notebook-lines". `location` is where the largest of several stands.
    """

    name: str
    value: int
    limit: int
    location: Location | None = None

    @property
    def past(self) -> bool:
        return self.value >= self.limit


class NotebookStage(Struct, frozen=True):
    """One notebook: its stage, all evidence looked at (strongest first), and its distance to each limit."""

    path: str
    stage: Stage
    evidence: tuple[Evidence, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def production(self) -> bool:
        return self.stage is Stage.PRODUCTION

    @property
    def counted(self) -> tuple[Evidence, ...]:
        """The evidence that made the stage: the declaration alone, where there is one."""
        decides = tuple(one for one in self.evidence if one.weight == "decides")
        return decides or tuple(one for one in self.evidence if one.weight in ("strong", "weak"))
