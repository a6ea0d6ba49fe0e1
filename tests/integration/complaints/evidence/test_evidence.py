from __future__ import annotations

import hashlib
import os

import pytest

from services.complaints.evidence import commands, rules
from services.complaints.evidence.commands import File
from services.complaints.evidence.documents import Evidence, EvidencePiece
from shared.errors import NotFound, RuleBroken
from shared.storage.client import collection_of
from shared.storage.transaction import Transaction, transact
from tests.harness import Harness

PHOTO = b"\x89PNG\r\n\x1a\n" + os.urandom(1_300_000)
FILE = File("工资条.png", "九月的工资条", PHOTO)


async def test_a_file_comes_back_as_it_was(complaints: Harness) -> None:
    kept = await transact(lambda tx: commands.keep("case:1", "reporter", FILE, tx))
    found = await commands.evidence_of("case:1", kept.id, "officer")
    assert await commands.content_of(found) == PHOTO
    assert (found.sha256, found.size) == (hashlib.sha256(PHOTO).hexdigest(), len(PHOTO))
    assert (found.media_type, found.clear_name, found.clear_about) == ("image/png", "工资条.png", "九月的工资条")


async def test_nothing_of_it_lies_open(complaints: Harness) -> None:
    kept = await transact(lambda tx: commands.keep("case:2", "reporter", FILE, tx))
    row = await collection_of(Evidence).find_one({"_id": kept.id})
    assert "工资条" not in str(row)
    pieces = await collection_of(EvidencePiece).find({"_id": {"$regex": f"^{kept.id}"}}).to_list(None)
    assert len(pieces) == kept.pieces == 3
    assert not any(PHOTO[:64] in str(piece).encode() for piece in pieces)


async def test_the_other_side_sees_it_once_it_is_shown(complaints: Harness) -> None:
    kept = await transact(lambda tx: commands.keep("case:3", "reporter", FILE, tx))
    with pytest.raises(NotFound):
        await commands.evidence_of("case:3", kept.id, "enterprise")
    with pytest.raises(NotFound):
        await commands.evidence_of("case:4", kept.id, "officer")

    async def show(tx: Transaction) -> None:
        found = await commands.evidence_of("case:3", kept.id, "officer", tx)
        await commands.disclose(found, "enterprise", confidential=False, tx=tx)

    await transact(show)
    assert (await commands.evidence_of("case:3", kept.id, "enterprise")).id == kept.id


async def test_of_a_refused_file_nothing_is_kept(complaints: Harness) -> None:
    with pytest.raises(RuleBroken):
        await transact(lambda tx: commands.keep("case:5", "officer", File("a.png", "网页", b"<html>"), tx))
    assert await Evidence.find({"matter": "case:5"}).count() == 0


async def test_one_side_takes_no_room_from_the_other(complaints: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST", 1)
    png = File("a.png", "照片", PHOTO[:100])
    for party in ("enterprise", "reporter", "officer"):
        await transact(lambda tx, party=party: commands.keep("case:6", party, png, tx))  # type: ignore[misc]
    with pytest.raises(RuleBroken):
        await transact(lambda tx: commands.keep("case:6", "enterprise", png, tx))
