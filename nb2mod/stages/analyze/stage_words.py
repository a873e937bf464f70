"""Words that tell the stage of a notebook: modules and methods. stage.py reads them."""

import re

# Modules of which an import says that a schedule or a pipeline is at work.
ORCHESTRATORS = frozenset(
    "airflow apache_airflow dagster dagstermill prefect kfp luigi kedro metaflow flytekit zenml ploomber papermill scrapbook "
    "mage_ai hera argo_workflows apscheduler temporalio".split()
)

# Clients of clouds and clusters, by what they are clients of. A dotted name does not stand for what is above it:
# dask alone works in one process, and google.colab is a place to try things out.
CLIENTS = {
    **dict.fromkeys(("boto3", "botocore", "aioboto3", "aiobotocore", "awswrangler", "s3fs", "sagemaker"), "AWS"),
    **dict.fromkeys(("google.cloud", "gcsfs", "pandas_gbq", "vertexai"), "Google Cloud"),
    **dict.fromkeys(("azure", "azureml", "adlfs"), "Azure"),
    **dict.fromkeys(("pyspark", "databricks", "delta"), "Spark"),
    "ray": "Ray",
    **dict.fromkeys(
        ("dask.distributed", "distributed", "dask_jobqueue", "dask_kubernetes", "coiled"), "a Dask cluster"
    ),
    "mlflow": "MLflow",
    "snowflake": "Snowflake",
    "redshift_connector": "Redshift",
    "kubernetes": "Kubernetes",
    **dict.fromkeys(("kafka", "confluent_kafka"), "Kafka"),
}

TABLE = "a table"
STORE = "an object store"

# Methods whose name alone says that a table or an object store is written.
WRITES = {
    **dict.fromkeys(
        "to_sql to_gbq saveAsTable insertInto toTable load_table_from_dataframe load_table_from_file insert_rows_json "
        "insert_rows_from_dataframe batch_write_item write_pandas write_deltalake write_to_dataset".split(),
        TABLE,
    ),
    **dict.fromkeys(
        "put_object upload_file upload_fileobj upload_from_string upload_from_filename upload_from_file upload_blob".split(),
        STORE,
    ),
}

# What ends a chain that goes through `write` or `writeStream` of Spark.
SPARK_WRITERS = frozenset({"write", "writeStream", "writeTo"})
SPARK_ENDS = frozenset(
    "save saveAsTable insertInto parquet csv json orc text jdbc start toTable append overwrite create createOrReplace".split()
)

# Methods that write what they are called on to the address they are given.
SAVES = re.compile(r"to_(?:csv|parquet|json|feather|pickle|excel|orc|zarr)|write_(?:csv|parquet|json|ipc|delta)")
REMOTE = re.compile(r"(?:s3[an]?|gs|gcs|abfss?|adl|wasbs?|az|hdfs|dbfs)://", re.IGNORECASE)

# Only cells that hold one of these are looked at closely. The first begins with a plain character, which makes it fast.
_METHOD = re.compile(rf"\.\s*(?:{'|'.join(WRITES)}|writeTo|(?:write|writeStream)\s*\\?\s*\.)")
_FUNCTION = re.compile(rf"{'|'.join(name for name in WRITES if name.startswith('write_'))}")


def may_write(source: str) -> bool:
    """Whether a cell's text could hold a write; cheap, and never no where there is one."""
    return (
        _METHOD.search(source) is not None
        or ("write_" in source and _FUNCTION.search(source) is not None)
        or ("://" in source and REMOTE.search(source) is not None)
    )


# A database in memory or in a file of the project is a scratch pad: writing there is no sign of production.
LOCAL_DATABASE = re.compile(r"\b(?:sqlite3?|duckdb)\b", re.IGNORECASE)
