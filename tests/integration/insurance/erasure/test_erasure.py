"""Insurance forgets a person whom the registry has erased; what is archive stays for its term, and goes then."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial
from typing import Any

from services.insurance.benefits.documents import Benefit
from services.insurance.claims.documents import Claim
from services.insurance.contributions.documents import Contribution
from services.insurance.dependants.documents import ID_NUMBER, NAME, Dependant, Register
from services.insurance.dues import commands as dues
from services.insurance.dues.commands import LAPSE
from services.insurance.dues.documents import EmployedPerson, MonthDue
from services.insurance.enrolment.documents import Enrolment
from services.insurance.entitlements.documents import Entitlement
from services.insurance.liability.documents import GROUND, Liability
from services.insurance.persons.documents import HOLDER_NUMBER, Holder, Person
from services.insurance.qualification.documents import Check
from services.insurance.reports.documents import ClaimPhoto
from services.insurance.transfers.documents import REASON, Transfer
from shared import clock
from shared.contracts.registry import EngagementActivated, WorkerErased, WorkerRegistered
from shared.ids import new_id
from shared.policy import calendar
from shared.storage.client import storage
from shared.storage.encryption import encrypt_field, lookup_hash, seal_for
from shared.storage.transaction import transact
from tests.harness import Harness, eventually
from tests.integration.erased import remains, undeclared
from tests.integration.insurance.after import paid_in
from tests.integration.insurance.claim_steps import JPEG
from tests.integration.insurance.facts import engagement, new_platform
from tests.integration.insurance.recognised import ACCOUNT, grant, recognised_claim
from tests.unit.identity.numbers import make


class Somebody:
    """A test's own person: nobody else bears the name or the number."""

    def __init__(self, serial: int) -> None:
        self.platform = new_platform()
        self.id = f"person-{self.platform}"
        self.name, self.number = f"欧阳试样{serial}", make("510603", dt.date(1991, 2, 2), serial)
        self.text = f"{self.name}在某路口侧翻"
        self.told = (self.name, self.number)


async def known(insurance: Harness, who: Somebody) -> Claim:
    """A person with everything that insurance keeps: engagement, enrolment, contribution, transfer, claim, photo, benefit."""
    platform, person = who.platform, who.id
    sealed = seal_for("insurance", {"id_number": who.number, "name": who.name})
    claim = await recognised_claim(insurance, platform)
    await insurance.publish(
        WorkerRegistered(worker_id=person, for_insurance=sealed, for_notifier="", for_subsidies=""),
        engagement(EngagementActivated, platform, worker_id=person),
    )
    await insurance.settled()
    enrolment = await Enrolment.of(f"{platform}-w1")
    latest = await Claim.of(claim.id)
    assert enrolment is not None
    assert latest is not None
    claim = latest
    claim.place = encrypt_field("claim.place", claim.id, who.text)
    claim.description = encrypt_field("claim.description", claim.id, who.text)
    number, transfer_id = new_id(), new_id()
    contribution = Contribution(
        id=number, id_hash=lookup_hash(HOLDER_NUMBER, who.number),
        id_number=encrypt_field(HOLDER_NUMBER, number, who.number), worker_id=person, insurance="pension", month="2026-09",
        base=Decimal(5000), employer_amount=Decimal(800), worker_amount=Decimal(400), payer=platform,
        paid_on=dt.date(2026, 10, 8), reversed=False, changed_at=clock.now(),
    )  # fmt: skip
    transfer = Transfer(
        id=transfer_id, worker_id=person, district="510603", direction="in", insurance="pension", other_place="510100",
        state="refused", asked_by=person, asked_on=dt.date(2026, 10, 1), due_on=None, watch=None,
        reason=encrypt_field(REASON, transfer_id, f"{who.name}的账户有误"),
    )  # fmt: skip
    enrolment.requests[0].reason = encrypt_field("enrolment.refused_for", enrolment.id, f"{who.name}证件有误")

    async def lay(tx: Any) -> None:
        for one in (claim, contribution, transfer, enrolment):
            await one.put(tx)

    await transact(lay)
    files = {"files": ("a.jpg", JPEG, "image/jpeg")}
    shown = await insurance.http.get(f"/v1/claims/{claim.id}", headers=insurance.officer)
    added = await insurance.http.post(
        f"/v1/claims/{claim.id}/photos", files=files, headers={**insurance.officer, "If-Match": shown.headers["etag"]}
    )
    assert added.status_code in (201, 409), added.text
    await grant(insurance, claim, "medical", account=ACCOUNT, invoices=[{"amount": "100.00"}])
    found = await Claim.of(claim.id)
    assert found is not None
    return found


