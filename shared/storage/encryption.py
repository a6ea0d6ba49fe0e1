"""Encryption of single values: AES-256-GCM, bound to the place they belong to, and keyed hashes to look them up by.

A ciphertext names its key, so that keys can be rotated: `<key id>.<base64 of nonce and ciphertext>`. The place (which
ring, which field) is authenticated with it, so that a value moved elsewhere does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.storage import keys

NONCE_BYTES = 12


class CannotOpen(ValueError):
    """The value was not made with a key of this ring, or not for this place."""


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(ring: str, place: str, text: str) -> str:
    """Encrypt a text with the current key of a ring."""
    holder = keys.ring(ring)
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(holder.key(holder.current)).encrypt(nonce, text.encode(), f"{ring}|{place}".encode())
    return f"{holder.current}.{base64.b64encode(nonce + sealed).decode()}"


def decrypt(ring: str, place: str, token: str) -> str:
    """Open what `encrypt` made; raises `CannotOpen`, whose text tells nothing of the value."""
    key_id, _, body = token.partition(".")
    try:
        raw = base64.b64decode(body, validate=True)
        key = keys.ring(ring).key(key_id)
        return _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"{ring}|{place}".encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"a value of {ring}|{place} does not open") from error


def needs_rotation(ring: str, token: str) -> bool:
    """Whether a stored value was made with a key that is no longer the current one."""
    return token.partition(".")[0] != keys.ring(ring).current


def seal_for(service: str, fields: dict[str, Any]) -> str:
    """Encrypt personal data for one service, to travel in an event."""
    return encrypt(f"for-{service}", "event", json.dumps(fields, ensure_ascii=False, separators=(",", ":")))


def open_sealed(service: str, token: str) -> dict[str, Any]:
    """Open what was sealed for this service."""
    fields: dict[str, Any] = json.loads(decrypt(f"for-{service}", "event", token))
    return fields


def encrypt_field(place: str, text: str) -> str:
    """Encrypt a stored personal value for its place, such as `worker.name`."""
    return encrypt("storage", place, text)


def decrypt_field(place: str, token: str) -> str:
    """Open a stored personal value."""
    return decrypt("storage", place, token)


def encrypt_bytes(place: str, record_id: str, data: bytes) -> bytes:
    """Encrypt stored bytes for one record: `<key id>.` and then nonce and ciphertext, not encoded any further."""
    holder = keys.ring("storage")
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(holder.key(holder.current)).encrypt(nonce, data, f"storage|{place}|{record_id}".encode())
    return holder.current.encode() + b"." + nonce + sealed


def decrypt_bytes(place: str, record_id: str, token: bytes) -> bytes:
    """Open what `encrypt_bytes` made; raises `CannotOpen`."""
    key_id, _, raw = bytes(token).partition(b".")
    try:
        cipher = _cipher(keys.ring("storage").key(key_id.decode()))
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"storage|{place}|{record_id}".encode())
    except (InvalidTag, ValueError, keys.UnknownKey) as error:
        raise CannotOpen(f"a value of storage|{place} does not open") from error


def lookup_hash(place: str, text: str) -> str:
    """The keyed hash by which an encrypted value is found (32 hex digits). Without the key it cannot be tried out."""
    return _hash(keys.ring("index").current, place, text)


def lookup_hashes(place: str, text: str) -> list[str]:
    """The hashes of a value under every kept index key, so that it is found while keys are being rotated."""
    return [_hash(key_id, place, text) for key_id in keys.ring("index").keys]


def _hash(key_id: str, place: str, text: str) -> str:
    digest = hmac.new(keys.ring("index").key(key_id), f"{place}|{text}".encode(), hashlib.sha256)
    return digest.hexdigest()[:32]
