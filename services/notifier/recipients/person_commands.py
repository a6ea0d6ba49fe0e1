"""What becomes of what is known of a person: another record takes it over, or it is forgotten."""

from __future__ import annotations

from services.notifier.recipients.device_commands import note_app
from services.notifier.recipients.documents import Contact, Device, Preferences, contact_id
from shared.storage.transaction import Transaction


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's devices and preferences to the record that has taken the other's place, and note which that is."""
    kept, merged = contact_id("worker", worker_id), contact_id("worker", merged_worker_id)
    earlier_contact = await Contact.of(merged, tx) or Contact(id=merged)
    contact = await Contact.of(kept, tx) or Contact(id=kept)
    contact.merged = sorted({*contact.merged, *earlier_contact.merged, merged_worker_id})
    earlier_contact.merged_into = worker_id
    await contact.put(tx)
    await earlier_contact.put(tx)
    kin = {"$set": {"of_worker": worker_id}, "$inc": {"revision": 1}}
    await tx.update_many(Contact, {"of_worker": merged_worker_id}, kin)
    moved = {"$set": {"worker_id": worker_id}, "$inc": {"revision": 1}}
    if await tx.update_many(Device, {"worker_id": merged_worker_id}, moved):
        await note_app(worker_id, tx)
    earlier = await Preferences.of(merged_worker_id, tx)
    if earlier is None:
        return
    if await Preferences.of(worker_id, tx) is None:
        chosen = earlier.model_dump(include={"channel", "channels", "no_publicity", "rest_in_app"})
        await Preferences(id=worker_id, **chosen).put(tx)
    tx.delete(Preferences, earlier.id)


async def erase_worker(worker_id: str, tx: Transaction) -> tuple[list[str], list[str]]:
    """Forget how a person is reached, and how their next of kin are: names, phones, devices and preferences, also those of the
    records whose place theirs took. Gives the ids of all these records, and those of the kin."""
    contact = await Contact.of(contact_id("worker", worker_id), tx)
    own = [worker_id, *(contact.merged if contact else ())]
    kin: list[str] = []
    for one in own:
        for of_one in await tx.find(Contact, {"of_worker": one}):
            kin.append(of_one.recipient)
            tx.delete(Contact, of_one.id)
        await tx.delete_many(Device, {"worker_id": one})
        tx.delete(Contact, contact_id("worker", one))
        tx.delete(Preferences, one)
    return own, kin
