"""The stage of a notebook: what counts as evidence, with its place and weight, and the harmless neighbour of each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from nb2mod.model import CellFeatures, Evidence, Features, Stage
from nb2mod.stages.analyze import stage_of
from nb2mod.stages.index.reading import digest, read_cell

STRONG, WEAK, NOTE = "strong", "weak", "note"


def notebook(*sources: str, tags: tuple[str, ...] = (), **more: Any) -> Features:
    """`tags` are the first cell's."""
    cells = tuple(
        CellFeatures(number, f"c{number}", source, digest(source), read_cell(source), tags if number == 1 else ())
        for number, source in enumerate(sources, 1)
    )
    return Features("jobs/a.ipynb", cells, **more)


def weights(*sources: str) -> list[str]:
    return [one.weight for one in stage_of(notebook(*sources)).evidence]


def the(evidence: tuple[Evidence, ...]) -> tuple[str, str, int, int]:
    (one,) = evidence
    assert one.location is not None
    return one.kind, one.weight, one.location.cell, one.location.line


@pytest.mark.parametrize(
    ("source", "weight", "line"),
    [
        ("x = 1\nimport airflow", STRONG, 2),
        ("from airflow.operators.python import PythonOperator", STRONG, 1),
        ("import os, dagster as dg", STRONG, 1),
        ("import prefect.flows", STRONG, 1),
        ("from kfp import dsl", STRONG, 1),
        ("import luigi", STRONG, 1),
        ("import papermill as pm", STRONG, 1),
        ("try:\n    import airflow\nexcept ImportError:\n    airflow = None", STRONG, 2),
        ("def run():\n    from airflow import DAG\n    return DAG", STRONG, 2),
        ("import boto3", WEAK, 1),
        ("from azure.storage.blob import BlobServiceClient", WEAK, 1),
        ("import sagemaker.session", WEAK, 1),
        ("from pyspark.sql import *", WEAK, 1),
        ("import ray", WEAK, 1),
        ("from dask.distributed import Client", WEAK, 1),
        ("from dask import delayed, distributed", WEAK, 1),
        ("import google.cloud.storage", WEAK, 1),
        ("from google.cloud import bigquery", WEAK, 1),
        ("from google import cloud", WEAK, 1),
        ("def f():\n    import google.cloud.storage as s\n    return s", WEAK, 2),
        ("import mlflow", WEAK, 1),
    ],
)
def test_imports(source: str, weight: str, line: int) -> None:
    stage = stage_of(notebook("print()", source))
    kind = "orchestrator" if weight == STRONG else "client"
    assert the(stage.evidence) == (kind, weight, 2, line)
    assert stage.stage is (Stage.PRODUCTION if weight == STRONG else Stage.EXPLORATORY)


@pytest.mark.parametrize(
    "source",
    [
        "import pandas, numpy as np",
        "import dask",
        "import dask.dataframe as dd",
        "from dask import delayed",
        "from google.colab import drive",
        "import google.auth",
        "def f():\n    from google.colab import files\n    return files",
        "import airflow_helpers",
        "import rayleigh",
        "# import airflow",
        "airflow = 'import airflow'",
        "from .airflow import x",
        "import wandb",
    ],
)
def test_imports_that_say_nothing(source: str) -> None:
    stage = stage_of(notebook(source))
    assert stage.evidence == ()
    assert stage.stage is Stage.EXPLORATORY


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("df.to_sql('t', engine)", 1),
        ("x = 1\npd.read_csv('a').dropna().to_sql('t', engine)", 2),
        ("def f(df):\n    df.to_gbq('d.t')", 2),
        ("df.write.saveAsTable('t')", 1),
        ("df.write.mode('append').format('delta').save('x')", 1),
        ("(df\n .write\n .partitionBy('day')\n .parquet('x'))", 4),
        ("df.writeStream.outputMode('append').start()", 1),
        ("df.writeTo('t').append()", 1),
        ("s3.upload_file('a', 'b', 'c')", 1),
        ("boto3.client('s3').put_object(Bucket='b')", 1),
        ("bucket.blob('x').upload_from_filename('a')", 1),
        ("df.to_parquet('s3://b/x')", 1),
        ("df.to_csv(f'gs://b/{day}.csv')", 1),
        ("df.to_parquet(path='abfss://c@a/x')", 1),
        ("%time df.to_sql('t', engine)", 1),
    ],
)
def test_writes(source: str, line: int) -> None:
    stage = stage_of(notebook("print()", source))
    assert the(tuple(one for one in stage.evidence if one.kind == "write")) == ("write", STRONG, 2, line)
    assert stage.stage is Stage.PRODUCTION


