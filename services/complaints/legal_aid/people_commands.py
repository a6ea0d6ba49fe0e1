"""What becomes of applications where a person's record is merged or erased."""

from __future__ import annotations

from services.complaints.legal_aid.documents import (
    LegalAid,
    Replacement,
    encrypted_answer,
    encrypted_note,
    encrypted_text,
)
from shared.storage.transaction import Transaction

ERASED = "（申请人信息已按规定删除）"


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's applications to the record that has taken the other's place."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(LegalAid, {"worker_id": merged_worker_id}, moved)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What a person wrote, their means, and what was written of them go from their applications; that there was one stays."""
    for aid in await tx.find(LegalAid, {"worker_id": worker_id}):
        aid.text = encrypted_text(aid.id, ERASED)
        aid.answer = None if aid.answer is None else encrypted_answer(aid.id, ERASED)
        aid.steps = [one.model_copy(update={"note": encrypted_note(aid.id, ERASED)}) for one in aid.steps]
        aid.replacements = [_without_words(aid.id, one) for one in aid.replacements]
        aid.income, aid.ground = None, None
        await aid.put(tx)


def _without_words(aid_id: str, asked: Replacement) -> Replacement:
    answer = None if asked.answer is None else encrypted_note(aid_id, ERASED)
    return asked.model_copy(update={"text": encrypted_note(aid_id, ERASED), "answer": answer})