async def test_who_a_person_was_is_forgotten_everywhere(insurance: Harness) -> None:
    """A walk over all collections: nothing names them beyond what the table of collections says may stay, and why."""
    who = Somebody(1)
    person = who.id
    await known(insurance, who)
    before = await remains(insurance, [person], who.told)
    assert {("persons", "texts"), ("id_number_holders", "texts"), ("contributions", "texts")} <= before
    assert {("enrolments", "texts"), ("transfers", "texts"), ("claims", "texts"), ("benefits", "texts")} <= before
    for _ in range(2):
        await insurance.publish(WorkerErased(worker_id=person))

    async def gone() -> bool:
        return await Person.of(person) is None and await Holder.find({"worker_id": person}).count() == 0

    await eventually(gone)
    await insurance.settled()
    after = await remains(insurance, [person], who.told)
    assert {name for name, what in after if what == "texts"} <= {"claims", "benefits"}
    assert undeclared("insurance", after) == []
    sums = await Contribution.find({"worker_id": person}).count()
    assert sums == 0


async def test_a_file_of_an_injury_goes_after_its_term(insurance: Harness) -> None:
    """Its timer stands at the end of the term; when it falls due, nobody is in the file any more, and the figures stay."""
    who = Somebody(3)
    person = who.id
    claim = await known(insurance, who)
    await insurance.publish(WorkerErased(worker_id=person))
    timers = storage().collection("timers")
    key = f"insurance.file_ends:{claim.id}"

    async def set_() -> Any:
        return await timers.find_one({"_id": key})

    row = await eventually(set_)
    await insurance.settled()
    since = calendar.shanghai_date(claim.history[-1].at if claim.history else claim.reported_at)
    end = calendar.months_after(since, 12 * 10) + dt.timedelta(days=1)
    assert row["due_at"].replace(tzinfo=dt.UTC) == calendar.start_of_day(end)
    await timers.update_one({"_id": key}, {"$set": {"due_at": clock.now()}})

    async def ended() -> bool:
        found = await Claim.of(claim.id)
        return found is not None and found.worker_id is None

    await eventually(ended)
    after = await remains(insurance, [person], who.told)
    assert not {name for name, what in after if what == "texts"}
    assert not {"claims", "benefits"} & {name for name, _ in after}
    [benefit] = await Benefit.find({"claim_id": claim.id}).to_list()
    assert benefit.amount == Decimal("100.00")
    assert await ClaimPhoto.find({"claim_id": claim.id}).count() == 0
    shown = await insurance.http.get(f"/v1/claims/{claim.id}", headers=insurance.officer)
    assert (shown.status_code, shown.json()["description"]) == (200, "（已按规定删除）")