@pytest.mark.parametrize(
    "source",
    [
        "# df.to_sql('t', engine)",
        "x = \"df.to_sql('t', engine)\"",
        "pd.read_parquet('s3://b/x')",
        "pd.read_sql('t', engine)",
        "spark.read.format('delta').load('x')",
        "with open('x', 'w') as f:\n    f.write('a')",
        "f.write.__doc__",
        "df.to_parquet('x.parquet')",
        "df.to_csv('notes about s3://b')",
        "fig.save('x')",
        "s3.download_file('a', 'b', 'c')",
        "def put_object(x):\n    return x\nput_object(1)",
        "%%bash\ncurl -X PUT df.to_sql(",
    ],
)
def test_what_does_not_write(source: str) -> None:
    assert [one for one in stage_of(notebook(source)).evidence if one.kind == "write"] == []


def test_each_kind_of_write_is_told_once() -> None:
    stage = stage_of(notebook("df.to_sql('t', e)\ndf.to_gbq('t')", "df.to_sql('u', e)", "s.put_object(Bucket='b')"))
    assert [(one.location.cell if one.location else 0, one.weight) for one in stage.evidence] == [
        (1, STRONG),
        (3, STRONG),
    ]


def test_a_local_database_is_a_scratch_pad() -> None:
    cells = ("import sqlite3\ncon = sqlite3.connect('x.db')", "df.to_sql('t', con)")
    stage = stage_of(notebook(*cells))
    assert the(stage.evidence) == ("write", NOTE, 2, 1)
    assert stage.stage is Stage.EXPLORATORY
    assert stage_of(notebook(*cells, "df.to_gbq('t')")).stage is Stage.PRODUCTION
    assert stage_of(notebook("create_engine('sqlite:///x.db')", cells[1])).stage is Stage.EXPLORATORY


def test_two_clients_of_one_cloud_are_one_sign() -> None:
    assert weights("import boto3\nimport s3fs") == [WEAK]
    assert stage_of(notebook("import boto3", "import s3fs")).stage is Stage.EXPLORATORY
    assert stage_of(notebook("import boto3", "import mlflow")).stage is Stage.PRODUCTION


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (("parameters",), True),
        (("hide", "injected-parameters"), True),
        (("Parameters",), False),
        (("parameter",), False),
        ((), False),
    ],
)
def test_papermill_tags(tags: tuple[str, ...], found: bool) -> None:
    stage = stage_of(notebook("day = 1", tags=tags))
    assert [(one.kind, one.weight) for one in stage.evidence] == [("parameters", STRONG)] * found
    assert (stage.stage is Stage.PRODUCTION) is found


def test_papermill_ran_it() -> None:
    stage = stage_of(notebook("day = 1", papermill=True))
    assert the(stage.evidence) == ("papermill", STRONG, 0, 0)
    assert stage.stage is Stage.PRODUCTION


def test_a_declaration_decides_alone_and_the_rest_is_still_told() -> None:
    cells = ("import airflow",)
    declared = stage_of(notebook(*cells, stage="exploratory"))
    assert declared.stage is Stage.EXPLORATORY
    assert [one.weight for one in declared.evidence] == ["decides", STRONG]
    assert [one.weight for one in declared.counted] == ["decides"]
    settled = stage_of(notebook(*cells, stage="exploratory"), (Stage.PRODUCTION, "jobs/"))
    assert settled.stage is Stage.PRODUCTION
    assert [one.weight for one in settled.evidence] == ["decides", STRONG, NOTE]
    assert "jobs/" in settled.evidence[0].message
    assert "the settings win" in settled.evidence[2].message


def test_a_word_that_is_no_stage_is_told_and_does_not_count() -> None:
    stage = stage_of(notebook("x = 1", misdeclared="'prod'"))
    assert stage.stage is Stage.EXPLORATORY
    assert the(stage.evidence) == ("metadata", NOTE, 0, 0)
    assert "'prod'" in stage.evidence[0].message


_CELLS = st.sampled_from(
    [
        "x = 1",
        "import boto3",
        "import airflow",
        "import mlflow",
        "df.to_sql('t', e)",
        "%%bash\nls",
        "def (",
        "import sqlite3",
    ]
)


@given(st.lists(_CELLS, max_size=6), st.sampled_from([None, "exploratory", "production"]))
def test_laws(cells: list[str], declared: str | None) -> None:
    """A declaration decides; without one, nothing but evidence makes production; what is declared takes no evidence away."""
    features = notebook(*cells)
    plain = stage_of(features)
    assert plain.stage is Stage.EXPLORATORY or plain.counted
    assert all(one.location is not None and one.location.path == features.path for one in plain.evidence)
    order = ["decides", STRONG, WEAK, NOTE]
    assert [order.index(one.weight) for one in plain.evidence] == sorted(
        order.index(one.weight) for one in plain.evidence
    )
    if declared:
        said = stage_of(replace(features, stage=declared))
        assert said.stage.value == declared
        assert set(plain.evidence) <= set(said.evidence)
    backwards = stage_of(notebook(*reversed(cells)))
    assert {one.message for one in backwards.evidence if one.kind != "client"} == {
        one.message for one in plain.evidence if one.kind != "client"
    }
    assert backwards.stage is plain.stage
