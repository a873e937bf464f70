"""What a shell line or an SQL statement does outside of the scratch copy, by its words. Pure text."""

import re
import shlex

from nb2mod.stages.verify.running.reaching_words import ELSEWHERE, REMOTE

_PARTS = re.compile(r"&&|\|\||[;|\n]")
_PREFIXES = frozenset({"sudo", "time", "nohup", "env", "exec", "command", "nice"})
_INSTALLERS = frozenset(
    "pip pip3 uv conda mamba micromamba apt apt-get yum dnf apk brew npm yarn pnpm poetry pdm pipenv gem cargo".split()
)
_INSTALLS = frozenset("install uninstall remove update upgrade add sync create publish purge".split())
_SERVICES = frozenset(
    "aws gcloud az kubectl terraform heroku databricks vercel fly helm oc doctl kaggle huggingface-cli hf".split()
)
_LOOKS = frozenset(
    "describe list ls get show config configure version --version help --help logs status plan download whoami head presign "
    "competitions datasets kernels files".split()
)
_REMOTE_SHELLS = frozenset({"ssh", "sftp", "ftp", "telnet", "mail", "sendmail", "mutt", "nc", "ncat"})
_CLIENTS = frozenset({"psql", "mysql", "mariadb", "mongo", "mongosh", "redis-cli", "sqlcmd", "bq", "snowsql", "cqlsh"})
_REMOVERS = frozenset({"rm", "mv", "rmdir", "shred", "chmod", "chown", "touch", "mkdir", "tee", "truncate"})
_CURL_SENDS = re.compile(
    r"\s(?:-X\s*|--request[ =])(?!GET|HEAD|OPTIONS)\w|\s(?:-d|--data[\w-]*|-F|--form[\w-]*|-T|--upload-file|--json)\b"
)
_WGET_SENDS = re.compile(r"\s--(?:post-data|post-file|body-data|body-file|method)\b")
_REDIRECTION = re.compile(r"\d?>{1,2}\s*[\"']?(\S+)")
_READS = re.compile(
    r"(?:select|show|describe|desc|explain|use|values|pragma|list|help|summarize|from)\b|\\|--\w|$", re.IGNORECASE
)
_WRITES = re.compile(
    r"\b(?:insert\s+into|update\s+\S+\s+set|delete\s+from|merge\s+into|into\s+outfile|create|drop|alter|truncate)\b",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def of_shell(command: str) -> str | None:
    """What a shell command (of one or more lines) does outside, as a sentence without its place; None: nothing that is seen."""
    joined = command.replace("\\\n", " ")
    for part in _PARTS.split(joined):
        found = _of_command(part.strip())
        if found is not None:
            return found
    return None


def of_sql(statements: str) -> str | None:
    """Whether SQL writes: what does not surely read does. Connection strings and options are nothing."""
    text = _COMMENTS.sub(" ", statements)
    for statement in text.split(";"):
        words = statement.strip().lstrip("(").strip()
        if not words or REMOTE.match(words) or re.match(r"\w+(?:\+\w+)?://\S*$", words):
            continue
        reads = _READS.match(words) or re.match(r"with\b", words, re.IGNORECASE)
        if not reads or (not words.lower().startswith("explain") and _WRITES.search(words)):
            return f"runs SQL that may write: {' '.join(words.split())[:60]}"
    return None


def _of_command(command: str) -> str | None:
    words = _words(command)
    while words and (words[0] in _PREFIXES or re.match(r"\w+=", words[0])):
        words = words[1:]
    if not words:
        return None
    if redirected := _REDIRECTION.search(command):
        target = redirected[1]
        if ELSEWHERE.match(target) and not target.startswith("/dev/"):
            return f"writes outside of the project: {target}"
    if re.fullmatch(r"(?:.*/)?python[\d.]*|\{sys\.executable\}|\$\{?sys\.executable\}?", words[0]) and words[1:2] == [
        "-m"
    ]:
        words = words[2:]
    name, rest = words[0].rpartition("/")[2] if words else "", words[1:]
    return _of_program(name, rest, command)


def _of_program(name: str, rest: list[str], command: str) -> str | None:
    plain = [word for word in rest if not word.startswith("-")]
    shown = " ".join(command.split())[:60]
    if name in _INSTALLERS:
        return f"changes the environment: {shown}" if _INSTALLS.intersection(plain[:2]) else None
    if name == "git":
        return f"reaches out: {shown}" if plain[:1] == ["push"] else None
    if name == "curl":
        return f"sends something over the network: {shown}" if _CURL_SENDS.search(f" {command}") else None
    if name == "wget":
        return f"sends something over the network: {shown}" if _WGET_SENDS.search(f" {command}") else None
    if name in ("aws", "gsutil", "s3cmd", "gcloud", "azcopy") and {"cp", "sync", "rsync", "put", "get"}.intersection(
        plain[:3]
    ):
        return f"writes to an object store: {shown}" if REMOTE.match(plain[-1]) or "put" in plain[:3] else None
    if name in ("gsutil", "s3cmd", "azcopy") or name in _SERVICES:
        looks = any(word in _LOOKS or re.match(r"(?:list|describe|get)-", word) for word in [*plain[:3], *rest[:1]])
        submits = {"submit", "upload", "create", "push", "rm", "delete"}.intersection(plain)
        return None if looks and not submits else f"reaches out: {shown}"
    if name in _CLIENTS:
        query = re.search(r"(?:-c|-e|-q|--command|--execute|--eval|query)[ =]*([\"'])(.*?)\1", command, re.DOTALL)
        return None if query and of_sql(query[2]) is None else f"works on a database: {shown}"
    if name in _REMOTE_SHELLS or (name in ("scp", "rsync") and any(re.match(r"[^/]+:", word) for word in plain)):
        return f"works on another machine: {shown}"
    if name in ("docker", "podman"):
        return (
            None if plain[:1] in (["ps"], ["images"], ["inspect"], ["version"], ["info"]) else f"reaches out: {shown}"
        )
    if name == "twine" or (name == "dvc" and plain[:1] == ["push"]) or name in ("kill", "pkill", "killall", "shutdown"):
        return f"reaches out: {shown}"
    written = plain if name in _REMOVERS else plain[-1:] if name in ("cp", "ln", "rsync", "dd", "install") else []
    outside = next((word for word in written if ELSEWHERE.match(word)), None)
    return f"changes files outside of the project: {shown}" if outside else None


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()
