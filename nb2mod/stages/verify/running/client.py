"""nbclient with bounded outputs: what a cell gives past a limit is counted and hashed, not kept. Imported on first use only."""

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable
from queue import Empty
from typing import Any

from nbclient import NotebookClient

LIMIT = 20 * 1024 * 1024
"""Characters of each stream, and of all other outputs together, that are kept of a cell."""

_PIECE = 65536  # stream pieces are joined up to this size
_LOOK_AGAIN = 1.0  # seconds


class Client(NotebookClient):
    """A NotebookClient whose kernel is somebody else's. `finish(index)` must be called when a cell has ended."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._kept: dict[str, int] = {}
        self._rest: dict[str, _Rest] = {}
        self._widgets: dict[str, Any] = {}  # Output widgets, such as interact's, that this cell wrote into
        # nbclient writes there what Output widgets show, but without store_widget_state it makes no entries.
        self.widget_state = defaultdict(dict)

    async def async_start_new_kernel_client(self, **options: Any) -> Any:
        """As nbclient does, with channels that miss no message for good."""
        client = await super().async_start_new_kernel_client(**options)
        for channel in (client.shell_channel, client.iopub_channel):
            channel.get_msg = looking_again(channel.get_msg)
        return client

    def begin(self) -> None:
        """A new cell: nothing is kept of it so far."""
        self._kept.clear()
        self._rest.clear()
        self._widgets.clear()

    def finish(self, outputs: list[Any]) -> None:
        """Append what the cell's Output widgets show, then what stands for the outputs that were not kept."""
        for widget in self._widgets.values():
            outputs += widget.outputs
        for name, rest in sorted(self._rest.items()):
            text = f"\n[{rest.count} more characters, SHA-256 {rest.hash.hexdigest()}]\n"
            stream = name if name in ("stdout", "stderr") else "stdout"
            outputs.append({"output_type": "stream", "name": stream, "text": text})
        self.begin()

    def clear_output(self, outs: list[Any], msg: dict[str, Any], cell_index: int) -> None:
        """As nbclient does; what was left out before counts no more."""
        super().clear_output(outs, msg, cell_index)
        if not outs and not self._hooks(msg):
            self.begin()

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        """As nbclient does, within the limit. Where a stream is cut does not depend on the pieces it came in."""
        hooks = self._hooks(msg)
        if self.clear_before_next_output and not hooks:
            self.begin()
        if hooks:
            self._widgets[hooks[-1].comm_id] = hooks[-1]
        content = msg["content"]
        if msg["msg_type"] == "stream" and not hooks:
            name, text = content["name"], content["text"]
            fits = self._fitting(name, text)
            if not fits:
                return None
            content["text"] = fits
            last = outs[-1] if outs and not self.clear_before_next_output else None
            if last is not None and _continues(last, name):
                last["text"] += fits
                return None
        elif msg["msg_type"] in ("display_data", "execute_result"):
            text = json.dumps(content.get("data"), sort_keys=True, default=str)
            if self._kept.get("", 0) + len(text) > LIMIT:
                self._leave_out("", text)
                return None
            self._kept[""] = self._kept.get("", 0) + len(text)
        return super().output(outs, msg, display_id, cell_index)

    def _hooks(self, msg: dict[str, Any]) -> list[Any]:
        """The Output widgets that catch what this message brings, the innermost last."""
        found: list[Any] = self.output_hook_stack[msg["parent_header"].get("msg_id")]
        return found

    def _fitting(self, name: str, text: str) -> str:
        kept = self._kept.get(name, 0)
        fits, rest = text[: LIMIT - kept], text[LIMIT - kept :]
        self._kept[name] = kept + len(fits)
        if rest:
            self._leave_out(name, rest)
        return fits

    def _leave_out(self, name: str, text: str) -> None:
        rest = self._rest.setdefault(name, _Rest())
        rest.count += len(text)
        rest.hash.update(text.encode("utf-8", "surrogatepass"))


def looking_again(get_msg: Callable[..., Any]) -> Callable[..., Any]:
    """A channel's `get_msg` that looks anew every second for as long as it is told to wait (seconds; None: for ever).

    The descriptor of a zeromq socket tells of a change once (`ZMQ_FD` in zmq_getsockopt(3)). jupyter_client sends past
    pyzmq's event loop; what is sent while an answer has just arrived, as Output widgets do, takes that one sign away, and
    the answer would be found when the waiting ends: at the cell's time limit, or never.
    """

    async def patient(timeout: float | None = None) -> Any:
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _LOOK_AGAIN if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                return await get_msg(timeout=min(left, _LOOK_AGAIN))
            except Empty:
                if left <= _LOOK_AGAIN and deadline is not None:
                    raise

    return patient


class _Rest:
    def __init__(self) -> None:
        self.count = 0
        self.hash = hashlib.sha256()


def _continues(last: Any, name: str) -> bool:
    return bool(last["output_type"] == "stream" and last["name"] == name and len(last["text"]) < _PIECE)
