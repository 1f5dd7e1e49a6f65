from os import PathLike
from types import TracebackType
from typing import final
from uuid import UUID

from ._models import Customer
from .enums import VettingStatus
from .types import EmulatedCode, EmulatedCustomer

__all__ = ["Emulator"]

@final
class Emulator:
    """Partner Center's customers and qualifications on this machine, over plain http.

    It keeps customers, qualifications and government codes that run out, refuses what the service
    is documented to refuse, and is its own sign-in authority. Its state is gone when it stops.

        with Emulator() as emulator:
            client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
            client.get_qualification(emulator.customer("Contoso"))

    Args:
        port: The port; any free one by default.
        token: The bearer token to accept; a new one by default.
        customers: How many generated customers there are besides.
        seed: A JSON file of the customers and codes to begin with, as in the guide; five customers
            and two codes by default.

    Raises:
        ValueError: An entry of the seed is wrong; the text names it.
        OSError: The port is taken, or the seed cannot be read.
    """

    def __new__(
        cls,
        *,
        port: int = 0,
        token: str | None = None,
        customers: int = 0,
        seed: str | PathLike[str] | None = None,
    ) -> Emulator: ...
    @property
    def url(self) -> str:
        """The base URL."""

    @property
    def token(self) -> str:
        """The bearer token that is accepted now."""

    @property
    def tenant(self) -> str:
        """The partner's tenant, in which the application signs in."""

    @property
    def client_id(self) -> str:
        """The application that may sign in."""

    @property
    def client_secret(self) -> str:
        """The application's secret."""

    @property
    def refresh_token(self) -> str:
        """The latest refresh token; those before it stay valid."""

    def expire_token(self) -> str:
        """Refuses the token from now on; returns the one that is accepted instead."""

    def decide(
        self,
        customer: str | UUID | Customer,
        status: VettingStatus | str,
        reason: str | None = None,
    ) -> None:
        """Ends the vetting of a customer's request.

        Args:
            customer: The customer, or its tenant id.
            status: Approved or Denied.
            reason: Why it is denied.

        Raises:
            LookupError: Nothing of the customer's is in review.
            ValueError: The status is neither Approved nor Denied, or an approval has a reason.
        """

    def switch(self, **switches: object) -> None:
        """Sets how it behaves from now on: faults, and what nobody knows of the service.

            emulator.switch(lost="after_applying", lost_when={"next": 1})

        Args:
            switches: By name; those left out behave as usual. The names are in the guide.

        Raises:
            ValueError: There is no such switch, or no such value.
        """

    def reset(self) -> None:
        """Begins anew: customers, codes, switches, and all that is counted or logged.

        The tokens stay.
        """

    @staticmethod
    def behaviours() -> str:
        """What is known of each behaviour and what can be switched, as Markdown."""

    def customers(self) -> list[EmulatedCustomer]:
        """The customers as they are now."""

    def customer(self, name: str) -> str:
        """The tenant id of the only customer whose company name begins so."""

    def validation_codes(self) -> list[EmulatedCode]:
        """The government validation codes as they are now."""

    def applied(self) -> int:
        """How many changes were really applied."""

    def requests(self) -> list[tuple[str, str]]:
        """Method and path of the last 10,000 requests, in order."""

    def stop(self) -> None:
        """Ends it."""

    def __enter__(self) -> Emulator: ...
    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
        /,
    ) -> None: ...
