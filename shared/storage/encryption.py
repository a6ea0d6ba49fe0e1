"""Encryption of single values: AES-256-GCM, bound to the place and the record they belong to, and keyed hashes to look
them up by.

A ciphertext names its key, so that keys can be rotated: `<key id>.<base64 of nonce and ciphertext>`. What it is bound to
(which ring, which field, which record) is authenticated with it, so that a value moved to another record does not open.

A field of a stored document that holds such a value says so by its type, `Annotated[str, EncryptedAt(NAME)]`: by that
`shared.storage.reencryption` finds all of them when a key is to be retired.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.storage import keys

NONCE_BYTES = 12


class CannotOpen(ValueError):
    """The value was not made with a key of this ring, or not for this place and record."""


@dataclass(frozen=True, slots=True)
class EncryptedAt:
    """Marks a field of a document, or of a model within one, as encrypted for a place and the document's id."""

    place: str


@dataclass(frozen=True, slots=True)
class HashedFrom:
    """Marks a field as the lookup hash of an encrypted field beside it, for that field's place."""

    field: str


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _seal(ring: str, bound_to: str, data: bytes) -> tuple[str, bytes]:
    """The id of the ring's current key, and the nonce and ciphertext under it."""
    holder = keys.ring(ring)
    nonce = os.urandom(NONCE_BYTES)
    return holder.current, nonce + _cipher(holder.key(holder.current)).encrypt(
        nonce, data, f"{ring}|{bound_to}".encode()
    )


def _open(ring: str, bound_to: str, key_id: str, raw: bytes) -> bytes:
    key = keys.ring(ring).key(key_id)
    try:
        return _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"{ring}|{bound_to}".encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"a value of {ring}|{bound_to.partition('|')[0]} does not open") from error


def _seal_text(ring: str, bound_to: str, text: str) -> str:
    key_id, raw = _seal(ring, bound_to, text.encode())
    return f"{key_id}.{base64.b64encode(raw).decode()}"


def _open_text(ring: str, bound_to: str, token: str) -> str:
    key_id, _, body = token.partition(".")
    try:
        raw = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise CannotOpen(f"a value of {ring}|{bound_to.partition('|')[0]} does not open") from error
    return _open(ring, bound_to, key_id, raw).decode()


def seal_for(service: str, fields: dict[str, Any]) -> str:
    """Encrypt personal data for one service, to travel in an event."""
    return _seal_text(f"for-{service}", "event", json.dumps(fields, ensure_ascii=False, separators=(",", ":")))


def open_sealed(service: str, token: str) -> dict[str, Any]:
    """Open what was sealed for this service."""
    fields: dict[str, Any] = json.loads(_open_text(f"for-{service}", "event", token))
    return fields


def encrypt_field(place: str, record_id: str, text: str) -> str:
    """Encrypt a personal value that is stored with a record, for its place such as `worker.name`."""
    return _seal_text("storage", f"{place}|{record_id}", text)


def decrypt_field(place: str, record_id: str, token: str) -> str:
    """Open a stored personal value; raises `CannotOpen`, whose text tells nothing of the value or its record."""
    return _open_text("storage", f"{place}|{record_id}", token)


def encrypt_bytes(place: str, record_id: str, data: bytes) -> bytes:
    """Encrypt stored bytes for one record: `<key id>.` and then nonce and ciphertext, not encoded any further."""
    key_id, raw = _seal("storage", f"{place}|{record_id}", data)
    return key_id.encode() + b"." + raw


def decrypt_bytes(place: str, record_id: str, token: bytes) -> bytes:
    """Open what `encrypt_bytes` made; raises `CannotOpen`."""
    key_id, _, raw = bytes(token).partition(b".")
    return _open("storage", f"{place}|{record_id}", key_id.decode(errors="replace"), raw)


def lookup_hash(place: str, text: str) -> str:
    """The keyed hash by which an encrypted value is found (32 hex digits). Without the key it cannot be tried out."""
    return _hash(keys.ring("index").current, place, text)


def lookup_hashes(place: str, text: str) -> list[str]:
    """The hashes of a value under every kept index key, so that it is found while keys are being rotated."""
    return [_hash(key_id, place, text) for key_id in keys.ring("index").keys]


def _hash(key_id: str, place: str, text: str) -> str:
    digest = hmac.new(keys.ring("index").key(key_id), f"{place}|{text}".encode(), hashlib.sha256)
    return digest.hexdigest()[:32]
