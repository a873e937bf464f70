"""Source for inside the kernel: runs our code beside the notebook's, and tells where the package's modules came from.

Text only; nothing here runs in nb2mod's own process. It must run on Python 3.8 and later.
"""

from importlib import resources

NAMESPACE = "_nb2mod_inside"
"""The module in the kernel whose namespace our code runs in: one for all of it, so that it finds again what it left."""

RESULT = "_nb2mod_result"

# Runs in the notebook's namespace, where `compile` or `exec` may be the notebook's own: everything comes from builtins.
_LAUNCH = """\
__import__("builtins").exec(__import__("builtins").compile({code!r}, "<nb2mod>", "exec"), {{"__name__": "_nb2mod_launch"}})
"""

_RUN = """\
import builtins, json, os, sys, types
module = sys.modules.get({namespace!r})
if module is None:
    module = sys.modules[{namespace!r}] = types.ModuleType({namespace!r})
space = vars(module)
space[{result!r}] = None
answer = {{}}
try:
    builtins.exec(builtins.compile({source!r}, "<nb2mod>", "exec"), space)
    answer["result"] = space.get({result!r})
except builtins.BaseException as error:
    answer["error"] = builtins.type(error).__name__ + ": " + builtins.str(error)[:500]
data = json.dumps(answer).encode("utf-8")
descriptor = os.open({answer!r}, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
try:
    while data:
        data = data[os.write(descriptor, data):]
finally:
    os.close(descriptor)
"""

_MODULES = """\
import json, os, sys
found = {{}}
for name, module in list(sys.modules.items()):
    if name == {package!r} or name.startswith({package!r} + "."):
        origin = getattr(module, "__file__", None)
        if origin is None:
            origin = next(iter(getattr(module, "__path__", ())), None)
        if isinstance(origin, str):
            found[name] = os.path.realpath(origin)
{result} = json.dumps(found)
"""

UNLIMITED = """\
from IPython import get_ipython
def _lift():
    thread = get_ipython().kernel.iopub_thread
    thread.schedule(lambda: setattr(thread.socket, "sndhwm", 100000))
try:
    _lift()
except Exception:
    pass
"""
"""Lets a kernel queue 100,000 messages of output: at the usual 1,000 it drops what a fast loop prints."""


def launch(source: str, answer: str) -> str:
    """The code to send to the kernel: runs `source`, writes JSON with "result" or "error" to the file `answer`.

    It leaves no name in the notebook's namespace.
    """
    return _LAUNCH.format(code=_RUN.format(namespace=NAMESPACE, result=RESULT, source=source, answer=answer))


def modules_of(package: str) -> str:
    """Source that leaves, as JSON, the file of every module of `package` that is loaded."""
    return _MODULES.format(package=package, result=RESULT)


_DIGEST = """
import json
from IPython import get_ipython
_shell = get_ipython()
{result} = json.dumps(digest(_shell.user_ns, {package!r}, _shell.user_ns_hidden))
"""


def digest_of(package: str) -> str:
    """Source that leaves, as JSON, a line for each name of the notebook; see digest.py."""
    text = resources.files(__package__).joinpath("digest.py").read_text("utf-8")
    return text + _DIGEST.format(result=RESULT, package=package)
