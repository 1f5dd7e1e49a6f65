"""The emulator for pytest, which finds these fixtures by itself where the package is installed."""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from . import Client
    from .testing import Emulator


@pytest.fixture
def partner_center_seed() -> str | os.PathLike[str] | None:
    """The seed of ``partner_center_emulator``: a file, or None for its own customers.

    Define a fixture of this name to have another one.
    """
    return None


@pytest.fixture
def partner_center_emulator(
    partner_center_seed: str | os.PathLike[str] | None,
) -> Iterator[Emulator]:
    """A new ``partner_center.testing.Emulator``, for one test."""
    from .testing import Emulator  # noqa: PLC0415 - not before a test wants it

    with Emulator(seed=partner_center_seed) as emulator:
        yield emulator


@pytest.fixture
def partner_center_client(partner_center_emulator: Emulator) -> Client:
    """A ``partner_center.Client`` of that emulator; it renews its token when that expires."""
    from . import Client  # noqa: PLC0415

    emulator = partner_center_emulator
    return Client(lambda: emulator.token, base_url=emulator.url, allow_http_loopback=True)
