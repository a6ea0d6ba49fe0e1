"""Next of kin hear on their own phones, which are kept encrypted and forgotten with the worker's record."""

from __future__ import annotations

from typing import Any

from services.notifier.deliveries.documents import Delivery
from shared.contracts.insurance import BenefitGranted, KinRecorded
from shared.contracts.registry import WorkerErased, WorkerMerged
from shared.ids import new_id
from shared.storage.client import storage
from shared.storage.encryption import seal_for
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import Person

SPOUSE, CHILD = "13900000081", "13900000082"


class Family:
    """A worker who has died, and two who are paid in their place."""

    def __init__(self, world: World) -> None:
        self.world, self.worker, self.claim_id = world, Person(), new_id()
        self.kin = (f"{self.claim_id}:1:k1", f"{self.claim_id}:1:k2")

    def recorded(self, kin_id: str, phone: str, worker_id: str | None = None) -> KinRecorded:
        sealed = seal_for("notifier-kin", {"name": "张测试", "phone": phone})
        return KinRecorded(
            kin_id=kin_id,
            claim_id=self.claim_id,
            worker_id=worker_id or self.worker.worker_id,
            for_notifier_kin=sealed,
        )

    def granted(self, **changes: Any) -> BenefitGranted:
        fields: dict[str, Any] = {
            "benefit_id": f"{self.claim_id}:1",
            "claim_id": self.claim_id,
            "worker_id": self.worker.worker_id,
            "platform": self.worker.platform,
            "kind": "dependant_pension",
            "amount": "1800.00",
            "payer": "fund",
            "to_kin": True,
            "kin": self.kin,
            "due_on": None,
        }
        return BenefitGranted(**fields | changes)

    async def told(self, kin_id: str, state: str) -> list[Delivery]:
        async def look() -> list[Delivery]:
            return await Delivery.find({"kind": "kin", "recipient": kin_id, "state": state}).to_list()

        return await eventually(look)


async def test_each_payee_hears_and_the_dead_workers_phone_is_silent(world: World) -> None:
    family = Family(world)
    await world.notifier.publish(family.worker.registered(), family.granted())
    await family.told(family.kin[1], "waiting")  # where they are reached is not known yet
    await world.notifier.publish(family.recorded(family.kin[0], SPOUSE), family.recorded(family.kin[1], CHILD))
    for kin_id, phone in zip(family.kin, (SPOUSE, CHILD), strict=True):
        await family.told(kin_id, "delivered")
        [text] = await world.texts(phone)
        assert "由近亲属领取" in text
        assert "1800.00元" in text
    assert await world.texts(family.worker.phone) == []
    stored = str(await storage().collection("contacts").find({}).to_list(None))
    stored += str(await storage().collection("deliveries").find({"recipient": {"$in": family.kin}}).to_list(None))
    assert not [one for one in (SPOUSE, CHILD, "张测试") if one in stored]


async def test_kin_are_forgotten_with_the_workers_record(world: World) -> None:
    """The record may have taken another's place since."""
    family, phone, present = Family(world), "13900000083", new_id()
    await world.notifier.publish(family.recorded(family.kin[0], phone))
    await world.notifier.publish(family.granted(kin=family.kin[:1]))
    await family.told(family.kin[0], "delivered")
    await world.notifier.publish(WorkerMerged(worker_id=present, merged_worker_id=family.worker.worker_id))
    contacts = storage().collection("contacts")
    await eventually(lambda: contacts.find_one({"_id": f"kin:{family.kin[0]}", "of_worker": present}))
    await world.notifier.publish(WorkerErased(worker_id=present))

    async def forgotten() -> bool:
        return await contacts.find_one({"_id": f"kin:{family.kin[0]}"}) is None

    await eventually(forgotten)
    [delivery] = await family.told(family.kin[0], "delivered")
    assert delivery.address is None
