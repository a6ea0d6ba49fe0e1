"""八 保障社会保险权利: a labour relation is the employer's duty; anyone else is covered with the platform as the unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared import clock
from shared.contracts.insurance import DuesOverdue, DuesSettled, EnrolmentDutyOverdue
from shared.policy.calendar import shanghai_date
from tests.end_to_end.articles.city import City, new_id_number, new_platform
from tests.end_to_end.events import engagement, order, profile
from tests.harness import eventually


async def segments(city: City, enrolment_id: str) -> list[tuple[str, str, str | None]]:
    """The segments of an enrolment, once the province has answered every request and taken every end."""

    async def answered() -> dict[str, Any] | None:
        listed = await city.get("officer", "insurance", "/v1/enrolments?limit=500")
        if enrolment_id not in [one["enrolment_id"] for one in listed["items"]]:
            return None
        found: dict[str, Any] = await city.get("officer", "insurance", f"/v1/enrolments/{enrolment_id}")
        done = [
            one["status"] == "accepted" and (one["ends_on"] is None or one["end_receipt"]) for one in found["requests"]
        ]
        return found if all(done) else None

    found = await eventually(answered, 40)
    return [(one["scheme"], one["starts_on"], one["ends_on"]) for one in found["segments"]]


async def declare(city: City, employer: str, enrolment_id: str, starts_on: str, expect: int = 201) -> dict[str, Any]:
    """What an employer is answered that declares a person."""
    path, body = f"/v1/enrolments/{enrolment_id}/declarations", {"starts_on": starts_on}
    found: dict[str, Any] = await city.post(f"platform:{employer}", "insurance", path, body, expect=expect)
    return found


async def owed(city: City, employer: str) -> dict[str, Any]:
    """The one whom an employer has still to declare, once insurance knows of them."""

    async def look() -> dict[str, Any] | None:
        listed = await city.get(f"platform:{employer}", "insurance", "/v1/enrolments?state=undeclared")
        return listed["items"][0] if listed["items"] else None

    return await eventually(look, 40)


async def test_an_employer_must_register_within_thirty_days(city: City) -> None:
    """Nothing goes to the province before it declares; it sees what follows otherwise."""
    platform = new_platform()
    await city.push(
        platform, profile(platform), engagement(platform, "rider-1", new_id_number(), relation="employment")
    )
    waiting = await owed(city, platform)
    enrolment_id, worker = waiting["enrolment_id"], f"worker:{waiting['worker_id']}"
    assert (waiting["due_on"], waiting["unit"]) == ("2026-10-08", platform)
    province = f"{city.urls['provincial']}/v1/enrolments/{enrolment_id}:1"
    assert (await city.http.get(province)).status_code == 404
    [mine] = await city.get(worker, "insurance", "/v1/workers/me/cover")
    assert (mine["in_force"], mine["province"], mine["due_on"]) == (False, "undeclared", "2026-10-08")
    assert "尚未为您申报" in mine["note"]
    await declare(city, new_platform(), enrolment_id, "2026-09-01", expect=404)
    await declare(city, platform, enrolment_id, "2026-09-05", expect=409)
    await declare(city, platform, enrolment_id, "2026-09-01")
    await declare(city, platform, enrolment_id, "2026-09-01", expect=409)
    assert await segments(city, enrolment_id) == [("work_injury", "2026-09-01", None)]
    assert (await city.http.get(province)).json()["status"] == "accepted"
    own = await city.get(f"platform:{platform}", "insurance", f"/v1/enrolments/{enrolment_id}")
    assert (own["basis"], own["due_on"], own["state"]) == ("employer", "2026-10-08", "open")
    assert own["confirmed_on"]
    assert own["consequences"]["late_fine"] == {"least": "1", "most": "3"}
    await city.get(f"platform:{new_platform()}", "insurance", f"/v1/enrolments/{enrolment_id}", expect=404)


async def test_an_employer_declares_many_by_a_sheet(city: City) -> None:
    platform, people = new_platform(), [new_id_number(), new_id_number()]
    jobs = [
        engagement(platform, f"staff-{number}", person, relation="employment") for number, person in enumerate(people)
    ]
    await city.push(platform, profile(platform), *jobs)

    async def both() -> bool:
        listed = await city.get(f"platform:{platform}", "insurance", "/v1/enrolments?state=undeclared")
        return len(listed["items"]) == 2

    await eventually(both, 40)
    await city.settled("registry", "insurance")
    rows = [f"{person},{job['data']['name']},2026-09-01" for person, job in zip(people, jobs, strict=True)]
    sheet = "\n".join(["公民身份号码,姓名,用工之日", *rows, f"{new_id_number()},不在册,2026-09-01"])
    headers = {"content-type": "text/csv"}
    path = "/v1/enrolment-declarations"
    taken = await city.call(f"platform:{platform}", "insurance", "POST", path, content=sheet.encode(), headers=headers)
    assert (taken["declared"], [one["cell"] for one in taken["wrong"]]) == (2, ["A4"])

    async def registered() -> bool:
        listed = await city.get(f"platform:{platform}", "insurance", "/v1/enrolments?state=open")
        return [bool(one["confirmed_on"]) for one in listed["items"]] == [True, True]

    await eventually(registered, 40)


async def test_whoever_dispatches_is_the_employer_who_registers(city: City) -> None:
    """The platform cannot in its place, and is shown that it has not (劳动合同法 art. 58)."""
    platform, agency = new_platform(), new_platform()
    terms = {"relation": "employment", "dispatched": True, "partner_uscc": agency}
    await city.push(platform, profile(platform), engagement(platform, "sent", new_id_number(), **terms))
    waiting = await owed(city, agency)
    assert (waiting["unit"], waiting["platform"], waiting["worker_ref"]) == (agency, platform, "sent")
    seen = await city.get(f"platform:{platform}", "insurance", f"/v1/enrolments/{waiting['enrolment_id']}")
    assert (seen["state"], seen["unit"]) == ("undeclared", agency)
    await declare(city, platform, waiting["enrolment_id"], "2026-09-01", expect=403)
    await declare(city, agency, waiting["enrolment_id"], "2026-09-01")
    assert await segments(city, waiting["enrolment_id"]) == [("work_injury", "2026-09-01", None)]


async def test_other_trades_are_told_the_truth_not_every_order(city: City) -> None:
    """办法（试行） art. 2 names three trades: nobody else is promised its cover, and each is told what they can do."""
    platform, training = new_platform(), {"course": "safety", "completed_on": "2026-08-30"}
    helper = engagement(platform, "helper", new_id_number(), industry="other", safety_training=training)
    await city.push(platform, profile(platform), helper)
    worker = f"worker:{(await city.engagement_of(platform, 'helper'))['worker_id']}"

    async def without() -> list[dict[str, Any]] | None:
        rights: dict[str, Any] = await city.get(worker, "insurance", "/v1/workers/me/rights")
        return rights["uncovered"] or None

    [told] = await eventually(without, 40)
    assert (told["industry"], told["since"]) == ("other", "2026-09-01")
    assert "第2条" in told["reason"]
    assert told["can_do"]
    assert await city.get(worker, "insurance", "/v1/workers/me/cover") == []

    async def texts() -> list[str] | None:
        sent = (await city.get(worker, "notifier", "/v1/deliveries?limit=500"))["items"]
        return [one["text"] for one in sent if "职业伤害保障" in one["text"]] or None

    [text] = await eventually(texts, 40)
    assert "未纳入职业伤害保障" in text
    assert "每单必保" not in text


async def test_who_is_not_registered_in_time_is_found(city: City) -> None:
    """The province refuses the person, and the employer does nothing more."""
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "late", new_id_number(), relation="employment"))
    found = await city.engagement_of(platform, "late")
    path = f"/v1/enrolments/{found['engagement_id']}"
    await owed(city, platform)
    await city.settled("registry", "insurance")
    await city.http.post(f"{city.urls['provincial']}/sandbox/behaviour", json={"refuse_next": 1})
    await declare(city, platform, found["engagement_id"], "2026-09-01")

    async def refused() -> dict[str, Any] | None:
        shown: dict[str, Any] = await city.get("officer", "insurance", path)
        return shown if any(one["status"] == "rejected" for one in shown["requests"]) else None

    enrolment = await eventually(refused, 40)
    due_on = dt.date(2026, 10, 8)
    duty: dict[str, Any] = {
        "scheme": "work_injury",
        "starts_on": dt.date(2026, 9, 1),
        "ends_on": None,
        "due_on": due_on,
    }
    about = {"enrolment_id": enrolment["enrolment_id"], "engagement_id": found["engagement_id"], "platform": platform}
    await city.tell("insurance", EnrolmentDutyOverdue(**duty, **about, worker_id=found["worker_id"]))
    lead = await city.lead("enrolment_overdue", platform, due_on=str(due_on))
    assert (lead["worker_ref"], lead["finding"]["scheme"]) == ("late", "work_injury")
    assert lead["finding"]["days_late"] == (shanghai_date(clock.now()) - due_on).days
    fines = [lead["finding"][f"{who}_fine_{end}"] for who in ("unit", "person") for end in ("least", "most")]
    assert fines == ["1", "3", "500.00", "3000.00"]
    assert [one["code"] for one in lead["to_judge"]] == ["registered_elsewhere"]
    assert lead["used"]


async def test_a_labour_relation_found_later_moves_the_insurance(city: City) -> None:
    """From the relation's first day on."""
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    found = await city.engagement_of(platform, "rider-1")
    enrolment_id, worker = found["engagement_id"], f"worker:{found['worker_id']}"
    assert await segments(city, enrolment_id) == [("occupational_injury", "2026-09-01", None)]

    claim = {"claimed": "employment", "since": "2026-10-01", "grounds": "按公司排班考勤，按月领取工资"}
    contest = await city.post(worker, "registry", f"/v1/engagements/{enrolment_id}/footing-contests", claim)
    decision = {
        "outcome": "changed",
        "relation": "employment",
        "effective_on": "2026-10-01",
        "reasons": "受用人单位劳动管理，从事其安排的有报酬劳动",
    }
    place = f"/v1/footing-contests/{contest['contest_id']}/decision"
    await city.call("officer@510603", "registry", "PUT", place, json=decision, headers={"if-match": '"1"'})

    async def moved() -> bool:
        return len((await city.get("officer", "insurance", f"/v1/enrolments/{enrolment_id}"))["segments"]) == 2

    await eventually(moved, 40)
    covers = await city.get(worker, "insurance", "/v1/workers/me/cover")
    assert [one["in_force"] for one in covers] == [False, False], "the employer has still to declare"
    await declare(city, platform, enrolment_id, "2026-10-01")
    assert await segments(city, enrolment_id) == [
        ("occupational_injury", "2026-09-01", "2026-09-30"),
        ("work_injury", "2026-10-01", None),
    ]
    mine = await city.get(worker, "insurance", "/v1/workers/me/cover")
    assert [(one["scheme"], one["in_force"]) for one in mine] == [("work_injury", True), ("occupational_injury", False)]


