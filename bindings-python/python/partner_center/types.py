"""Names for annotations. Nothing of the package needs this module at run time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias, TypedDict

from ._models import TokenRequest
from ._native import ClientCredentials, RefreshTokenCredential
from .enums import Qualification

__all__ = [
    "AccessToken",
    "AsyncCredential",
    "AsyncTokenCredential",
    "Credential",
    "EmulatedCode",
    "EmulatedCustomer",
    "Token",
    "TokenCredential",
    "TokenRequest",
]


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

    def get_token(self, *scopes: str, claims: str | None = None) -> AccessToken:
        """A token for the scopes; ``claims`` are given only where the service wants some."""
        ...


class AsyncTokenCredential(Protocol):
    """azure-core's AsyncTokenCredential, and whatever looks like it."""

    async def get_token(self, *scopes: str, claims: str | None = None) -> AccessToken:
        """A token for the scopes; ``claims`` are given only where the service wants some."""
        ...


Token: TypeAlias = str | tuple[str, float | None] | AccessToken
"""What a callable returns: a token, a pair of token and expiry, or an object with both."""

Credential: TypeAlias = (
    str
    | Callable[[], Token]
    | Callable[[TokenRequest], Token]
    | TokenCredential
    | RefreshTokenCredential
    | ClientCredentials
)
"""What a Client takes: a token, or what gives one."""

AsyncCredential: TypeAlias = (
    Credential
    | Callable[[], Awaitable[Token]]
    | Callable[[TokenRequest], Awaitable[Token]]
    | AsyncTokenCredential
)
"""What an aio.Client takes: what a Client takes, or what gives a token when it is awaited."""


class EmulatedCustomer(TypedDict):
    """A customer of the emulator."""

    id: str
    company_name: str
    domain: str
    country: str | None
    qualification: Qualification


class EmulatedCode(TypedDict):
    """A government validation code of the emulator."""

    validation_id: str
    organization_name: str
    max_creates: int
    remaining_creates: int
