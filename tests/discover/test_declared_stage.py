"""Which stage the settings' patterns give a notebook."""

import pytest

from nb2mod.config import Config
from nb2mod.model import Stage
from nb2mod.stages.discover import declared_stage

P, E = Stage.PRODUCTION, Stage.EXPLORATORY


@pytest.mark.parametrize(
    ("production", "exploratory", "path", "expected"),
    [
        (("jobs/**",), (), "jobs/a.ipynb", (P, "jobs/**")),
        (("jobs/**",), (), "jobs/deep/a.ipynb", (P, "jobs/**")),
        (("jobs/",), (), "jobs/deep/a.ipynb", (P, "jobs/")),
        (("jobs/",), (), "teams/jobs/a.ipynb", (P, "jobs/")),
        (("/jobs/",), (), "teams/jobs/a.ipynb", None),
        (("jobs",), (), "jobs/a.ipynb", (P, "jobs")),
        (("jobs/",), (), "jobs.ipynb", None),
        (("*_daily.ipynb",), (), "x/y_daily.ipynb", (P, "*_daily.ipynb")),
        (("a.ipynb", "*.ipynb"), (), "a.ipynb", (P, "*.ipynb")),
        (("jobs/", "!jobs/a.ipynb"), (), "jobs/a.ipynb", None),
        (("jobs/", "!jobs/a.ipynb"), (), "jobs/b.ipynb", (P, "jobs/")),
        (("!jobs/a.ipynb", "jobs/"), (), "jobs/a.ipynb", (P, "jobs/")),
        (("jobs/",), ("jobs/trials/",), "jobs/trials/a.ipynb", (E, "jobs/trials/")),
        ((), ("*.ipynb",), "a.ipynb", (E, "*.ipynb")),
        (("# a comment",), (), "a comment", None),
        ((), (), "jobs/a.ipynb", None),
    ],
)
def test_patterns(
    production: tuple[str, ...], exploratory: tuple[str, ...], path: str, expected: tuple[Stage, str] | None
) -> None:
    config = Config(stage_production=production, stage_exploratory=exploratory)
    assert declared_stage(config)(path) == expected
