"""One client, many PUTs, microseconds a call: ``client.py WHICH URL TOKEN CALLS``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

CUSTOMER = "11111111-aaaa-4aaa-8aaa-111111111111"
WHICH, URL, TOKEN, CALLS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
TARGET = f"{URL}/v1/customers/{CUSTOMER}/qualification"
HEADERS = {
    "Authorization": f"Bearer {TOKEN}",
    "Accept": "application/json",
    "Content-Type": "application/json",
    "MS-RequestId": "037db222-6d8e-4d7f-ba78-df3dca33fb68",
    "MS-CorrelationId": "7d2456fd-2d79-46d0-9f8e-5d7ecd5f8745",
    "MS-Contract-Version": "v1",
    "X-Locale": "en-US",
    "MS-PartnerCenter-Application": "bench",
}


def wheel() -> Callable[[], bool]:
    """This package."""
    import partner_center  # noqa: PLC0415

    client = partner_center.Client(TOKEN, base_url=URL, allow_http_loopback=True)
    education = partner_center.Qualification.EDUCATION
    return lambda: client.update_qualification(CUSTOMER, education).qualification is education


def requests_() -> Callable[[], bool]:
    """A requests.Session, as users write it."""
    import requests  # noqa: PLC0415

    session = requests.Session()
    return lambda: session.put(TARGET, data=b"1", headers=HEADERS).content.endswith(b'education"')


def httpx_() -> Callable[[], bool]:
    """A httpx.Client."""
    import httpx  # noqa: PLC0415

    client = httpx.Client()
    return lambda: client.put(TARGET, content=b"1", headers=HEADERS).content.endswith(b'education"')


call = {"wheel": wheel, "requests": requests_, "httpx": httpx_}[WHICH]()
for _ in range(CALLS // 10):
    assert call()
begun = time.perf_counter()
for _ in range(CALLS):
    assert call()
print(f"{(time.perf_counter() - begun) * 1e6 / CALLS:.2f}")
