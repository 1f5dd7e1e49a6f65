"""Many changes, once each way: ``bulk.py WHICH URL TOKEN COUNT`` prints its figures as JSON.

``wheel`` plans and runs, with a journal; ``requests`` is the loop that people write: sixteen
threads, a read and a PUT for each customer, and nothing else.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

WHICH, URL, TOKEN, COUNT = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
CUSTOMERS = [f"00000000-0000-4000-8000-{number:012}" for number in range(1, COUNT + 1)]


def peak() -> int:
    """KiB of memory at the most, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def wheel() -> dict[str, float]:
    """This package."""
    import partner_center  # noqa: PLC0415

    client = partner_center.Client(TOKEN, base_url=URL, allow_http_loopback=True)
    changes = [partner_center.Change(customer, "Education") for customer in CUSTOMERS]
    begun = time.perf_counter()
    plan = client.plan(changes, operation="update_qualification", per_second=None)
    planned = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        report = client.run(plan, journal, per_second=None)
        size = journal.stat().st_size
    assert report.applied == COUNT, report
    return {"plan": planned, "seconds": time.perf_counter() - begun, "journal": size / COUNT}


def requests_() -> dict[str, float]:
    """A requests.Session for each of sixteen threads."""
    import requests  # noqa: PLC0415

    mine = local()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}

    def change(customer: str) -> bool:
        if not hasattr(mine, "session"):
            mine.session = requests.Session()
        target = f"{URL}/v1/customers/{customer}/qualification"
        before = mine.session.get(target, headers=headers)
        # With a byte order mark, as the service writes it.
        if before.content.decode("utf-8-sig") != '"none"':
            return False
        return bool(mine.session.put(target, data=b"1", headers=headers).ok)

    begun = time.perf_counter()
    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(change, CUSTOMERS))
    return {"seconds": time.perf_counter() - begun}


figures = {"wheel": wheel, "requests": requests_}[WHICH]()
print(json.dumps({**figures, "peak": peak()}))
