"""Words that tell an effect outside of the scratch copy: methods, libraries, places. Tables only; effects.py reads them."""

import re
import sys

VERBS = frozenset({"post", "put", "patch", "delete"})
"""Methods that send something, of an HTTP client or of what may be one."""

DISTINCT = {  # methods whose name alone says that something outside is written
    **dict.fromkeys(
        "put_object upload_file upload_fileobj upload_from_string upload_from_filename upload_from_file upload_blob "
        "upload_data upload_folder delete_object delete_objects delete_blob copy_object create_bucket push_to_hub "
        "send_raw_email put_record put_records".split(),
        "writes to an object store or service",
    ),
    **dict.fromkeys(
        "to_sql to_gbq executemany executescript insert_one insert_many update_one update_many delete_one delete_many "
        "replace_one bulk_write put_item batch_write_item load_table_from_dataframe insert_rows insert_rows_json saveAsTable "
        "insertInto bulk_create write_pandas".split(),
        "writes to a database",
    ),
    **dict.fromkeys(
        "chat_postMessage files_upload files_upload_v2 send_message sendmail competition_submit".split(),
        "sends something over the network",
    ),
    **dict.fromkeys(
        "log_metric log_metrics log_param log_params log_artifact log_artifacts log_model".split(),
        "logs to an experiment tracker",
    ),
}
DATABASE = frozenset(
    "sqlite3 duckdb psycopg psycopg2 asyncpg pymysql MySQLdb mysql pyodbc cx_Oracle oracledb snowflake sqlalchemy "
    "clickhouse_driver clickhouse_connect pymssql ibm_db trino prestodb pyhive databricks "
    "redshift_connector peewee sqlmodel".split()
)
LOCAL_DATABASE = frozenset({"sqlite3", "duckdb"})
HTTP = frozenset("requests httpx aiohttp urllib3 requests_html cloudscraper requests_oauthlib".split())
WRITES_OF = {  # of these libraries: methods that reach out
    **dict.fromkeys(
        ("s3fs", "gcsfs", "adlfs", "ocifs"),
        "put put_file upload rm rm_file mv touch mkdir makedirs pipe pipe_file".split(),
    ),
    "redis": "set hset lpush rpush sadd zadd delete publish flushall flushdb xadd incr expire".split(),
    "pymongo": "drop drop_database create_index insert update remove save".split(),
    "elasticsearch": "index bulk delete update create".split(),
    "ftplib": "storbinary storlines delete rename mkd rmd sendcmd".split(),
    "socket": "connect connect_ex send sendall sendto create_connection bind listen".split(),
    "kafka": "send produce".split(),
    "pika": "basic_publish".split(),
    "git": "push".split(),
    "boto3": "put delete upload publish send_message invoke start_job_run run_instances terminate_instances".split(),
    "botocore": "put delete upload publish send_message invoke".split(),
    "google": "upload insert publish delete".split(),
    "azure": "upload create delete send".split(),
    "gspread": "update append_row append_rows update_cell update_cells clear create add_worksheet batch_update".split(),
    "pygsheets": "set_dataframe update_value update_values append_table clear".split(),
    "gspread_dataframe": "set_with_dataframe".split(),
    "mlflow": (
        "start_run set_experiment create_experiment autolog set_tag set_tags log_text log_dict log_figure log_image "
        "register_model"
    ).split(),
    "wandb": "init log save login agent sweep log_artifact".split(),
    "neptune": "init init_run".split(),
    "comet_ml": "Experiment start".split(),
    "clearml": "init".split(),
    "tweepy": "update_status create_tweet".split(),
    "twilio": "create".split(),
    "sendgrid": "send".split(),
}
ANY_CALL = {  # libraries of which any call reaches out
    "smtplib": "sends mail",
    "paramiko": "works on another machine",
    "fabric": "works on another machine",
    "telnetlib": "works on another machine",
    "yagmail": "sends mail",
}
SAVES = frozenset(
    "open to_csv to_parquet to_json to_feather to_pickle to_excel to_hdf to_zarr to_orc to_stata to_html to_netcdf to_file "
    "write_csv write_parquet write_json write_ipc write_bytes write_text save savez savez_compressed savetxt savefig dump "
    "imwrite write_image write_html copy copy2 copyfile copytree move rmtree remove unlink rename replace makedirs mkdir "
    "save_model save_weights save_pretrained touch rmdir".split()
)
"""Calls that write the file they are given."""

NEEDS_MODE = frozenset({"open"})
SPARK_ENDS = frozenset("save parquet csv json orc text jdbc start toTable".split())

REMOTE = re.compile(r"(?:s3[an]?|gs|gcs|abfss?|adl|az|wasbs?|hdfs|dbfs|webhdfs|s?ftp|ssh|oss|https?)://", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:/(?!tmp/|var/tmp/|dev/null)|~|[A-Za-z]:[\\/]).")
"""A path that is surely outside of the project's copy."""

_NETWORK_OF_PYTHON = frozenset(
    "urllib http smtplib socket ftplib telnetlib imaplib poplib xmlrpc socketserver sqlite3".split()
)
LOCAL = (sys.stdlib_module_names - _NETWORK_OF_PYTHON) | frozenset(
    "numpy pandas matplotlib seaborn scipy sklearn torch tensorflow keras jax polars pyarrow xarray plotly bokeh altair "
    "statsmodels networkx sympy numba PIL cv2 skimage nltk spacy gensim transformers xgboost lightgbm catboost "
    "shap IPython ipywidgets tqdm "
    "yaml toml joblib h5py tables geopandas shapely folium pytest attr attrs pydantic dask".split()
)
"""Modules whose objects do not reach out by a method called post, put, patch, delete, commit or execute."""
