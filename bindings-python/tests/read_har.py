"""Reads every HAR of a folder with mitmproxy and prints what it saw; a program of its own, since
importing mitmproxy changes the process (event loops, logging)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

seen: dict[str, list[tuple[str, str, int | None]]] = {}
for path in sorted(Path(sys.argv[1]).glob("*.har")):
    with path.open("rb") as file:
        seen[path.name] = [
            (
                flow.request.method,
                flow.request.pretty_url,
                flow.response.status_code if flow.response else None,
            )
            for flow in FlowReader(file).stream()
            if isinstance(flow, HTTPFlow)
        ]
print(json.dumps(seen))
