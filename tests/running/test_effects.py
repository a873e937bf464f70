"""Effects that a notebook's text shows: each that counts, and its neighbours that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running.building import read

from nb2mod.stages.verify.running import effects

COUNTS = (
    "df.to_sql('t', con)",
    "from sqlalchemy import create_engine\ne=create_engine('postgresql://h/db')\ndf.to_sql('t', e)",
    "cursor.execute('INSERT INTO t VALUES (1)')",
    "session.commit()",
    "import boto3\ns3=boto3.client('s3')\ns3.put_object(Bucket='b')",
    "blob.upload_from_string('x')",
    "df.to_parquet('s3://b/x')",
    "df.to_csv(f'gs://b/{x}')",
    "import requests\nrequests.post('http://x', json={})",
    "import requests as r\ns=r.Session()\ns.put('u')",
    "!aws s3 cp a s3://b/",
    "!git push",
    "!curl -X POST http://x",
    "!pip install foo",
    "%pip install foo",
    "!rm -rf /data/x",
    "%%bash\nls\ngit push origin",
    "%sql DELETE FROM t",
    "import mlflow\nmlflow.start_run()",
    "import wandb\nwandb.init()",
    "df.write.mode('overwrite').parquet('x')",
    "import subprocess\nsubprocess.run(['git','push'])",
    "import os\nos.system('aws s3 rm s3://x')",
    "import smtplib\nsmtplib.SMTP('x')",
    "from urllib.request import urlopen\nurlopen('u', data=b'1')",
    "import socket\ns=socket.socket()\ns.connect(('h',1))",
    "open('/data/x','w')",
    "%%sql\nINSERT INTO t SELECT 1",
    "import s3fs\nfs=s3fs.S3FileSystem()\nfs.open('b/x','wb')",
    "def f(client):\n    client.post(1)",
    "import psycopg2\nc=psycopg2.connect('h').cursor()\nc.execute(q)",
    "with engine.begin() as c:\n    c.execute(text('UPDATE t SET a=1'))",
    "import requests\nrequests.request('DELETE','u')",
    "%%script bash\necho x > /etc/motd",
    "!cat x | tee /data/log",
    "import redis\nr = redis.Redis()\nr.set('a', 1)",
    "engine.begin().execute(query)",
    "session = Session()\nsession.delete(row)",
    "import shutil\nshutil.rmtree('/data/old')",
    "df.to_csv('~/out.csv')",
    "import os\nos.remove('/data/x')",
    "import pandas as pd\nURL = 's3://bucket/x'\npd.DataFrame().to_parquet(URL)",
    "import numpy as np\nnp.save(f'/data/{name}.npy', x)",
    "from pathlib import Path\nPath('/data/x').write_text('1')",
    "!python -m pip install foo",
    "!conda install -y foo",
    "!psql -c 'DROP TABLE t'",
    "!ssh host ls",
    "%%writefile /etc/x\n1",
    "import paramiko\nparamiko.SSHClient()",
    "model.push_to_hub('x')",
    "from sqlalchemy import create_engine\ne = create_engine('sqlite:////data/x.db')\ndf.to_sql('t', e)",
)
DOES_NOT_COUNT = (
    "d={}\nd.update(a=1)",
    "l=[]\nl.append(1)",
    "import sqlite3\nc=sqlite3.connect(':memory:')\nc.execute('INSERT INTO t VALUES(1)')\nc.commit()",
    "import sqlite3\nc=sqlite3.connect('data/x.db')\ndf.to_sql('t', c)",
    "from sqlalchemy import create_engine\ne=create_engine('sqlite:///x.db')\ndf.to_sql('t', e)",
    "df.to_sql('t','sqlite:///x.db')",
    "import requests\nrequests.get('u')",
    "cursor.execute('SELECT 1')",
    "import pandas as pd\npd.read_csv('http://x')",
    "import queue\nq=queue.Queue()\nq.put(1)",
    "!ls",
    "!aws s3 cp s3://b/a .",
    "!curl http://x -o y",
    "%pip list",
    "!git status",
    "%sql SELECT 1",
    "%sql sqlite://",
    "import pandas as pd\ndf=pd.DataFrame()\ndf.to_csv('out.csv')",
    "open('x.txt','w')",
    "from urllib.request import urlopen\nurlopen('u')",
    "import boto3\ns3=boto3.client('s3')\ns3.get_object(Bucket='b')",
    "import numpy as np\nnp.delete([1],0)",
    "%%bash\nls -la\nmkdir x",
    "import subprocess\nsubprocess.run(['ls'])",
    "'a/b'.replace('/x','y')",
    "print('/home/x')",
    "open('/tmp/x/y','w')",
    "plt.savefig('a.png')",
    "import shutil\nshutil.copy('/data/x','y')",
    "%timeit f()",
    "import requests\nr=requests.get('u')\nr.json()",
    "import sqlite3\nwith sqlite3.connect('a.db') as con:\n    cur=con.cursor()\n    cur.execute(q)",
    "open('/data/x')",
    "from pathlib import Path\nPath('/data/x').open()",
    "class A:\n    def post(self): pass\na=A()\na.post()",
    "import redis\nr = redis.Redis()\nr.get('a')",
    "!psql -c 'SELECT 1'",
    "!aws s3 ls",
    "!gsutil cp gs://b/x .",
    "!pip --version",
    "!echo x > out.txt",
    "!rm -rf build",
    "!rm /tmp/x",
    "import requests\nrequests.request('GET', 'u')",
    "import duckdb\nduckdb.connect().execute('CREATE TABLE t AS SELECT 1')",
    "import duckdb\ncon = duckdb.connect(':memory:')\ncon.execute(query)",
    "from sqlalchemy import create_engine, text\ne = create_engine('sqlite://')\nwith e.begin() as c:\n"
    "    c.execute(text('INSERT INTO t VALUES (1)'))",
    "from collections import deque\nd = deque()\nd.append(1)",
    "# requests.post('u')\n'requests.post(u)'",
    "text = 'x'\ntext.replace('/', '~/')",
    "%%sql\nWITH a AS (SELECT 1) SELECT * FROM a",
    "def f(x:",
    "import json\njson.dump({}, open('x.json', 'w'))",
    "import numpy as np\nnp.put([1], [0], 2)",
)


@pytest.mark.parametrize("source", COUNTS)
def test_counts(source: str) -> None:
    found = effects.found(read("x = 1", source))
    assert found
    assert all(effect.cell == 2 for effect in found)
    assert all(1 <= effect.line <= source.count("\n") + 1 for effect in found)


@pytest.mark.parametrize("source", DOES_NOT_COUNT)
def test_does_not_count(source: str) -> None:
    assert effects.found(read(source)) == ()


def test_origins_reach_across_cells_and_the_place_is_told() -> None:
    notebook = read("#md", "import requests as http", "s = http.Session()", "x = 1\ns.post('u')\n!git push")
    assert effects.found(notebook) == (
        effects.Effect(4, 2, "may send something over the network: s.post(…)"),
        effects.Effect(4, 3, "reaches out: git push"),
    )
    assert effects.first(notebook) == "cell 4, line 2 may send something over the network: s.post(…)"
    assert effects.first(read("1")) is None


@given(st.lists(st.sampled_from([part for text in COUNTS + DOES_NOT_COUNT for part in text.split()]), max_size=12))
def test_any_text_is_looked_at_without_trouble(words: list[str]) -> None:
    effects.found(read(" ".join(words), "\n".join(words)))
