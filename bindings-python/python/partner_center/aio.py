"""The client for asyncio: the same calls, awaited on the loop, which they never block.

Credentials, and every function whose name begins with ``on_``, may be coroutine functions here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, final

from . import _native
from ._awaiting import Awaiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from datetime import timedelta
    from os import PathLike
    from typing import Any
    from uuid import UUID

    from ._models import (
        ChangeResult,
        CreatedQualification,
        CurrentQualification,
        CurrentQualifications,
        Customer,
        CustomerPage,
        CustomerQualification,
        Event,
        FoundCustomer,
        FoundValidationCode,
        PendingOperation,
        Plan,
        PlannedChange,
        Reconciled,
        Report,
        UpdatedQualification,
        ValidationCode,
        ValidationCodes,
        Vetting,
    )
    from .enums import ChangeOperation, Cloud, EducationSegment, OnAmbiguous, Qualification
    from .types import AsyncCredential, Changes

__all__ = ["Client", "Customers"]


@final
class Client:
    """Talks to Partner Center from an event loop. Immutable; needs no closing.

    The arguments and methods are those of partner_center.Client; each call is awaited. Cancelling
    the task leaves the call: the CancelledError has a note that says the outcome, and
    partner_center.CancelledError as its cause; on Python 3.10, which has no notes, the cause alone
    says it. With asyncio.wait_for and asyncio.timeout it is the TimeoutError's __cause__.__cause__.

    on_event hears of what comes after a call was left on the loop of that call; once the loop is
    closed, logging alone does.
    """

    def __init__(
        self,
        credential: AsyncCredential,
        *,
        cloud: Cloud | None = None,
        base_url: str | None = None,
        authority: str | None = None,
        allow_http_loopback: bool = False,
        application: str | None = None,
        locale: str | None = None,
        connect_timeout: float | timedelta | None = None,
        attempt_timeout: float | timedelta | None = None,
        deadline: float | timedelta | None = None,
        proxy: str | None = None,
        ca_certificates: bytes | None = None,
        only_ca_certificates: bytes | None = None,
        validate_mfa: bool = False,
        on_ambiguous: OnAmbiguous | str | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        """Makes the client; see partner_center.Client."""
        client = _native.Client(
            # What it returns is awaited here; nothing else differs.
            cast("Any", credential),
            cloud=cloud,
            base_url=base_url,
            authority=authority,
            allow_http_loopback=allow_http_loopback,
            application=application,
            locale=locale,
            connect_timeout=connect_timeout,
            attempt_timeout=attempt_timeout,
            deadline=deadline,
            proxy=proxy,
            ca_certificates=ca_certificates,
            only_ca_certificates=only_ca_certificates,
            validate_mfa=validate_mfa,
            on_ambiguous=on_ambiguous,
            on_event=on_event,
        )
        self._awaiting = Awaiting(client, on_event)

    async def update_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        validation_code: str | ValidationCode | None = None,
        skip_if_set: bool = False,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> UpdatedQualification:
        """Sets a customer's qualification; see partner_center.Client."""
        call = self._awaiting.calls.update_qualification(
            customer,
            qualification,
            validation_code=validation_code,
            skip_if_set=skip_if_set,
            request_id=request_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        return await self._awaiting.end(call)

    def preview_update_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        validation_code: str | ValidationCode | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
    ) -> str:
        """The request that update_qualification would send; see partner_center.Client."""
        return self._awaiting.native.preview_update_qualification(
            customer,
            qualification,
            validation_code=validation_code,
            request_id=request_id,
            correlation_id=correlation_id,
        )

    async def get_qualification(
        self,
        customer: str | UUID | Customer,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> CurrentQualification:
        """Reads a customer's qualification; see partner_center.Client."""
        call = self._awaiting.calls.get_qualification(
            customer, request_id=request_id, correlation_id=correlation_id, deadline=deadline
        )
        return await self._awaiting.end(call)

    async def create_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        education_segment: EducationSegment | str | None = None,
        website: str | None = None,
        validation_code: str | ValidationCode | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> CreatedQualification:
        """Asks for a qualification of a customer; see partner_center.Client."""
        call = self._awaiting.calls.create_qualification(
            customer,
            qualification,
            education_segment=education_segment,
            website=website,
            validation_code=validation_code,
            request_id=request_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        return await self._awaiting.end(call)

    def preview_create_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        education_segment: EducationSegment | str | None = None,
        website: str | None = None,
        validation_code: str | ValidationCode | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
    ) -> str:
        """The request that create_qualification would send; see partner_center.Client."""
        return self._awaiting.native.preview_create_qualification(
            customer,
            qualification,
            education_segment=education_segment,
            website=website,
            validation_code=validation_code,
            request_id=request_id,
            correlation_id=correlation_id,
        )

    async def get_qualifications(
        self,
        customer: str | UUID | Customer,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> CurrentQualifications:
        """Reads a customer's qualifications and their vetting; see partner_center.Client."""
        call = self._awaiting.calls.get_qualifications(
            customer, request_id=request_id, correlation_id=correlation_id, deadline=deadline
        )
        return await self._awaiting.end(call)

    async def wait_for_vetting(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        deadline: float | timedelta | None = None,
        poll_interval: float | timedelta | None = None,
        on_progress: Callable[[CustomerQualification], object] | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
    ) -> Vetting:
        """Waits until Microsoft has decided on a qualification; see partner_center.Client."""
        call = self._awaiting.calls.wait_for_vetting(
            customer,
            qualification,
            deadline=deadline,
            poll_interval=poll_interval,
            on_progress=on_progress,
            request_id=request_id,
            correlation_id=correlation_id,
        )
        return await self._awaiting.end(call)

    async def plan(
        self,
        changes: Changes,
        *,
        operation: ChangeOperation | str,
        at_once: int = 4,
        per_second: float | None = 5.0,
        on_planned: Callable[[PlannedChange], object] | None = None,
        deadline: float | timedelta | None = None,
    ) -> Plan:
        """Reads many customers, and says what run would do to each; see partner_center.Client."""
        call = self._awaiting.calls.plan(
            changes,
            operation=operation,
            at_once=at_once,
            per_second=per_second,
            on_planned=on_planned,
            deadline=deadline,
        )
        return await self._awaiting.end(call)

    async def run(
        self,
        plan: Plan,
        journal: str | PathLike[str],
        *,
        codes: Mapping[str, str | ValidationCode] | None = None,
        at_once: int = 4,
        per_second: float | None = 5.0,
        on_result: Callable[[ChangeResult], object] | None = None,
        deadline: float | timedelta | None = None,
    ) -> Report:
        """Makes the changes of a plan; see partner_center.Client."""
        call = self._awaiting.calls.run(
            plan,
            journal,
            codes=codes,
            at_once=at_once,
            per_second=per_second,
            on_result=on_result,
            deadline=deadline,
        )
        return await self._awaiting.end(call)

    async def resume(
        self,
        journal: str | PathLike[str],
        *,
        codes: Mapping[str, str | ValidationCode] | None = None,
        resend_older: bool = False,
        audit: bool = False,
        at_once: int = 4,
        per_second: float | None = 5.0,
        on_result: Callable[[ChangeResult], object] | None = None,
        deadline: float | timedelta | None = None,
    ) -> Report:
        """Goes on with a run by its journal; see partner_center.Client."""
        call = self._awaiting.calls.resume(
            journal,
            codes=codes,
            resend_older=resend_older,
            audit=audit,
            at_once=at_once,
            per_second=per_second,
            on_result=on_result,
            deadline=deadline,
        )
        return await self._awaiting.end(call)

    def pending_update_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        request_id: str | UUID,
    ) -> PendingOperation:
        """What settles a change that is about to be made; see partner_center.Client."""
        return self._awaiting.native.pending_update_qualification(
            customer, qualification, request_id=request_id
        )

    def pending_create_qualification(
        self,
        customer: str | UUID | Customer,
        qualification: Qualification | str,
        *,
        request_id: str | UUID,
    ) -> PendingOperation:
        """What settles a change that is about to be made; see partner_center.Client."""
        return self._awaiting.native.pending_create_qualification(
            customer, qualification, request_id=request_id
        )

    async def reconcile(
        self,
        pending: PendingOperation,
        *,
        audit: bool = False,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> Reconciled:
        """Settles a change whose outcome is unknown, by reads; see partner_center.Client."""
        call = self._awaiting.calls.reconcile(
            pending,
            audit=audit,
            request_id=request_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        return await self._awaiting.end(call)

    async def get_validation_codes(
        self,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> ValidationCodes:
        """Lists the partner's government validation codes; see partner_center.Client."""
        call = self._awaiting.calls.get_validation_codes(
            request_id=request_id, correlation_id=correlation_id, deadline=deadline
        )
        return await self._awaiting.end(call)

    async def find_validation_code(
        self,
        organization: str,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> FoundValidationCode:
        """The organization's code that has budget left; see partner_center.Client."""
        call = self._awaiting.calls.find_validation_code(
            organization, request_id=request_id, correlation_id=correlation_id, deadline=deadline
        )
        return await self._awaiting.end(call)

    def list_customers(
        self,
        *,
        company_name: str | None = None,
        page_size: int | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> Customers:
        """Lists the partner's customers; see partner_center.Client."""
        listed = self._awaiting.native.list_customers(
            company_name=company_name,
            page_size=page_size,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        return Customers(_Pages(self._awaiting, listed.pages()))

    async def get_customer(
        self,
        customer: str | UUID | Customer,
        *,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> FoundCustomer:
        """Reads a customer; see partner_center.Client."""
        call = self._awaiting.calls.get_customer(
            customer, request_id=request_id, correlation_id=correlation_id, deadline=deadline
        )
        return await self._awaiting.end(call)

    async def find_customer(
        self,
        *,
        domain: str | None = None,
        company_name: str | None = None,
        request_id: str | UUID | None = None,
        correlation_id: str | UUID | None = None,
        deadline: float | timedelta | None = None,
    ) -> FoundCustomer:
        """The customer with a domain, or with a company name; see partner_center.Client."""
        call = self._awaiting.calls.find_customer(
            domain=domain,
            company_name=company_name,
            request_id=request_id,
            correlation_id=correlation_id,
            deadline=deadline,
        )
        return await self._awaiting.end(call)

    def __repr__(self) -> str:
        return f"aio.{self._awaiting.native!r}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._awaiting.native.__getnewargs_ex__()

    def __copy__(self) -> Client:
        return self

    def __deepcopy__(self, _: object) -> Client:
        return self


class Customers:
    """Customers one by one; a page is fetched when its first customer is wanted."""

    def __init__(self, pages: AsyncIterator[CustomerPage]) -> None:
        self._pages = pages
        self._page: Iterator[Customer] = iter(())

    def pages(self) -> AsyncIterator[CustomerPage]:
        """The pages still to come; what is left of a page that was begun is not among them."""
        return self._pages

    def __aiter__(self) -> Customers:
        return self

    async def __anext__(self) -> Customer:
        while True:
            for customer in self._page:
                return customer
            self._page = iter(await anext(self._pages))


class _Pages:
    """A listing's pages. A page that failed may be asked for again, unlike with a generator."""

    def __init__(self, awaiting: Awaiting, pages: Iterator[CustomerPage]) -> None:
        self._awaiting = awaiting
        self._pages = pages

    def __aiter__(self) -> _Pages:
        return self

    async def __anext__(self) -> CustomerPage:
        self._awaiting.refuse_credential()
        for call in self._pages:
            return await self._awaiting.end(call)
        raise StopAsyncIteration


def _again(arguments: tuple[Any, ...], options: dict[str, Any]) -> Client:
    return Client(*arguments, **options)
