"""Names for annotations. Nothing of the package needs this module at run time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, TypedDict

from .enums import Qualification

__all__ = ["AccessToken", "Credential", "EmulatedCode", "EmulatedCustomer", "TokenCredential"]


class AccessToken(Protocol):
    """What azure-core's credentials return, and whatever looks like it."""

    @property
    def token(self) -> str:
        """The bearer token."""
        ...

    @property
    def expires_on(self) -> float:
        """When it expires, in seconds since 1970."""
        ...


class TokenCredential(Protocol):
    """azure-core's TokenCredential, and whatever looks like it."""

    def get_token(self, *scopes: str) -> AccessToken:
        """A token for the scopes."""
        ...


Credential: TypeAlias = (
    str | Callable[[], str | tuple[str, float | None] | AccessToken] | TokenCredential
)
"""What a Client takes: a token, a callable that returns one, or an object with get_token."""


class EmulatedCustomer(TypedDict):
    """A customer of the emulator."""

    id: str
    company_name: str
    domain: str
    qualification: Qualification


class EmulatedCode(TypedDict):
    """A government validation code of the emulator."""

    validation_id: str
    organization_name: str
    max_creates: int
    remaining_creates: int
