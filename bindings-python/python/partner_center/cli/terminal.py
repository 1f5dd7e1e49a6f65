"""What reaches the user's screen: plain text, whatever the service or a file name held."""

from __future__ import annotations

import contextlib
import getpass
import io
import os
import sys
import textwrap

from ..progress import Count, ProgressBar, progress_bar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import TextIO

WIDTH = 80


def prepare() -> None:
    """Lets no character that the terminal cannot show end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def plain(text: str) -> str:
    """The text on one line, without characters that a terminal would obey."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else ascii(character)[1:-1]


def out(text: str = "") -> bool:
    """Writes a line to the standard output; False where its reader has left."""
    return _write(sys.stdout, text + "\n")


def err(text: str = "", *, end: str = "\n") -> None:
    """Writes a line to the standard error output."""
    _write(sys.stderr, text + end)


def flush() -> None:
    """Writes what others have printed, while an error can still be met."""
    _write(sys.stdout, "")


def _write(stream: TextIO | None, text: str) -> bool:
    if stream is None:
        return True
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        _abandon(stream)
        # A closed pipe is the reader's wish; a full disk must not swallow what happened.
        if isinstance(error, BrokenPipeError):
            return False
        if stream is sys.stdout:
            sys.stdout = sys.stderr
            err(text, end="")
    return True


def _abandon(stream: TextIO) -> None:
    """Points a stream that takes no more at nothing, or the interpreter complains at its end."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        pass


def folded(text: str, stream: TextIO | None, *, then: str = "") -> str:
    """Broken at spaces to fit a terminal; one line where it goes to a file or a program."""
    if stream is None or not stream.isatty():
        return text
    try:
        width = os.get_terminal_size(stream.fileno()).columns or WIDTH
    except (OSError, ValueError):
        width = WIDTH
    return fill(text, width=width, then=then)


def fill(text: str, *, width: int = WIDTH, first: str = "", then: str = "") -> str:
    """Broken at spaces only, so that ids can be copied."""
    return textwrap.fill(
        text,
        width=max(width, 20),
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )


def interactive() -> bool:
    """Whether somebody can be asked: who answers must have seen the question."""
    return sys.stderr is not None and sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """What is typed in answer; nothing where it cannot be read."""
    err(question, end="")
    try:
        line = sys.stdin.readline()
    except (OSError, UnicodeDecodeError):
        line = ""
    if not line.endswith("\n"):
        end_line()
    return line.strip()


def ask_secretly(question: str) -> str:
    """The same for a secret: what is typed is not shown."""
    try:
        line = getpass.getpass(question, stream=sys.stderr)
    except (OSError, EOFError, UnicodeDecodeError):
        line = ""
    return line.strip()


def progress(label: str) -> AbstractContextManager[ProgressBar | None]:
    """A bar for somebody who waits at a terminal while the output goes elsewhere."""
    if sys.stdout is not None and sys.stdout.isatty():
        return contextlib.nullcontext()
    if not _is_seen():
        return contextlib.nullcontext()
    return progress_bar(label=label)


def bar(label: str, total: int | None) -> ProgressBar:
    """A bar for somebody who waits at a terminal; nothing elsewhere."""
    if _is_seen():
        return progress_bar(total, label=label)
    return ProgressBar(Count(total, label))


def _is_seen() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def end_line() -> None:
    """Leaves the line on which a terminal shows ^C, or a question that got no answer."""
    if _is_seen():
        err()


def colours() -> bool:
    """Whether the standard output is a terminal whose user wants colours."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()
