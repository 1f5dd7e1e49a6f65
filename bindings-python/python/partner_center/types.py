"""Names for annotations. Nothing of the package needs this module at run time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, TypedDict
from uuid import UUID

from ._models import Change, Customer, TokenRequest
from ._native import ClientCredentials, RefreshTokenCredential
from .enums import Qualification

__all__ = [
    "AccessToken",
    "ArrowTable",
    "AsyncCredential",
    "AsyncTokenCredential",
    "Changes",
    "Credential",
    "EmulatedCode",
    "EmulatedCustomer",
    "PandasTable",
    "PolarsTable",
    "Rows",
    "SomeChange",
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


class ArrowTable(Protocol):
    """pyarrow's Table and RecordBatch, and whatever looks like them."""

    def to_pylist(self) -> list[dict[str, Any]]:
        """Its rows."""
        ...


class PolarsTable(Protocol):
    """polars' DataFrame, and whatever looks like it."""

    def to_dicts(self) -> list[dict[str, Any]]:
        """Its rows."""
        ...


class PandasTable(Protocol):
    """pandas' DataFrame, and whatever looks like it."""

    def to_dict(self, orient: Literal["records"]) -> list[dict[Any, Any]]:
        """Its rows."""
        ...


SomeChange: TypeAlias = (
    Change
    | tuple[str | UUID | Customer, Qualification | str]
    | tuple[str | UUID | Customer, Qualification | str, str | None]
    | Mapping[str, Any]
)
"""A change: as such, as (customer, qualification) or with a code_name, or as a dict.

The keys of a dict are customer, qualification, education_segment, website and code_name.
"""

Changes: TypeAlias = (
    Iterable[SomeChange] | str | PathLike[str] | ArrowTable | PolarsTable | PandasTable
)
"""What plan takes: changes, the path of a CSV file, or a table; the columns are a dict's keys."""

Rows: TypeAlias = list[dict[str, str | int | None]]
"""Dicts of plain values, for DataFrame; polars' needs infer_schema_length=None: columns may begin
with more than a hundred times None."""


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
