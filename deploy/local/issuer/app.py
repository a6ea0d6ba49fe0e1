"""The local stack's stand-in for a real identity provider: OAuth 2 client credentials for short-lived ES256 tokens.

`POST /oauth2/token` takes `grant_type=client_credentials` with client id and secret in the form or as HTTP Basic. The
client id says who is asking: `platform:<uscc>`, `provider:<uscc>` (who trains or evaluates), `officer:<name>` (with form
fields `department` and `district`), `union:<name>`, `worker:<worker_id>`, `operator:<name>` or `provincial`. One secret
serves all of them: never run this outside one machine. Keys are published at `/.well-known/jwks.json`: the one that signs
and the one that will sign next.
"""

import base64
import binascii
import hmac
import json
import os
import re
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from shared.settings import secret

PORT = 8100
LIFETIME = 600
"""Seconds that a token is good for."""

CLIENT = re.compile(
    r"(?P<provincial>provincial)"
    r"|platform:(?P<platform>[0-9A-Z]{18})"
    r"|provider:(?P<provider>[0-9A-Z]{18})"
    r"|worker:(?P<worker>[\w.-]{1,100})"
    r"|officer:(?P<officer>[\w .-]{1,100})"
    r"|union:(?P<union>[\w .-]{1,100})"
    r"|operator:(?P<operator>[\w .-]{1,100})"
)
DEPARTMENT = re.compile(r"[a-z_]{1,40}")
DISTRICT = re.compile(r"\d{6}")


class Refused(ValueError):
    """A token request that is refused with OAuth's error `code`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def make_keys(path: Path) -> KeySet:
    """The two signing keys kept in `path` (mode 0600), made on first use; the first one signs."""
    if not path.exists():
        keys: list[Key] = [_new_key(), _new_key()]
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(KeySet(keys).as_dict(private=True), file)
    return KeySet.import_key_set(json.loads(path.read_text()))


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": uuid.uuid4().hex[:8], "use": "sig", "alg": "ES256"})


def claims_of(client_id: str, form: FormData) -> dict[str, str]:
    """The claims that say who the client is: `sub`, `role`, and `uscc`, `worker_id`, or `department` and `district`.

    Raises:
        Refused: the client id has none of the known forms, or an officer's department or district is missing.
    """
    found = CLIENT.fullmatch(client_id)
    if found is None or found.lastgroup is None:
        raise Refused("invalid_client", "the client id has none of the known forms")
    role, name = found.lastgroup, found[found.lastgroup]
    claims = {"sub": client_id, "role": role}
    if role in ("platform", "provider"):
        claims["uscc"] = name
    elif role == "worker":
        claims["worker_id"] = name
    elif role == "officer":
        department, district = str(form.get("department", "")), str(form.get("district", ""))
        if not DEPARTMENT.fullmatch(department) or not DISTRICT.fullmatch(district):
            raise Refused(
                "invalid_request", "an officer's token needs department and district (510600: the whole city)"
            )
        claims |= {"department": department, "district": district}
    return claims


def _credentials(request: Request, form: FormData) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return str(form.get("client_id", "")), str(form.get("client_secret", ""))
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_client", "the Basic credentials cannot be read") from None
    # RFC 6749 2.3.1 has both parts percent-encoded; a client that does not bother has its own colon in the id.
    client_id, _, secret = text.rpartition(":")
    return unquote(client_id), unquote(secret)


def make_app(issuer: str, audience: str, secret: str, keys: KeySet) -> Starlette:
    """The application; `issuer` is its own address, as in `iss`."""
    signing = keys.keys[0]

    async def token(request: Request) -> Response:
        form = await request.form()
        try:
            client_id, given = _credentials(request, form)
            if not hmac.compare_digest(given.encode(), secret.encode()):
                raise Refused("invalid_client", "the client secret does not fit")
            if form.get("grant_type") != "client_credentials":
                raise Refused("unsupported_grant_type", "only client_credentials is given here")
            who = claims_of(client_id, form)
        except Refused as error:
            status = 401 if error.code == "invalid_client" else 400
            return JSONResponse({"error": error.code, "error_description": str(error)}, status_code=status)
        now = int(time.time())
        when = {"iat": now, "exp": now + LIFETIME, "jti": str(uuid.uuid4())}
        header = {"alg": "ES256", "kid": signing.kid}
        access = jwt.encode(header, {"iss": issuer, "aud": audience, **when, **who}, signing)
        return JSONResponse(
            {"access_token": access, "token_type": "Bearer", "expires_in": LIFETIME},
            headers={"cache-control": "no-store"},
        )

    async def jwks(request: Request) -> Response:
        return JSONResponse(keys.as_dict(private=False), headers={"cache-control": "max-age=300"})

    async def configuration(request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": issuer,
                "token_endpoint": f"{issuer}/oauth2/token",
                "jwks_uri": f"{issuer}/.well-known/jwks.json",
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "response_types_supported": [],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
            }
        )

    async def ready(request: Request) -> Response:
        return PlainTextResponse("ready")

    return Starlette(
        routes=[
            Route("/oauth2/token", token, methods=["POST"]),
            Route("/.well-known/jwks.json", jwks),
            Route("/.well-known/openid-configuration", configuration),
            Route("/readyz", ready),
        ]
    )


def from_environment(env: Mapping[str, str]) -> Starlette:
    """The application as the environment says: OIDC_ISSUER, OIDC_AUDIENCE, ISSUER_KEYS (file), LOCAL_CLIENT_SECRET(_FILE)."""
    return make_app(
        env.get("OIDC_ISSUER", f"http://127.0.0.1:{_port(env)}"),
        env.get("OIDC_AUDIENCE", "xindun"),
        secret(env, "LOCAL_CLIENT_SECRET"),
        make_keys(Path(env["ISSUER_KEYS"])),
    )


def main() -> None:
    """Serve as the environment says, at HTTP_HOST and HTTP_PORT."""
    env = os.environ
    host = env.get("HTTP_HOST", "127.0.0.1")
    uvicorn.run(from_environment(env), host=host, port=_port(env), log_level="warning", access_log=False)


def _port(env: Mapping[str, str]) -> int:
    return int(env.get("HTTP_PORT", PORT))
