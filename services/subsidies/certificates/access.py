"""Which certificates a caller sees, and how often everybody may ask for one."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from fastapi import Request
from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from services.subsidies.certificates.documents import Certificate
from services.subsidies.providers.access import POST
from shared import clock
from shared.callers import Caller
from shared.errors import NotFound
from shared.policy.calendar import shanghai_date
from shared.policy.parameters import parameters
from shared.storage.transaction import Transaction
from shared.web.problems import Problem
from shared.web.scope import HRSS, callers, fits, reach

Reader = Annotated[Caller, callers("worker", "provider", departments=[HRSS, POST], district="document")]
Revoker = Annotated[Caller, callers("provider", departments=[HRSS, POST], district="document")]
"""The evaluation body that examined, and the department."""


def seen_by(caller: Caller) -> dict[str, object]:
    """The condition on certificates that a caller may see: a person's own, those that an evaluation body examined for, or those
    of an officer's district, to the postal department those alone that it checks."""
    own = reach(caller, worker="worker_id", provider="evaluator", district="district")
    return own | ({"department": POST} if caller.is_officer_of(POST) else {})


async def certificate_of(certificate_id: str, caller: Caller, tx: Transaction | None = None) -> Certificate:
    """A certificate that the caller may see; any other is not found."""
    certificate = await Certificate.of(certificate_id, tx)
    if certificate is None or not fits(certificate, seen_by(caller)):
        raise NotFound("该证书", "this certificate")
    return certificate


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


async def not_too_often(request: Request) -> None:
    """Count a call without a token by its address, which is kept nowhere else."""
    most = parameters.on(shanghai_date(clock.now())).number("certificate.verifications_per_hour")
    address = request.client.host if request.client else ""
    if not await _limiter().hit(RateLimitItemPerHour(most), address):
        zh, en = "查询过于频繁，请稍后再试", "too many calls from this address within an hour"
        raise Problem(429, "too-often", zh, en, headers={"Retry-After": "3600"})
