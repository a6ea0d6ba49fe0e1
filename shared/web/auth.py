"""Who calls: a JWT, checked against the issuer's keys, and what its bearer may do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from shared.callers import Caller, Role
from shared.errors import Forbidden
from shared.identity.regions import CITY, is_district
from shared.web.issuer import IssuerKeys
from shared.web.problems import Problem

ALGORITHMS = ["ES256", "RS256"]


def unauthenticated(zh: str = "请先登录", en: str = "a valid token is needed") -> Problem:
    return Problem(401, "unauthenticated", zh, en, headers={"WWW-Authenticate": "Bearer"})


class Verifier:
    """Checks tokens of one issuer for one audience."""

    def __init__(self, issuer: str, jwks_url: str, audience: str) -> None:
        self._issuer = IssuerKeys(jwks_url)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=30,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._verified: dict[str, tuple[float, Caller]] = {}

    async def verify(self, token: str) -> Caller:
        """The caller of a token; raises a 401 problem where it does not hold, 503 where the issuer does not answer."""
        known = self._verified.get(token)
        if known and known[0] > time.time():
            return known[1]
        claims = await self._decode(token)
        try:
            self._claims.validate(claims)
            caller = _caller(claims)
        except (JoseError, KeyError, ValueError, TypeError):
            raise unauthenticated() from None
        if len(self._verified) > 10_000:
            self._verified.clear()
        self._verified[token] = (float(claims["exp"]), caller)
        return caller

    async def _decode(self, token: str) -> dict[str, Any]:
        keys = await self._issuer.held()
        try:
            return _claims_in(token, keys)
        except InvalidKeyIdError:
            newest = await self._issuer.newest()
        if newest is keys:
            raise unauthenticated()
        try:
            return _claims_in(token, newest)
        except InvalidKeyIdError:
            raise unauthenticated() from None


def _claims_in(token: str, keys: KeySet) -> dict[str, Any]:
    """The claims that one of these keys has signed; raises InvalidKeyIdError for another key, a 401 problem otherwise."""
    try:
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
    except InvalidKeyIdError:
        raise
    except (
        JoseError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ):  # whatever a stranger may write
        raise unauthenticated() from None


LONGEST_CLAIM: Final = 200
"""Characters of a claim."""

CLAIMS: Final[dict[Role, tuple[str, ...]]] = {
    "worker": ("worker_id",),
    "platform": ("uscc",),
    "provider": ("uscc",),
    "officer": ("department", "district"),
    "union": (),
    "provincial": (),
    "operator": (),
}
"""What a token of each role says besides who its bearer is; no other claim counts."""


def _caller(claims: Mapping[str, Any]) -> Caller:
    """The caller that a token speaks of; raises ValueError where a claim is missing or is not what it should be."""
    role = _text(claims, "role")
    if role not in CLAIMS:
        raise ValueError("role")
    own = {name: _text(claims, name) for name in CLAIMS[role]}
    if "district" in own and own["district"] != CITY and not is_district(own["district"]):
        raise ValueError("district")
    return Caller(subject=_text(claims, "sub"), role=role, **own)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    # lone surrogates and control characters are not printable
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_CLAIM or not value.isprintable():
        raise ValueError(name)
    return value


async def caller_of(request: Request) -> Caller:
    """The caller of a request, from its bearer token."""
    verifier: Verifier = request.app.state.verifier
    caller = await verifier.verify(bearer_of(request))
    request.state.caller = caller
    return caller


def bearer_of(request: Request) -> str:
    """The bearer token of a request; raises a 401 problem where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated()
    return token.strip()


class Admitted(HTTPBearer):
    """A dependency that gives the caller of a request by its bearer token, where `check` lets them pass. It is one with what says in
    the description that a token is needed: FastAPI goes through each dependency of each anew for every request."""

    def __init__(self, check: Callable[[Caller], Caller]) -> None:
        super().__init__(
            scheme_name=HTTPBearer.__name__,
            auto_error=False,
            bearerFormat="JWT",
            description="An access token of the city's issuer. Its claim `role` is worker, platform, provider, officer, union, "
            "provincial or operator; with it come `worker_id`, `uscc`, or `department` and `district` (510600: the whole city).",
        )
        self._check = check

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]
        return self._check(await caller_of(request))


AnyCaller = Annotated[Caller, Depends(Admitted(lambda caller: caller))]


def _of_role(role: Role) -> Admitted:
    def check(caller: Caller) -> Caller:
        if caller.role != role:
            raise Forbidden()
        return caller

    return Admitted(check)


Worker = Annotated[Caller, Depends(_of_role("worker"))]
Platform = Annotated[Caller, Depends(_of_role("platform"))]
Operator = Annotated[Caller, Depends(_of_role("operator"))]
