"""A trade union hears of what lies within its scope, at the address that it has given."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.notifier.deliveries.documents import Delivery
from shared.contracts.registry import ConsultationAnswered, MembershipApplied, UnionRecorded
from shared.identity.masking import mask_email
from shared.ids import new_id
from shared.storage.client import storage
from tests.harness import bearer, eventually
from tests.integration.notifier.conftest import World

DISTRICT = "510681"


class Hall:
    """A union of one test's own, whose officer says where it is reached."""

    def __init__(self, world: World) -> None:
        self.world, self.union_id = world, new_id()
        self.officer = bearer("union", sub=f"union:{self.union_id}")
        self.email = f"{self.union_id}@unions.example"

    def recorded(self, *officers: str) -> UnionRecorded:
        who = officers or (f"union:{self.union_id}",)
        return UnionRecorded(union_id=self.union_id, name="广汉市快递行业工会", district=DISTRICT, officers=who)

    def applied(self) -> MembershipApplied:
        return MembershipApplied(membership_id=new_id(), worker_id=new_id(), union_id=self.union_id)

    async def on_file(self) -> None:
        """Wait until the notifier knows who acts for the union."""
        await self.world.notifier.publish(self.recorded())
        contacts = storage().collection("contacts")
        await eventually(lambda: contacts.find_one({"_id": f"union:{self.union_id}", "officers": {"$ne": []}}))

    async def say(self, who: dict[str, str] | None = None, status: int = 200, **body: Any) -> dict[str, Any]:
        path = f"/v1/unions/{self.union_id}/contact"
        answer = await self.world.notifier.http.put(path, json=body, headers=who or self.officer)
        assert answer.status_code == status, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def deliveries(self, state: str, count: int = 1) -> list[Delivery]:
        async def look() -> list[Delivery]:
            found = await Delivery.find({"kind": "union", "recipient": self.union_id, "state": state}).to_list()
            return found if len(found) == count else []

        return await eventually(look)


async def test_what_a_union_is_told_waits_for_its_address(world: World) -> None:
    hall = Hall(world)
    await world.notifier.publish(hall.applied())
    await hall.deliveries("waiting")
    await hall.on_file()
    shown = await hall.say(email=hall.email)
    assert (shown["email"], shown["phone"], shown["email_works"]) == (mask_email(hall.email), None, True)
    await hall.deliveries("sent")
    [mail] = await world.mails(hall.email)
    assert (mail["subject"], "申请加入贵会" in mail["text"]) == ("【德阳人社】新的入会申请", True)
    assert hall.email not in str(await storage().collection("contacts").find({}).to_list(None))


async def test_a_union_hears_legal_notices_by_sms_and_others_by_mail(world: World) -> None:
    """What is no notice of the law goes by e-mail first, so that nobody's phone rings for every application."""
    hall, phone = Hall(world), "13700000071"
    await hall.on_file()
    await hall.say(phone=phone, email=hall.email)
    answered = ConsultationAnswered(
        consultation_id=new_id(),
        level="industry",
        platforms=(),
        industry="courier",
        district=DISTRICT,
        subjects=("pay",),
        unions=(hall.union_id,),
        platform=None,
        takes_part=False,
    )
    await world.notifier.publish(answered, hall.applied())
    [told] = await hall.deliveries("delivered")
    assert (told.template, told.channel, told.district) == ("consultation_refused_union", "sms", DISTRICT)
    [text] = await world.texts(phone)
    assert "不同意" in text
    [mailed] = await hall.deliveries("sent")
    assert (mailed.template, mailed.channel) == ("membership_applied_union", "email")


async def test_only_who_acts_for_a_union_says_where_it_is_reached(world: World) -> None:
    hall = Hall(world)
    body: dict[str, Any] = {"email": "a@unions.example"}
    await hall.say(status=403, **body)  # nobody has told yet who acts for it
    await hall.on_file()
    await hall.say(bearer("union", sub="union:of-another"), 403, **body)
    await hall.say(bearer("officer", department="union", district="510603"), 403, **body)
    await hall.say(bearer("officer", department="union", district=DISTRICT), **body)
    await hall.say(**body)
    await hall.say(status=422)
    path = f"/v1/unions/{hall.union_id}/contact"
    assert (await world.notifier.http.get(path, headers=hall.officer)).json()["email"] == mask_email("a@unions.example")


async def test_an_older_word_on_a_union_changes_nothing(world: World) -> None:
    hall, contacts = Hall(world), storage().collection("contacts")
    await hall.on_file()
    earlier = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    await world.notifier.publish(hall.recorded("union:of-yesterday"), time=earlier)
    await world.notifier.settled()
    kept = await contacts.find_one({"_id": f"union:{hall.union_id}"})
    assert kept is not None
    assert kept["officers"] == [f"union:{hall.union_id}"]
