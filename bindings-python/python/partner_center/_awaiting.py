"""Awaits the calls of the native client on an event loop, and asks there whom they ask."""

from __future__ import annotations

import asyncio
import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar, cast

from . import _native
from .errors import AuthenticationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._models import Event
    from ._native import Call

_T = TypeVar("_T")

_ASKED: ContextVar[tuple[Awaiting, ...]] = ContextVar("partner_center._awaiting", default=())
"""Those whose credential runs in this context."""


class Awaiting:
    """A native client whose calls an event loop awaits."""

    def __init__(self, client: _native.Client, on_event: Callable[[Event], object] | None) -> None:
        self._late = _Late(on_event)
        self.native = _native.awaited(client, self._late)

    @property
    def calls(self) -> _native.Client:
        """The native client, each of whose methods returns a Call of what its type says."""
        self.refuse_credential()
        return self.native

    def refuse_credential(self) -> None:
        """Raises where the credential calls; the core sees that by the thread, not the context."""
        if self in _ASKED.get():
            advice = "Nothing was sent: let the credential get its token without this client."
            raise AuthenticationError(
                f"The credential called the client that it gives tokens to. {advice}",
                next_step=advice,
            )

    async def end(self, call: _T) -> _T:
        """What a call of ``calls`` comes to."""
        pending = cast("Call", call)
        loop = self._late.loop = asyncio.get_running_loop()
        bell = asyncio.Event()
        try:
            while (asked := pending.poll(loop.call_soon_threadsafe, bell.set)) != "end":
                if asked is None:
                    await bell.wait()
                    bell.clear()
                else:
                    await self._ask(pending, asked)
        except BaseException as stop:
            pending.leave(stop)
        return cast("_T", pending.result())

    async def _ask(self, pending: Call, asked: str) -> None:
        """Asks whom the call asks, and hands it what comes."""
        asking = (*_ASKED.get(), self) if asked in ("token", "rotation") else _ASKED.get()
        before = _ASKED.set(asking)
        try:
            given: Any = pending.ask()
            if hasattr(given, "__await__"):
                given = await given
        except Exception as error:
            pending.fail(error)
        else:
            pending.give(given)
        finally:
            _ASKED.reset(before)


class _Late:
    """Hears of what ends after its caller has left: on the loop, where ``on_event`` belongs."""

    def __init__(self, on_event: Callable[[Event], Any] | None) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._on_event = on_event
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, event: Event) -> None:
        """Is called on any thread."""
        loop, on_event = self.loop, self._on_event
        if loop is None or on_event is None:
            return
        # A loop that is closed runs nothing any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._begin, loop, on_event, event)

    def _begin(
        self, loop: asyncio.AbstractEventLoop, on_event: Callable[[Event], Any], event: Event
    ) -> None:
        task = loop.create_task(_tell(on_event, event))
        # The loop itself holds its tasks weakly.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _tell(on_event: Callable[[Event], Any], event: Event) -> None:
    try:
        given = on_event(event)
        if hasattr(given, "__await__"):
            await given
    except Exception as error:
        _native.unraisable(error, on_event)
