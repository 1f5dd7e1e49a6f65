"""A progress bar: tqdm's where tqdm is installed, in terminals and notebooks; else a count."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["ProgressBar", "progress_bar"]


def progress_bar(total: int | None = None, *, label: str = "") -> ProgressBar:
    """A bar that goes on by one with each call.

        client.wait_for_vetting(customer, "Education", on_progress=progress_bar(label="vetting"))

    tqdm comes with ``pip install partner-center[progress]``. Without it a terminal shows a count,
    and anything else shows nothing.

    Args:
        total: How many steps there are, where that is known.
        label: What is counted.
    """
    silent = ProgressBar(Count(total, label))
    # tqdm cannot do without, and there is none under pythonw, or after 2>&-.
    if sys.stderr is None:
        return silent
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415 - not everybody has it
    except ImportError:
        return silent
    return ProgressBar(tqdm(total=total, desc=label or None))


class ProgressBar:
    """Counts steps. Call it after each, or hand it to what calls back; close it at the end."""

    def __init__(self, bar: Any) -> None:  # noqa: ANN401 - tqdm's, or what looks like it
        self._bar = bar

    def __call__(self, step: object = None) -> None:
        """One step is done; of what came of it, the bar shows how that stands."""
        for name in ("end", "decision", "outcome", "vetting_status"):
            if note := getattr(step, name, None):
                self._bar.set_postfix_str(str(note), refresh=False)
                break
        self.advance(1)

    def advance(self, steps: int) -> None:
        """So many steps are done."""
        self._bar.update(steps)

    def above(self, show: Callable[[], object]) -> None:
        """Lets show print lines, and the bar stand below them."""
        self._bar.clear()
        show()
        self._bar.refresh()

    def close(self) -> None:
        """Leaves the bar as it is."""
        self._bar.close()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Count:
    """What of tqdm is used here, as a line on a terminal."""

    def __init__(self, total: int | None, label: str) -> None:
        self._of = "" if total is None else f" of {total}"
        self._label = f"{label} " if label else ""
        self._done = 0
        self._note = ""
        self._on = sys.stderr is not None and sys.stderr.isatty()

    def set_postfix_str(self, text: str, **_: bool) -> None:
        self._note = f", {text}"

    def update(self, steps: int) -> None:
        self._done += steps
        self.refresh()

    def clear(self) -> None:
        self._show("")

    def refresh(self) -> None:
        self._show(f"{self._label}{self._done}{self._of}{self._note}")

    def _show(self, line: str) -> None:
        if self._on:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()

    def close(self) -> None:
        if self._on and self._done:
            sys.stderr.write("\n")
            sys.stderr.flush()
        self._on = False