async def test_an_officer_lets_a_cover_rest_and_hold_again(city: City) -> None:
    platform = new_platform()
    await city.push(platform, profile(platform), engagement(platform, "rider-1", new_id_number()))
    enrolment_id = (await city.engagement_of(platform, "rider-1"))["engagement_id"]
    await segments(city, enrolment_id)
    path = f"/v1/enrolments/{enrolment_id}"
    rest = {"since": "2026-10-01", "reason": "平台在本市停止经营"}
    await city.post("officer@510681", "insurance", f"{path}/suspensions", rest, expect=404)
    rested = await city.post("officer@510603", "insurance", f"{path}/suspensions", rest)
    assert rested["state"] == "suspended"
    await city.post("officer@510603", "insurance", f"{path}/suspensions", rest, expect=409)
    held = await city.post("officer@510603", "insurance", f"{path}/resumptions", {"since": "2026-10-08"})
    assert held["state"] == "open"
    await segments(city, enrolment_id)
    worked = [f"2026-10-0{day}" for day in (3, 5, 9)]
    orders = [order(platform, day, "rider-1", f"{day}T12:00:00+08:00", f"{day}T12:30:00+08:00") for day in worked]
    await city.push(platform, *orders)
    lead = await city.lead("insurance_gap", platform, days=2)
    found = [lead["finding"][name] for name in ("scheme", "first_on", "last_on", "causes")]
    assert found == ["occupational_injury", "2026-10-03", "2026-10-05", ["suspended"]]
    assert (lead["worker_ref"], lead["finding"]["enrolment_id"]) == ("rider-1", enrolment_id)
    assert [one["code"] for one in lead["to_judge"]] == ["covered_otherwise"]
    asked = (await city.get("officer", "insurance", path))["requests"]
    assert [(one["starts_on"], one["ends_on"]) for one in asked] == [
        ("2026-09-01", "2026-09-30"),
        ("2026-10-08", None),
    ]


