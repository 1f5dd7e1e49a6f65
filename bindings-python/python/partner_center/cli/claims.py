"""What a token says of itself. Only the service can tell whether it is true."""

from __future__ import annotations

import base64
import binascii
import json
import time

from .check import FAILED, OK, WARNING, Check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_APPLICATION = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
"""The Partner Center API's own id, an audience like its address."""
_SOON = 300
_PARTS = 3
_END_OF_TIME = 1e12


def checks(token: str, base: str) -> Iterator[Check]:
    """Whom it is for, how long it lives, and how somebody signed in."""
    claims = _claims(token)
    if claims is None:
        text = "is there; it is no JSON Web Token, so it says nothing of itself"
        yield Check("token", WARNING, text)
        return
    yield Check("token", OK, "is there")
    yield _audience(claims.get("aud"), base)
    yield _lifetime(claims)
    yield _sign_in(claims)


def _claims(token: str) -> dict[str, Any] | None:
    parts = token.strip().split(".")
    if len(parts) != _PARTS:
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _audience(audience: object, base: str) -> Check:
    audiences = audience if isinstance(audience, list) else [audience]
    wanted = {base, f"{base}/", _APPLICATION}
    if any(one in wanted for one in audiences if isinstance(one, str)):
        return Check("audience", OK, ", ".join(map(str, audiences)))
    told = ", ".join(str(one)[:200] for one in audiences)
    return Check(
        "audience",
        FAILED,
        f"the token is for {told}, and the service at {base} refuses it. "
        f"Ask for a token with the scope {base}/.default.",
    )


def _lifetime(claims: dict[str, Any]) -> Check:
    now = time.time()
    begin, end = _number(claims.get("nbf")), _number(claims.get("exp"))
    if end is None:
        return Check("expiry", WARNING, "the token does not say when it expires")
    if begin is not None and begin > now + _SOON:
        text = f"the token is valid in {_span(begin - now)} only. Is this machine's clock right?"
        return Check("expiry", FAILED, text)
    if end <= now:
        return Check("expiry", FAILED, f"expired {_span(now - end)} ago. Get a new token.")
    if end - now < _SOON:
        return Check("expiry", WARNING, f"expires in {_span(end - now)}. Get a new token first.")
    return Check("expiry", OK, f"in {_span(end - now)}")


def _sign_in(claims: dict[str, Any]) -> Check:
    if not claims.get("scp"):
        text = "App-only: nobody signed in. It reads; a change needs an App+User token."
        return Check("MFA", WARNING, text)
    methods = claims.get("amr")
    if not isinstance(methods, list):
        text = "the token does not say how somebody signed in (no claim amr)"
        return Check("MFA", WARNING, text)
    if "mfa" in methods:
        return Check("MFA", OK, "somebody signed in with multifactor authentication")
    return Check(
        "MFA",
        FAILED,
        "somebody signed in without multifactor authentication (the claim amr lacks mfa), and the "
        "service refuses that. Sign in again with it.",
    )


def _number(claim: object) -> float | None:
    if isinstance(claim, int | float) and not isinstance(claim, bool):
        return float(claim) if abs(claim) < _END_OF_TIME else None
    return None


def _span(seconds: float) -> str:
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{int(seconds)} seconds"
