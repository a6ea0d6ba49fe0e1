"""Ask for counselling, assign a union to it, and end it. No event tells of any of this."""

from __future__ import annotations

from services.subsidies.counselling import rules
from services.subsidies.counselling.documents import Referral, encrypted_note, encrypted_words
from services.subsidies.counselling.rules import Move
from shared.ids import new_id
from shared.storage.transaction import Transaction


async def ask(worker_id: str, district: str, words: str, tx: Transaction) -> Referral:
    """Ask for counselling in a district."""
    referral_id = new_id()
    return await Referral(
        id=referral_id, worker_id=worker_id, district=district, words=encrypted_words(referral_id, words)
    ).put(tx)


async def assign(referral: Referral, union: str, tx: Transaction) -> Referral:
    """Name the union that is to help, by its subject: from now on it alone reads what the person says."""
    return await _move(referral, "assign", tx, union=union, note=None)


async def accept(referral: Referral, tx: Transaction) -> Referral:
    """Take a referral on, as the union that is assigned."""
    return await _move(referral, "accept", tx)


async def decline(referral: Referral, tx: Transaction) -> Referral:
    """Give a referral back: another union is to be assigned, and this one reads it no more."""
    return await _move(referral, "decline", tx, union=None, note=None)


async def finish(referral: Referral, note: str, tx: Transaction) -> Referral:
    """End a referral, with a note that only this union and the person read."""
    return await _move(referral, "finish", tx, note=encrypted_note(referral.id, note))


async def withdraw(referral: Referral, tx: Transaction) -> Referral:
    """Take a referral back: what was said and kept of it goes at once."""
    return await _move(referral, "withdraw", tx, words=None, note=None, union=None)


async def merge(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's referrals to the record that has taken the other's place."""
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Referral, {"worker_id": merged_worker_id}, moved)


async def erase(worker_id: str, tx: Transaction) -> None:
    """Remove a person's referrals: no duty keeps them."""
    await tx.delete_many(Referral, {"worker_id": worker_id})


async def _move(referral: Referral, move: Move, tx: Transaction, **values: str | None) -> Referral:
    referral.state = rules.STATES.next(referral.state, move)
    return await referral.changed(values).put(tx)
