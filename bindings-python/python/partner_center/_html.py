"""How results and errors look in a notebook: plain tables, in the colours of the page."""

from __future__ import annotations

import html
from datetime import datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CUSTOMER = ("company_name", "id", "domain")
_MORE = (
    *("relationship_to_partner", "custom_domains", "email", "commerce_id"),
    *("organization_registration_number", "associated_partner_id", "allow_delegated_access"),
)
_CODE = ("organization", "remaining_creates", "max_creates")
_VETTING = ("vetting_status", "vetting_reason", "vetting_created")
_CHANGE = ("customer", "qualification", "education_segment", "website", "code_name")
_ENDS = ("applied", "already_set", "refused", "conflict", "unknown", "not_started")

FIELDS = {
    "Attempt": ("at", "method", "class_", "status", "correlation_id"),
    "Change": _CHANGE,
    "ChangeResult": (
        *("end", "outcome", "row", "customer", "qualification", "evidence", "detail", "kind"),
        *("reason", "status", "code", "request_id", "correlation_id", "attempts", "pending"),
    ),
    "CreatedQualification": ("outcome", "customer", "qualification", "evidence"),
    "CurrentQualification": ("customer", "qualification"),
    "Customer": (*_CUSTOMER, *_MORE),
    "CustomerQualification": ("qualification", *_VETTING),
    "Event": ("name", "operation", "attempt", "outcome", "error", "wait", "late", "at", "elapsed"),
    "FoundCustomer": (*_CUSTOMER, *_MORE),
    "FoundValidationCode": _CODE,
    "Observation": ("value", "at"),
    "PendingOperation": ("operation", "customer", "qualification", "first_sent", "request_id"),
    "Plan": ("sends", "codes", "doubles", "operation", "base_url", "made", "fingerprint"),
    "PlannedChange": ("decision", "row", *_CHANGE, "current", "detail"),
    "PlannedCode": ("name", "sends"),
    "Reconciled": ("outcome", "customer", "qualification", "observed", "evidence"),
    "Report": ("planned", *_ENDS, "stopped", "detail", "torn", "journal", "fingerprint"),
    "TokenRequest": ("scopes", "claims", "force_refresh"),
    "UpdatedQualification": ("outcome", "customer", "qualification", "evidence"),
    "ValidationCode": _CODE,
    "Vetting": ("end", "customer", "qualification", "polls"),
}
"""What is shown of each class, in order. The value of a validation code is nowhere."""
COLUMNS = {
    "CurrentQualifications": ("qualifications", ("qualification", *_VETTING)),
    "CustomerPage": ("customers", _CUSTOMER),
    "Plan": ("changes", ("row", "customer", "qualification", "decision", "current", "detail")),
    "Report": ("results", ("row", "customer", "qualification", "end", "outcome", "detail")),
    "ValidationCodes": ("codes", _CODE),
}
"""Of each class that lists something: what, and what is shown of each."""
_COUNTED = ("decision", "end")
"""By which what is listed is counted."""
_FIRST = ("unknown", "conflict", "refused", "unread", "not_started")
"""Of these, what needs a person's eye: listed above what went as it was asked."""
ERROR = (
    *("kind", "reason", "status", "code", "description", "meaning", "retry_after"),
    *("observed", "pending"),
)
"""What is shown of an error below its outcome and its text, which says what to do."""
_TRACE = ("request_id", "correlation_id", "ms_cv", "mfa_compliant")
MOST = 50
"""Rows of a list; whoever wants to see them all has a frame for it."""

_LINE = "border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent)"
_CELL = f"text-align: left; vertical-align: top; padding: 0.25em 1.5em 0.25em 0; {_LINE}"
_HEAD = f"{_CELL}; font-weight: 600; white-space: nowrap"
_ID = 36
_SHORT = f"{_CELL}; white-space: nowrap"
_TEXT = f"{_CELL}; max-width: 44em; white-space: pre-wrap; overflow-wrap: break-word"


