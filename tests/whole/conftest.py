"""Notebooks as a whole: small projects written from one text, extracted in this process."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from harness.author import files_of

from nb2mod import pipeline, settings
from nb2mod.model import Report, Whole

NAME = "report.ipynb"
PROJECT = '=== pyproject.toml\n[tool.nb2mod]\npackage = "team"\n'


class Laid(SimpleNamespace):
    """A project on disk with one notebook that is to become a module."""

    root: Path

    def request(self, **fields: Any) -> pipeline.Request:
        fields = {"jobs": 1, "cache": False, "allow_dirty": True} | fields
        config = settings.load(self.root)
        return pipeline.Request(self.root, config, (self.root / NAME,), here=True, whole=True, **fields)

    def proposed(self, **fields: Any) -> Report:
        """What would be written; nothing is."""
        return pipeline.extract(self.request(**fields))

    def extracted(self, **fields: Any) -> Whole:
        """Effect: writes the module and the driver."""
        report = self.proposed(**fields)
        pipeline.write(self.request(**fields), report)
        assert report.whole is not None
        return report.whole

    def module(self, whole: Whole) -> str:
        return (self.root / "src" / f"{whole.module.replace('.', '/')}.py").read_text("utf-8")


def lay(root: Path, text: str) -> Laid:
    """The project of a text: a notebook in percent format, or several files that `===` lines begin."""
    text = text if "=== " in text else f"{PROJECT}=== {NAME}\n{text.lstrip()}"
    for path, data in files_of(text).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return Laid(root=root)


@pytest.fixture
def laid(project_root: Path) -> Any:
    return lambda text: lay(project_root, text)
