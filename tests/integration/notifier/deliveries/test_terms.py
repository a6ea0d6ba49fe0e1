"""Who hears of terms: the officer who is named, by the address that they have, or else the desk."""

from __future__ import annotations

from services.notifier.deliveries.documents import Delivery
from services.notifier.recipients import contact_commands as contacts
from shared.contracts.complaints import TermEscalated, TermFields, TermMissed, TermNear
from shared.contracts.insurance import BillIssued
from shared.ids import new_id
from shared.storage.transaction import transact
from tests.harness import eventually
from tests.integration.notifier.conftest import World
from tests.integration.notifier.people import DAY, Person

DISTRICT = "510603"


class Office:
    """A department of its own, so that nobody else's messages reach its desk, with an officer."""

    def __init__(self) -> None:
        number = new_id()
        self.department, self.officer = f"office_{number}", f"officer:{number}"
        self.own, self.shared = f"{number}@officers.example", f"{number}@desks.example"

    async def open(self) -> None:
        desk = f"{self.department}:{DISTRICT}"
        await transact(lambda tx: contacts.record_desk(desk, "值班", None, self.shared, tx))

    async def knows_the_officer(self, phone: str | None = None) -> None:
        await transact(lambda tx: contacts.record_officer(self.officer, self.department, DISTRICT, phone, self.own, tx))

    def term(self, officer: str | None) -> TermFields:
        return {
            "term_id": new_id(),
            "matter_kind": "case",
            "matter_id": new_id(),
            "number": "TS2026",
            "step": "accept",
            "due_on": DAY,
            "provisional": False,
            "officer": officer,
            "lead_department": self.department,
            "district": DISTRICT,
        }


async def mailed(world: World, address: str, count: int) -> list[str]:
    """The texts that an address has been sent, once there are so many."""

    async def look() -> list[str]:
        found = [mail["text"] for mail in await world.mails(address)]
        return found if len(found) == count else []

    return await eventually(look)


async def test_the_officer_who_is_named_hears_of_a_missed_term(world: World) -> None:
    office = Office()
    await office.open()
    await office.knows_the_officer()
    await world.notifier.publish(TermMissed(**office.term(office.officer)))
    [text] = await mailed(world, office.own, 1)
    assert text.startswith("TS2026的办理期限（2026年9月30日）已过，请立即办理。")
    assert await world.mails(office.shared) == []


async def test_the_chief_who_is_named_hears_of_an_escalation(world: World) -> None:
    office = Office()
    await office.knows_the_officer()
    await world.notifier.publish(TermEscalated(**office.term(office.officer), level="chief"))
    [text] = await mailed(world, office.own, 1)
    assert "仍未办结，请部门负责人督办。" in text


async def test_an_officer_with_a_mobile_hears_by_sms_alone(world: World) -> None:
    office, phone = Office(), Person().phone
    await office.knows_the_officer(phone)
    await world.notifier.publish(TermMissed(**office.term(office.officer)))
    assert len(await eventually(lambda: world.texts(phone))) == 1
    assert await world.mails(office.own) == []


async def test_the_desk_hears_where_nobody_is_named_or_reached(world: World) -> None:
    office = Office()
    await office.open()
    nobody, unknown = office.term(None), office.term("officer:without-an-address")
    await world.notifier.publish(TermMissed(**nobody), TermMissed(**unknown))
    await mailed(world, office.shared, 2)


async def test_terms_that_end_soon_become_one_message(world: World) -> None:
    """An officer's go to them together, and those of officers without an address to the desk together."""
    office = Office()
    await office.open()
    await office.knows_the_officer()
    told = [office.term(one) for one in (office.officer, office.officer, None, "officer:without-an-address")]
    await world.notifier.publish(*(TermNear(**one) for one in told))
    await world.notifier.settled()
    held = await Delivery.find({"desk": f"{office.department}:{DISTRICT}"}).to_list()
    held += await Delivery.find({"kind": "department", "recipient": f"{office.department}:{DISTRICT}"}).to_list()
    assert {one.state for one in held} == {"held"}
    assert sum(one.merged for one in held if one.recipient == office.officer) == 2
    assert sum(one.merged for one in held if one.kind == "department") == 2


async def test_a_bill_goes_by_email_before_it_goes_by_sms(world: World) -> None:
    firm, other = Person(), Person()
    await transact(lambda tx: contacts.record_email("platform", firm.platform, "bills@firm.example", tx))
    for one in (firm, other):
        bill = BillIssued(
            bill_id=new_id(),
            platform=one.platform,
            month="2026-09",
            orders=10,
            late_orders=0,
            premium="1.00",
            due_on=DAY,
        )
        await world.notifier.publish(one.platform_registered(), bill)
    [text] = await mailed(world, "bills@firm.example", 1)
    assert "2026年9月职业伤害保障费账单已出" in text
    assert len(await eventually(lambda: world.texts(other.platform_phone))) == 1
    assert await world.texts(firm.platform_phone) == []
