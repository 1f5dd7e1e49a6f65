"""``doctor``: whether everything is there that a call needs."""

from __future__ import annotations

import platform
import sys

from .. import Client, PartnerCenterError, Reason, __version__
from . import claims, connection, options, report, secret, terminal
from .check import FAILED, OK, WARNING, Check
from .command import ENVIRONMENT, Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

_EXIT_CODES = """\
exit codes:
  0  nothing failed
  2  wrong usage; nothing was sent
  3  something failed; its line says what to do
"""
_NO_SUCH_DOMAIN = "partner-center.invalid"
"""No tenant can have it: the authority says so, and nothing else is asked."""
_PATIENCE = 30.0
_UNAUTHORIZED = 401


def _options(parser: ArgumentParser) -> None:
    options.json(parser)
    options.connection(parser)


def _doctor(arguments: Namespace) -> int:
    return report.settle(arguments, _examine)


def _examine(arguments: Namespace) -> int:
    failed = False
    for check in _checks(arguments):
        failed = failed or check.state == FAILED
        line = f"{check.state:<8} {check.name:<10} {terminal.plain(check.text)}"
        line = terminal.folded(line, sys.stdout, then=" " * 20)
        report.row(arguments, check._asdict(), line)
    return report.NOT_APPLIED if failed else report.DONE


def _checks(arguments: Namespace) -> Iterator[Check]:
    from . import network  # noqa: PLC0415 - Python's own takes long to load

    yield _versions()
    try:
        token: str | None = secret.token(arguments, ask=False)
    except PartnerCenterError as error:
        token = None
        yield Check("token", FAILED, str(error).removesuffix(" Nothing was sent."))
    arguments.timeout = arguments.timeout or _PATIENCE
    try:
        client = connection.client_with(arguments, token or "none", validate_mfa=True)
    except PartnerCenterError as error:
        yield Check("settings", FAILED, str(error))
        return
    base = network.base_url(arguments, client)
    if token is not None:
        yield from claims.checks(token, base)
    yield network.proxy(arguments, base)
    yield network.authorities(arguments, base)
    yield network.clock(arguments, base)
    yield _service(client, has_token=token is not None)
    yield _authority(client)


def _installed() -> str:
    from importlib import metadata  # noqa: PLC0415 - as above

    try:
        return metadata.version("partner-center")
    except metadata.PackageNotFoundError:
        return "that is not installed"


def _versions() -> Check:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return Check(
        "versions",
        OK,
        f"partner-center {_installed()}, core {__version__}, {python}, "
        f"{platform.system()} {platform.machine()}",
    )


def _service(client: Client, *, has_token: bool) -> Check:
    """A read that every token may make, if it may make any."""
    try:
        page = next(client.list_customers(page_size=1).pages())
    except PartnerCenterError as error:
        if error.status == _UNAUTHORIZED and not has_token:
            return Check("service", OK, "answers; without a token it tells no more (HTTP 401)")
        return Check("service", FAILED, str(error))
    if page.mfa_compliant is False:
        return Check(
            "service",
            FAILED,
            "takes the token, and says that its sign-in had no multifactor authentication. "
            "Sign in again with it: the service refuses changes without.",
        )
    mfa = ", and the sign-in's multifactor authentication" if page.mfa_compliant else ""
    return Check("service", OK, f"answers, and takes the token{mfa}")


def _authority(client: Client) -> Check:
    try:
        client.find_customer(domain=_NO_SUCH_DOMAIN)
    except PartnerCenterError as error:
        if error.reason is not Reason.NO_SUCH_DOMAIN:
            return Check("sign-in", FAILED, str(error))
        return Check("sign-in", OK, "the sign-in authority answers")
    return Check("sign-in", WARNING, "the sign-in authority knows a tenant that cannot be")


COMMAND = Command(
    name="doctor",
    line="check the token, the clock, the network and the versions",
    usage="%(prog)s [options]",
    about="""\
Checks what every call needs: the token and what it says of itself, the proxy,
the certificates, the clock, the service and the sign-in authority. A line for
each check says ok, warning or failed, and what to do. The service is read from;
nothing is changed, and no secret is shown.""",
    epilog=epilog(ENVIRONMENT, _EXIT_CODES, example="partner-center doctor"),
    options=_options,
    run=_doctor,
)
