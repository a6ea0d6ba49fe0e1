"""The local token issuer, called in process."""

import base64
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.local.issuer.app import make_app, make_keys

USCC = "91510600MA00000000"


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    app = make_app("http://issuer", "xindun", "a secret", make_keys(tmp_path / "keys.json"))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://issuer") as client:
        yield client


async def ask(issuer: httpx2.AsyncClient, client_id: str, secret: str = "a secret", **form: str) -> httpx2.Response:
    given = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, **form}
    return await issuer.post("/oauth2/token", data=given)


@pytest.mark.parametrize(
    ("client_id", "form", "claims"),
    [
        (f"platform:{USCC}", {}, {"role": "platform", "uscc": USCC}),
        (f"provider:{USCC}", {}, {"role": "provider", "uscc": USCC}),
        ("worker:w-1", {}, {"role": "worker", "worker_id": "w-1"}),
        ("union:市总工会", {}, {"role": "union"}),
        ("provincial", {}, {"role": "provincial"}),
        ("operator:wang", {}, {"role": "operator"}),
        (
            "officer:li",
            {"department": "hrss", "district": "510600"},
            {"role": "officer", "department": "hrss", "district": "510600"},
        ),
    ],
)
async def test_a_token_says_who_bears_it_and_fits_the_published_keys(
    issuer: httpx2.AsyncClient, client_id: str, form: dict[str, str], claims: dict[str, str]
) -> None:
    answer = (await ask(issuer, client_id, **form)).json()
    keys = KeySet.import_key_set((await issuer.get("/.well-known/jwks.json")).json())
    token = jwt.decode(answer["access_token"], keys, algorithms=["ES256"])
    expected = {"iss": "http://issuer", "aud": "xindun", "sub": client_id} | claims
    assert {name: token.claims[name] for name in expected} == expected
    assert token.claims["exp"] - token.claims["iat"] == answer["expires_in"] == 600


async def test_two_keys_are_published_without_their_private_parts(issuer: httpx2.AsyncClient) -> None:
    keys = (await issuer.get("/.well-known/jwks.json")).json()["keys"]
    assert len({key["kid"] for key in keys}) == 2
    assert all("d" not in key for key in keys)


@pytest.mark.parametrize("text", [f"platform%3A{USCC}:a%20secret", f"platform:{USCC}:a secret"])
async def test_basic_credentials_are_taken_too(issuer: httpx2.AsyncClient, text: str) -> None:
    headers = {"authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}
    answer = await issuer.post("/oauth2/token", data={"grant_type": "client_credentials"}, headers=headers)
    assert answer.is_success


@pytest.mark.parametrize(
    ("client_id", "secret", "form", "status", "error"),
    [
        ("provincial", "wrong", {}, 401, "invalid_client"),
        ("somebody", "a secret", {}, 401, "invalid_client"),
        ("officer:li", "a secret", {}, 400, "invalid_request"),
        ("provincial", "a secret", {"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_who_cannot_be_known_gets_no_token(
    issuer: httpx2.AsyncClient, client_id: str, secret: str, form: dict[str, str], status: int, error: str
) -> None:
    answer = await ask(issuer, client_id, secret, **form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_keys_are_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first = make_keys(tmp_path / "keys.json")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert make_keys(tmp_path / "keys.json").as_dict() == first.as_dict()
