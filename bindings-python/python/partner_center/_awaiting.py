"""Awaits the calls of the native client on an event loop, and asks there whom they ask."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sys
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

_TO_HEAR = 1.0
"""Seconds that a listener has at least: what is told at the deadline must be heard, too."""


class _Asking:
    """That a credential was asked, until it has answered.

    A task that it starts copies the context, and may go on long after.
    """

    def __init__(self, whose: Awaiting) -> None:
        self.whose: Awaiting | None = whose


_ASKED: ContextVar[tuple[_Asking, ...]] = ContextVar("partner_center._awaiting", default=())
"""The credentials that run in this context."""


class Awaiting:
    """A native client whose calls an event loop awaits."""

    def __init__(self, client: _native.Client, on_event: Callable[[Event], object] | None) -> None:
        self._late = _Late(on_event)
        self.native = _native.awaited(client)

    @property
    def calls(self) -> _native.Client:
        """The native client, each of whose methods returns a Call of what its type says."""
        self.refuse_credential()
        return self.native

    def refuse_credential(self) -> None:
        """Raises where the credential calls; the core sees that by the thread, not the context."""
        if any(asking.whose is self for asking in _ASKED.get()):
            advice = "Nothing was sent: let the credential get its token without this client."
            raise AuthenticationError(
                f"The credential called the client that it gives tokens to. {advice}",
                next_step=advice,
            )

    async def end(self, call: _T) -> _T:
        """What a call of ``calls`` comes to."""
        pending = cast("Call", call)
        loop = asyncio.get_running_loop()
        bell = asyncio.Event()
        pending.hear_later(functools.partial(self._late, loop))
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
        """Asks whom the call asks, and hands it what comes, if that is before its deadline."""
        asking = _Asking(self)
        is_credential = asked in ("token", "rotation")
        before = _ASKED.set((*_ASKED.get(), asking) if is_credential else _ASKED.get())
        limit = None
        try:
            given: Any = pending.ask()
            if hasattr(given, "__await__"):
                limit = _Limit(max(pending.time_left(), 0 if is_credential else _TO_HEAR))
                given = await given
        except asyncio.CancelledError:
            if limit is None or not limit.is_only_cause():
                raise
        except Exception as error:
            pending.fail(error)
        else:
            pending.give(given)
        finally:
            if limit is not None:
                limit.end()
            asking.whose = None
            # Another context collects a task that nobody runs any more.
            with contextlib.suppress(ValueError):
                _ASKED.reset(before)


class _Limit:
    """Cancels what the task awaits after so many seconds; asyncio.timeout came with 3.11."""

    def __init__(self, seconds: float) -> None:
        self._task = asyncio.current_task()
        self._before = 0
        if sys.version_info >= (3, 11) and self._task is not None:
            self._before = self._task.cancelling()
        self._is_over = False
        self._timer = asyncio.get_running_loop().call_later(seconds, self._cancel)

    def _cancel(self) -> None:
        if self._task is not None:
            self._is_over = True
            self._task.cancel()

    def is_only_cause(self) -> bool:
        """Whether nobody else has cancelled the task meanwhile; before 3.11 nobody knows."""
        if sys.version_info >= (3, 11) and self._is_over and self._task is not None:
            return self._task.cancelling() <= self._before + 1
        return self._is_over

    def end(self) -> None:
        """Takes the cancellation back."""
        self._timer.cancel()
        if sys.version_info >= (3, 11) and self._is_over and self._task is not None:
            self._task.uncancel()


class _Late:
    """Hears of what ends after its caller has left: on the loop, where ``on_event`` belongs."""

    def __init__(self, on_event: Callable[[Event], Any] | None) -> None:
        self._on_event = on_event
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, loop: asyncio.AbstractEventLoop, event: Event) -> None:
        """Is called on any thread, with the loop of the call."""
        on_event = self._on_event
        if on_event is None:
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
