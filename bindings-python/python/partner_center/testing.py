"""A stand-in for the service, to practise on: the real change cannot be undone."""

from __future__ import annotations

from ._native import Emulator as _Native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from .types import EmulatedCode, EmulatedCustomer


class Emulator:
    """Partner Center's qualification resource on this machine, over plain http.

    It keeps customers, qualifications and government codes that run out, and refuses what the
    service is documented to refuse. Its state is gone when it stops.

        with Emulator() as emulator:
            client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
            client.get_qualification(emulator.customer("Contoso"))
    """

    def __init__(self, *, port: int = 0, token: str | None = None) -> None:
        """Starts it, on any free port unless one is given, with a new token unless one is given."""
        self._native = _Native(port=port, token=token)

    @property
    def url(self) -> str:
        """The base URL."""
        return self._native.url

    @property
    def token(self) -> str:
        """The bearer token that is accepted now."""
        return self._native.token

    def expire_token(self) -> str:
        """Refuses the token from now on; returns the one that is accepted instead."""
        return self._native.expire_token()

    def customers(self) -> list[EmulatedCustomer]:
        """The customers as they are now."""
        return self._native.customers()

    def customer(self, name: str) -> str:
        """The tenant id of the only customer whose company name begins so."""
        found = [c["id"] for c in self.customers() if c["company_name"].startswith(name)]
        if len(found) != 1:
            raise LookupError(f"{len(found)} customers' names begin with {name!r}")
        return found[0]

    def validation_codes(self) -> list[EmulatedCode]:
        """The government validation codes as they are now."""
        return self._native.validation_codes()

    def applied(self) -> int:
        """How many changes were really applied."""
        return self._native.applied()

    def requests(self) -> list[tuple[str, str]]:
        """Method and path of every request, in order."""
        return self._native.requests()

    def stop(self) -> None:
        """Ends it."""
        self._native.stop()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
