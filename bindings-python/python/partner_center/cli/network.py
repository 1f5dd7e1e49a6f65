"""What lies between this machine and the service."""

from __future__ import annotations

import email.utils
import http.client
import os
import ssl
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from .check import FAILED, OK, WARNING, Check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from email.message import Message

    from .. import Client

_ANYBODY = "00000000-0000-4000-8000-000000000001"
_PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_STORES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The environment variables that decide, in the client's order."""
_NEAR, _FAR = 60, 300
_PATIENCE = 10


def base_url(arguments: Namespace, client: Client) -> str:
    """Where the client sends to, and the audience of its tokens."""
    if arguments.base_url is not None:
        given: str = arguments.base_url
        return given.rstrip("/")
    request = client.preview_update_qualification(_ANYBODY, "Education").splitlines()
    host = next(line for line in request if line.startswith("Host: "))
    return f"https://{host.removeprefix('Host: ')}"


def proxy(arguments: Namespace, base: str) -> Check:
    """Which one stands between, without its user and password."""
    url, source = _proxy(arguments, base)
    if url is None:
        return Check("proxy", OK, source)
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        host = None
    if not host or any(map(str.isspace, host)):
        return Check("proxy", FAILED, f"{source} holds no address such as http://proxy:8080")
    return Check("proxy", OK, f"{host}, by {source}")


def _proxy(arguments: Namespace, base: str) -> tuple[str | None, str]:
    if arguments.proxy is not None:
        return arguments.proxy, "--proxy"
    host = urlsplit(base).hostname or ""
    if _is_here(host):
        return None, "none, to this machine"
    name = next((name for name in _PROXIES if os.environ.get(name)), None)
    if name is None:
        return None, "none"
    if urllib.request.proxy_bypass(host):
        return None, f"none: NO_PROXY leaves {host} out of {name}"
    return os.environ[name], name


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def authorities(arguments: Namespace, base: str) -> Check:
    """Whom the client trusts. That it was made says that they could be read."""
    if base.startswith("http:"):
        return Check("trust", OK, "not needed for plain http to this machine")
    if arguments.only_ca_file is not None:
        told = f"only {arguments.only_ca_file}"
    else:
        name = next((name for name in _STORES if os.environ.get(name)), None)
        told = f"{os.environ[name]}, by {name}" if name else "the system's authorities"
    extra = f" and {arguments.ca_file}" if arguments.ca_file is not None else ""
    return Check("trust", OK, told + extra)


def clock(arguments: Namespace, base: str) -> Check:
    """This machine's against the service's, by the time in an answer."""
    before = time.time()
    try:
        told = _headers(arguments, base).get("Date", "")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return _not_compared(_why(error))
    now = (before + time.time()) / 2
    try:
        service = email.utils.parsedate_to_datetime(told).timestamp()
    except (ValueError, TypeError):
        return _not_compared("it sends no time")
    apart = round(abs(now - service))
    if apart <= _NEAR:
        return Check("clock", OK, "agrees with the service's")
    way = "ahead of" if now > service else "behind"
    return Check(
        "clock",
        FAILED if apart > _FAR else WARNING,
        f"this machine's is {apart} seconds {way} the service's. Set it: tokens and certificates "
        "are refused by it.",
    )


def _not_compared(reason: str) -> Check:
    return Check("clock", WARNING, f"not compared with the service's: {reason}")


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return "no answer"
    # Python reads the proxy's address in its own way.
    if isinstance(error, (ValueError, http.client.InvalidURL)):
        return "an address cannot be read"
    return "no HTTP answer"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """An answer is wanted, not what lies behind it."""


def _headers(arguments: Namespace, base: str) -> Message:
    """Those of any answer of the service, to a request without a token."""
    url, _ = _proxy(arguments, base)
    handlers: list[urllib.request.BaseHandler] = [_Stay()]
    handlers.append(urllib.request.ProxyHandler({"http": url, "https": url} if url else {}))
    if base.startswith("https:"):
        handlers.append(urllib.request.HTTPSHandler(context=_trusted(arguments)))
    opener = urllib.request.build_opener(*handlers)
    request = urllib.request.Request(f"{base}/", method="HEAD")  # noqa: S310 - the client's address
    try:
        with opener.open(request, timeout=_PATIENCE) as answer:
            headers: Message = answer.headers
    except urllib.error.HTTPError as error:
        error.close()
        headers = error.headers
    return headers


def _trusted(arguments: Namespace) -> ssl.SSLContext:
    bundle = next((os.environ[name] for name in _STORES[2:] if os.environ.get(name)), None)
    only = arguments.only_ca_file or bundle
    is_folder = only is not None and os.path.isdir(only)
    context = ssl.create_default_context(
        cafile=None if is_folder else only, capath=only if is_folder else None
    )
    if arguments.ca_file is not None:
        context.load_verify_locations(arguments.ca_file)
    return context
