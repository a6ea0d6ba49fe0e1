"""Personal values at rest and in transit."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage import encryption, keys
from shared.storage.encryption import CannotOpen, decrypt_field, encrypt_field, lookup_hash, lookup_hashes

NUMBER = "51060319900101001X"


def ring(*ids: str) -> keys.KeyRing:
    return keys.KeyRing(ids[0], {key_id: os.urandom(32) for key_id in ids})


@pytest.fixture(autouse=True)
def rings() -> Iterator[keys.KeyRings]:
    mine = {name: ring("k1") for name in ("storage", "index", "for-insurance")}
    keys.use(mine)
    yield mine
    keys.use({})


@given(st.text())
def test_what_was_encrypted_opens_again(text: str) -> None:
    keys.use({"storage": keys.KeyRing("k1", {"k1": bytes(32)})})
    assert decrypt_field("worker.name", "w1", encrypt_field("worker.name", "w1", text)) == text


def test_the_stored_value_shows_nothing_and_differs_each_time() -> None:
    first, second = encrypt_field("worker.id_number", "w1", NUMBER), encrypt_field("worker.id_number", "w1", NUMBER)
    assert NUMBER not in first
    assert first != second


def test_a_value_moved_to_another_place_does_not_open() -> None:
    token = encrypt_field("worker.name", "w1", "张三")
    with pytest.raises(CannotOpen) as refused:
        decrypt_field("worker.phone", "w1", token)
    assert "张三" not in str(refused.value)


def test_a_value_moved_to_another_record_does_not_open() -> None:
    token = encrypt_field("worker.name", "w1", "张三")
    with pytest.raises(CannotOpen) as refused:
        decrypt_field("worker.name", "w2", token)
    assert "w2" not in str(refused.value)


@pytest.mark.parametrize("broken", ["", "k1.", "k1.AAAA", "k1.***", "nonsense"])
def test_a_value_that_is_none_of_ours_does_not_open(broken: str) -> None:
    with pytest.raises((CannotOpen, keys.UnknownKey)):
        decrypt_field("worker.name", "w1", broken)


def test_a_changed_ciphertext_does_not_open() -> None:
    key_id, _, body = encrypt_field("worker.name", "w1", "张三").partition(".")
    raw = bytearray(base64.b64decode(body))
    raw[-1] ^= 1
    with pytest.raises(CannotOpen):
        decrypt_field("worker.name", "w1", f"{key_id}.{base64.b64encode(bytes(raw)).decode()}")


def test_stored_bytes_open_for_their_own_record_alone() -> None:
    token = encryption.encrypt_bytes("idempotency.body", "r1", b"\x00\xff...")
    assert encryption.decrypt_bytes("idempotency.body", "r1", token) == b"\x00\xff..."
    for place, record_id, stored in [
        ("idempotency.body", "r2", token),
        ("idempotency.other", "r1", token),
        ("idempotency.body", "r1", token[:-1] + bytes([token[-1] ^ 1])),
        ("idempotency.body", "r1", b"k1.\xff"),
    ]:
        with pytest.raises(CannotOpen):
            encryption.decrypt_bytes(place, record_id, stored)
    with pytest.raises(keys.UnknownKey):
        encryption.decrypt_bytes("idempotency.body", "r1", b"k9" + token[2:])


def test_after_a_rotation_old_values_open(rings: keys.KeyRings) -> None:
    """New ones use the new key."""
    old = encrypt_field("worker.name", "w1", "张三")
    rings["storage"] = keys.KeyRing("k2", {**rings["storage"].keys, "k2": os.urandom(32)})
    assert decrypt_field("worker.name", "w1", old) == "张三"
    assert encrypt_field("worker.name", "w1", "张三").startswith("k2.")


def test_a_lookup_hash_is_the_same_for_the_same_value(rings: keys.KeyRings) -> None:
    """Without the key it tells nothing."""
    before = lookup_hash("worker.id_number", NUMBER)
    assert before == lookup_hash("worker.id_number", NUMBER)
    assert before != lookup_hash("worker.id_number", "510681198512310027")
    rings["index"] = ring("k1")
    assert lookup_hash("worker.id_number", NUMBER) != before


def test_a_value_is_found_by_every_kept_index_key(rings: keys.KeyRings) -> None:
    before = lookup_hash("worker.id_number", NUMBER)
    rings["index"] = keys.KeyRing("k2", {**rings["index"].keys, "k2": os.urandom(32)})
    assert lookup_hash("worker.id_number", NUMBER) != before
    assert before in lookup_hashes("worker.id_number", NUMBER)


def test_what_is_sealed_for_a_service_opens_with_its_ring_alone(rings: keys.KeyRings) -> None:
    token = encryption.seal_for("insurance", {"id_number": NUMBER, "name": "张三"})
    assert encryption.open_sealed("insurance", token) == {"id_number": NUMBER, "name": "张三"}
    del rings["for-insurance"]
    with pytest.raises(keys.UnknownKey):
        encryption.open_sealed("insurance", token)


def test_a_key_file_with_a_short_or_missing_key_is_refused(tmp_path: Path) -> None:
    """The missing one is its current key."""
    good = base64.b64encode(bytes(32)).decode()
    for bad in (
        {"current": "k1", "keys": {"k1": base64.b64encode(bytes(16)).decode()}},
        {"current": "k2", "keys": {"k1": good}},
    ):
        file = tmp_path / "keys.json"
        file.write_text(json.dumps({"rings": {"storage": bad}}))
        with pytest.raises(ValueError, match="ring storage"):
            keys.read(file)