async def lay_course(claim: Claim, who: Somebody) -> str:
    """What became of a person: who they supported, why they count as insured, and a month owed. The month's id."""
    child = Dependant(
        number=1, relation="child", lone=False, incapacitated=False,
        id_number=encrypt_field(ID_NUMBER, claim.id, who.number), name=encrypt_field(NAME, claim.id, f"{who.name}之子"),
        percent="30", percent_since="2026-09", first_month="2026-09", last_month=None, comes_of_age_in=None,
        benefit_id=f"{claim.id}:1",
    )  # fmt: skip
    register = Register(
        id=claim.id, worker_id=who.id, district="510603", wage="5000", missing=None, cap="100", members=[child], used=[]
    )
    due = MonthDue(
        id=MonthDue.id_of(who.platform, who.id, "2026-09"), unit=who.platform, worker_id=who.id, month="2026-09",
        engagement_id=f"{who.platform}-w1", district="510603", due_on=dt.date(2026, 10, 15), state="owed",
    )  # fmt: skip
    decided = await Liability.of(claim.id)
    assert decided is not None
    decided.ground = encrypt_field(GROUND, claim.id, f"经核查{who.name}的缴费明细")
    entitlement = Entitlement(id=claim.id, worker_id=who.id, district="510603")

    async def lay(tx: Any) -> None:
        for one in (register, due, decided, entitlement):
            await one.put(tx)
        if await EmployedPerson.of(who.id, tx) is None:
            await EmployedPerson(id=who.id).put(tx)
        tx.schedule(LAPSE, due.id, clock.now() + dt.timedelta(days=9))

    await transact(lay)
    return due.id


async def ends(claim: Claim) -> Any:
    """The timer of a file's end, once it is set."""
    timers = storage().collection("timers")
    return await eventually(lambda: timers.find_one({"_id": f"insurance.file_ends:{claim.id}"}))


async def end_now(claim: Claim) -> None:
    await ends(claim)
    await (
        storage()
        .collection("timers")
        .update_one({"_id": f"insurance.file_ends:{claim.id}"}, {"$set": {"due_at": clock.now()}})
    )


async def test_what_became_of_a_person_goes_with_the_file(insurance: Harness) -> None:
    """Also whom they supported; and nobody hears that an erased person's months, whose payments are nobody's now, are unpaid."""
    who = Somebody(5)
    claim = await known(insurance, who)
    due_id = await lay_course(claim, who)
    await insurance.publish(WorkerErased(worker_id=who.id))
    await ends(claim)
    await insurance.settled()
    assert await EmployedPerson.of(who.id) is None
    assert await storage().collection("timers").find_one({"_id": f"insurance.dues_lapse:{due_id}"}) is None
    assert undeclared("insurance", await remains(insurance, [who.id], who.told)) == []
    await transact(partial(dues.follow, [who.id]))  # as an event does that was told before, and comes late
    kept = await MonthDue.of(due_id)
    assert kept is not None
    assert kept.state == "owed"
    await end_now(claim)

    async def ended() -> bool:
        found = await Claim.of(claim.id)
        return found is not None and found.worker_id is None

    await eventually(ended)
    after = await remains(insurance, [who.id], who.told)
    assert not {name for name, what in after if what == "texts"}
    assert not {"dependants", "entitlements", "liabilities"} & {name for name, _ in after}
    file = await insurance.http.get(f"/v1/claims/{claim.id}/dependants", headers=insurance.officer)
    assert (file.status_code, file.json()["wage"]) == (200, "5000")


async def test_a_file_stays_while_kin_draw_of_it(insurance: Harness) -> None:
    """Their account and their yearly check outlive the erasure of the person."""
    who = Somebody(7)
    claim = await known(insurance, who)
    claim.fatal = True
    await transact(claim.put)
    kin = {"id_number": make("510603", dt.date(1960, 5, 6), 9), "name": "测试配偶"}
    await paid_in(claim, "5000.00")
    pension = await grant(
        insurance, claim, "dependant_pension", account=ACCOUNT, kin=kin, dependants=[{"relation": "spouse"}]
    )

    async def checked() -> Any:
        return await Check.find_one({"of_benefit": pension["benefit_id"]})

    await eventually(checked)
    await insurance.publish(WorkerErased(worker_id=who.id))
    await ends(claim)
    await insurance.settled()
    assert await checked() is not None
    before = clock.now()
    await end_now(claim)

    async def later() -> bool:
        return bool((await ends(claim))["due_at"].replace(tzinfo=dt.UTC) > before + dt.timedelta(days=1))

    await eventually(later)
    path = f"/v1/benefits/{pension['benefit_id']}/account"
    shown = (await insurance.http.get(path, headers=insurance.officer)).json()
    assert (shown["account"], shown["name"]) == (ACCOUNT, "测试配偶")