async def test_an_employer_pays_five_insurances_each_month(city: City) -> None:
    """The worker sees what is paid; what is not paid in time becomes a lead, until it is."""
    platform, id_number = new_platform(), new_id_number()
    told = engagement(platform, "monthly", id_number, relation="employment")
    await city.push(platform, profile(platform), told)
    found = await city.engagement_of(platform, "monthly")
    worker = f"worker:{found['worker_id']}"

    async def months() -> dict[str, dict[str, Any]]:
        items = (await city.get(worker, "insurance", "/v1/workers/me/dues"))["items"]
        return {item["month"]: item for item in items}

    async def owed() -> bool:
        return {"2026-09", "2026-10"} <= (await months()).keys()

    await eventually(owed, 40)
    five = ["pension", "medical", "unemployment", "work_injury", "maternity"]
    september = (await months())["2026-09"]
    assert (september["state"], september["missing"], september["unit"]) == ("owed", five, platform)
    path = f"/v1/dues/{september['dues_id']}"
    await city.get(f"platform:{new_platform()}", "insurance", path, expect=404)

    def paid(insurance: str) -> dict[str, Any]:
        return {
            "kind": "contribution",
            "number": f"{platform}-{insurance}",
            "id_number": id_number,
            "insurance": insurance,
            "month": "2026-09",
            "base": "5000.00",
            "employer_amount": "800.00",
            "worker_amount": "400.00",
            "payer": platform,
            "paid_on": "2026-10-10",
            "changed_at": "2026-10-11T08:00:00+08:00",
        }

    some = {"items": [paid(one) for one in ("pension", "medical", "unemployment")]}
    await city.post("provincial", "insurance", "/v1/province/notices", some)

    async def only_work_injury() -> bool:
        return bool((await months())["2026-09"]["missing"] == ["work_injury"])

    await eventually(only_work_injury, 40)
    own = await city.get(f"platform:{platform}", "insurance", path)
    assert {one["insurance"]: one["ground"] for one in own["insurances"]} == {
        "pension": "paid",
        "medical": "paid",
        "unemployment": "paid",
        "work_injury": "deemed",
        "maternity": "with_medical",
    }

    about: dict[str, Any] = {
        "dues_id": september["dues_id"],
        "platform": platform,
        "worker_id": found["worker_id"],
        "engagement_id": found["engagement_id"],
        "month": "2026-09",
        "due_on": dt.date.fromisoformat(september["due_on"]),
    }
    await city.tell("insurance", DuesOverdue(**about, insurances=("work_injury",), owed=None, late_fee=None))
    lead = await city.lead("contributions_unpaid", platform)
    assert lead["finding"]["months"][0]["insurances"] == ["work_injury"]
    assert (lead["finding"]["fine_least"], lead["finding"]["fine_most"], lead["worker_ref"]) == ("1", "3", "monthly")
    await city.post("provincial", "insurance", "/v1/province/notices", {"items": [paid("work_injury")]})

    async def settled() -> bool:
        return bool((await months())["2026-09"]["state"] == "settled")

    await eventually(settled, 40)
    await city.tell("insurance", DuesSettled(**about, how="paid"))

    async def gone() -> bool:
        one = await city.get("officer@510603", "complaints", f"/v1/leads/{lead['lead_id']}")
        return bool(one["state"] == "withdrawn")

    await eventually(gone, 40)
