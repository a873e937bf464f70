"""What the channels of a kernel's client give, without a kernel."""

import asyncio
import time
from queue import Empty
from typing import Any

import pytest
import zmq
import zmq.asyncio

from nb2mod.stages.verify.running.client import looking_again


class Channel:
    """One end of a pair of sockets, read as jupyter_client's channels are."""

    def __init__(self, context: zmq.asyncio.Context, address: str) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.connect(address)
        self._beside = zmq.Socket.shadow(self.socket.underlying)

    def send(self, text: bytes) -> None:
        self._beside.send(text)

    async def get_msg(self, timeout: float) -> bytes:
        if await self.socket.poll(int(timeout * 1000)):
            return await self.socket.recv()  # type: ignore[no-any-return]
        raise Empty


async def _answered(wrap: Any, timeout: float | None) -> tuple[bytes, float]:
    """What arrives while something is sent, and after how many seconds."""
    with zmq.Context() as theirs, zmq.asyncio.Context() as ours:
        kernel = theirs.socket(zmq.ROUTER)
        port = kernel.bind_to_random_port("tcp://127.0.0.1")
        channel = Channel(ours, f"tcp://127.0.0.1:{port}")
        channel.send(b"request")
        identity, _ = kernel.recv_multipart()
        waiting = asyncio.ensure_future(wrap(channel.get_msg)(timeout=timeout))
        await asyncio.sleep(0.05)
        kernel.send_multipart([identity, b"answer"])
        time.sleep(0.05)  # it arrives while the loop does something else
        channel.send(b"a widget's")
        started = time.monotonic()
        try:
            return await waiting, time.monotonic() - started
        finally:
            channel.socket.close(linger=0)
            kernel.close(linger=0)


def test_an_answer_is_not_missed_when_something_is_sent_as_it_arrives() -> None:
    bare = (asyncio.run(_answered(lambda get_msg: get_msg, 1.5))[1] for _ in range(5))
    assert any(seconds > 1 for seconds in bare), "pyzmq sees it now on its own: looking_again is needed no longer"
    for timeout in (30.0, None):
        found, seconds = asyncio.run(_answered(looking_again, timeout))
        assert found == b"answer"
        assert seconds < 2.5


def test_it_waits_as_long_as_it_is_told_and_no_longer() -> None:
    asked = []

    async def nothing(timeout: float) -> None:
        asked.append(timeout)
        await asyncio.sleep(timeout)
        raise Empty

    started = time.monotonic()
    with pytest.raises(Empty):
        asyncio.run(looking_again(nothing)(timeout=1.2))
    assert time.monotonic() - started >= 1.2
    assert sum(asked) == pytest.approx(1.2, abs=0.1)
    with pytest.raises(Empty):
        asyncio.run(looking_again(nothing)(timeout=0))
    assert asked[-1] == 0
