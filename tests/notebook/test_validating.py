"""validate: nbformat's judgement as one line, on anything at all."""

from pathlib import Path

import pytest

from nb2mod.notebook import validate

FIXTURES = Path(__file__).parents[2] / "fixtures" / "notebooks"
ACCEPTED = [
    "indent_1",
    "bom",
    "crlf_file",
    "lone_surrogate",
    "nan_in_output",
    "nbformat_4_5_ids",
    "nbformat_3",
    "duplicate_ids",
    "papermill",
]
FAULTS = {
    "cell_source_number": "cell 2: ",
    "cell_source_missing": "cell 2: ",
    "cell_is_a_number": "cell 2: ",
    "ids_below_4_5": "cell 1: Additional properties",
    "no_metadata": "'metadata' is a required property",
    "cells_missing": "'cells' is a required property",
    "json_list": "not a JSON object",
    "json_without_nbformat": "No schema",
    "nbformat_5": "nbformat can't judge it",
    "nbformat_is_text": "",
    "empty_file": "not JSON",
    "latin_1": "not JSON",
    "broken_cut_short": "not JSON",
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    assert validate((FIXTURES / f"{name}.ipynb").read_bytes()) is None


@pytest.mark.parametrize("name", FAULTS)
def test_fault_in_one_line(name: str) -> None:
    found = validate((FIXTURES / f"{name}.ipynb").read_bytes())
    assert found is not None
    assert found.startswith(FAULTS[name])
    assert "\n" not in found


def test_deep_nesting_is_a_fault_not_a_traceback() -> None:
    deep = b'{"cells": [], "nbformat": 4, "nbformat_minor": 4, "metadata": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}"
    assert validate(deep) is None or "\n" not in str(validate(deep))
