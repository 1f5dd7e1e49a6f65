"""Files that arguments name."""

from __future__ import annotations

import contextlib
import os
import sys

from .. import InvalidArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def text(path: str, name: str) -> str:
    """What the file holds; - is the standard input."""
    if path == "-" and sys.stdin is None:
        raise InvalidArgumentError(
            f"{name} is -, and the standard input is closed. Nothing was sent."
        )
    try:
        if path == "-":
            # Python's own decoding of it lets pass what is no text.
            return sys.stdin.buffer.read().decode()
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise unusable(name, "read", error) from None


def differ(path: str | None, name: str, other: str, others_name: str) -> None:
    """Raises where both lead to one file, which neither would leave to the other."""
    if path is not None and os.path.realpath(path) == os.path.realpath(other):
        raise InvalidArgumentError(
            f"{name} and {others_name} name the same file. Nothing was sent."
        )


@contextlib.contextmanager
def claimed(path: str | None, option: str) -> Iterator[None]:
    """A new file, made before what is to be written there has taken its time.

    Whoever fails leaves none.
    """
    if path is None:
        yield
        return
    try:
        with open(path, "x", encoding="utf-8"):
            pass
    except (OSError, ValueError) as error:
        raise unusable(option, "made", error) from None
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def unusable(name: str, done: str, error: OSError | ValueError) -> InvalidArgumentError:
    """It cannot be read, or made; the file's own name is not repeated."""
    reason = getattr(error, "strerror", None) or "it is not valid text"
    return InvalidArgumentError(f"{name} cannot be {done}: {reason}. Nothing was sent.")