def table(shown: object) -> str:
    """A model or an error as HTML. What the service or a customer wrote is escaped."""
    name = type(shown).__name__
    body = ""
    if isinstance(shown, Exception):
        first = [*_pairs(shown, ["outcome"]), ("error", str(shown))]
        body += _facts(name, [*first, *_pairs(shown, ERROR)])
    elif name in FIELDS:
        body += _facts(name, _pairs(shown, FIELDS[name]))
    if name in COLUMNS:
        what, columns = COLUMNS[name]
        items = _by_need(columns, getattr(shown, what))
        body += _rows(f"{what if body else name}: {_counted(columns, items)}", columns, items)
    return f"<div>{body}{_trace(shown)}</div>"


def _kind(columns: Iterable[str], item: object) -> str:
    """What the item is counted as; empty where none of the columns says it."""
    return next((str(getattr(item, by)) for by in _COUNTED if by in columns), "")


def _by_need(columns: Iterable[str], items: Iterable[object]) -> list[object]:
    """What needs a person's eye first, so that a short list holds it; else as it was."""
    need = {kind: place for place, kind in enumerate(_FIRST)}
    return sorted(items, key=lambda item: need.get(_kind(columns, item), len(need)))


def _counted(columns: Iterable[str], items: Sequence[object]) -> str:
    """How many there are, and of which kind."""
    kinds: dict[str, int] = {}
    for kind in filter(None, (_kind(columns, item) for item in items)):
        kinds[kind] = kinds.get(kind, 0) + 1
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return f"{len(items) or 'none'}{f' ({told})' if told else ''}"


def _trace(shown: object) -> str:
    """How it came about, folded up."""
    attempts = getattr(shown, "attempts", None)
    facts = _pairs(shown, _TRACE) if isinstance(attempts, tuple) else []
    if not facts:
        return ""
    made = _rows("Attempts", FIELDS["Attempt"], attempts) if attempts else ""
    summary = "<summary>request ids and attempts</summary>"
    return f"<details>{summary}{_facts('Ids', facts)}{made}</details>"


def _pairs(shown: object, fields: Iterable[str]) -> list[tuple[str, object]]:
    pairs = [(field, getattr(shown, field)) for field in fields]
    return [(field, value) for field, value in pairs if value not in (None, (), "")]


def _facts(title: str, pairs: Iterable[tuple[str, object]]) -> str:
    lines = (
        f'<tr><th scope="row" style="{_HEAD}">{_label(field)}</th>{_cell(value)}</tr>'
        for field, value in pairs
    )
    return _framed(title, f"<tbody>{''.join(lines)}</tbody>")


def _rows(title: str, columns: Iterable[str], items: Sequence[object]) -> str:
    if len(items) > MOST:
        title = f"{title}; {MOST} are shown, {len(items) - MOST} more are not"
    heads = (f'<th scope="col" style="{_HEAD}">{_label(column)}</th>' for column in columns)
    lines = (
        f"<tr>{''.join(_cell(getattr(item, column)) for column in columns)}</tr>"
        for item in items[:MOST]
    )
    head = f"<thead><tr>{''.join(heads)}</tr></thead>" if items else ""
    return _framed(title, f"{head}<tbody>{''.join(lines)}</tbody>")


def _framed(title: str, rows: str) -> str:
    caption = (
        f'<caption style="text-align: left; caption-side: top; color: inherit; '
        f'font-weight: 600; padding: 0.3em 0; white-space: nowrap">{_escaped(title)}</caption>'
    )
    return f'<table style="border-collapse: collapse; margin: 0.4em 0">{caption}{rows}</table>'


def _label(field: str) -> str:
    return _escaped(field.rstrip("_").replace("_", " "))


def _cell(value: object) -> str:
    text = _text(value)
    # An id stays on one line.
    style = _SHORT if len(text) <= _ID else _TEXT
    return f'<td style="{style}">{_escaped(text)}</td>'


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, tuple):
        return ", ".join(map(_text, value))
    if fields := FIELDS.get(type(value).__name__):
        return ", ".join(_text(part) for _, part in _pairs(value, fields))
    return str(value)


def _escaped(text: str) -> str:
    """Also without what would turn the direction of the text around it, or hide."""
    shown = (one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)
    return html.escape("".join(shown))
