"""Standard Webhooks signatures of pushes, for the platforms that have enrolled a secret."""

from __future__ import annotations

import asyncio
import base64
import secrets
import time
from collections.abc import Mapping
from typing import Final

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.registry.admission.documents import SIGNING, SigningSecret
from services.registry.admission.settings import settings
from shared.errors import Unauthenticated
from shared.storage.encryption import decrypt_field, encrypt_field
from shared.storage.transaction import Transaction

KNOWN_SECONDS: Final = 5.0
"""How long a process goes by what it has read: a new secret takes effect everywhere after this time."""

_known: dict[str, tuple[float, str | None]] = {}


async def enrol(platform: str, tx: Transaction) -> str:
    """Give a platform a new secret in place of any earlier one; it is shown this once."""
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    kept = await SigningSecret.of(platform, tx)
    if kept is None:
        kept = SigningSecret(id=platform, secret="")
    kept.secret = encrypt_field(SIGNING, platform, secret)
    await kept.put(tx)
    _known.pop(platform, None)
    return secret


async def check(platform: str, headers: Mapping[str, str], body: bytes) -> None:
    """Check the signature over the unpacked body; raises Unauthenticated where one is due and does not hold."""
    secret = await _secret_of(platform)
    if secret is None:
        if settings().signatures_required:
            raise _refused("该平台尚未登记签名密钥", "this platform has no signing secret yet")
        return
    try:
        await asyncio.to_thread(Webhook(secret).verify, body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        raise _refused("推送签名无效", "the signature of the push does not hold") from None


def _refused(zh: str, en: str) -> Unauthenticated:
    return Unauthenticated("bad-signature", zh, en)


async def _secret_of(platform: str) -> str | None:
    known = _known.get(platform)
    if known and known[0] > time.monotonic():
        return known[1]
    kept = await SigningSecret.of(platform)
    secret = decrypt_field(SIGNING, platform, kept.secret) if kept else None
    _known[platform] = (time.monotonic() + KNOWN_SECONDS, secret)
    return secret
