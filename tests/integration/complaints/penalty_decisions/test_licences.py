"""A licence is taken away (吊销) after a hearing was offered, the matter was discussed and reviewed (行政处罚法 art. 57, 58, 63)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared import clock
from shared.contracts.complaints import PenaltyClosed, PenaltyDecided
from shared.policy.calendar import shanghai_date
from tests.harness import Harness
from tests.integration.complaints.penalties.course import Course, filed, meant, today
from tests.unit.identity.numbers import make_uscc

AGENCY = {"violation": "other", "grounds": ["agency_misconduct"], "relation": "self_employed"}
NOTHING = {"received": "0.00", "calculation": "没有违法所得"}


def discussed() -> dict[str, Any]:
    return {"discussion": {"on": today(), "people": ["甲", "乙"], "record": "同意吊销"}}


def revoking(fine: str = "0.00", **changes: Any) -> dict[str, Any]:
    return meant(fine, revoked="human_resources", **changes)


async def concluded(complaints: Harness, uscc: str, *, grave: bool = True, gained: str = "0.00") -> Course:
    penalty = await filed(complaints, uscc, **AGENCY)
    gain = NOTHING | {"received": gained}
    await penalty.investigated(charges=[{"ground": "agency_misconduct"}], gain=gain, grave=grave)
    return penalty


async def told(complaints: Harness, penalty: Course, kind: type[Any]) -> list[str | None]:
    return [one.revoked for one in await complaints.told(kind) if one.penalty_id == penalty.id]


async def test_a_licence_is_taken_away_with_all_that_is_due(complaints: Harness) -> None:
    penalty = await concluded(complaints, make_uscc("PL0000001"))
    assert await penalty.do("notice", "p-first", meant("0.00") | {"by": "直接送达"}) == (422, "no-fine")
    dispatch = meant("0.00", revoked="labour_dispatch") | {"by": "直接送达"}
    assert await penalty.do("notice", "p-first", dispatch) == (422, "no-revocation")
    await penalty.done("notice", "p-first", revoking() | {"by": "直接送达"})
    notice = (await penalty.letter())["notice"]
    assert (notice["hearing_due"], notice["revoked"]) == (True, "human_resources")
    await penalty.done("waiver", "enterprise")
    assert await penalty.do("decision", "p-fourth", revoking(**discussed())) == (409, "not-reviewed")
    await penalty.done("review", "p-third", {"passed": True, "text": "合法"})
    assert await penalty.do("decision", "p-fourth", revoking()) == (409, "not-discussed")
    await penalty.done("decision", "p-fourth", revoking(**discussed()))
    assert await told(complaints, penalty, PenaltyDecided) == []
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    assert penalty.shown["state"] == "fulfilled"
    assert await told(complaints, penalty, PenaltyDecided) == ["human_resources"]
    await penalty.done("publication", "p-third", {"text": "提供虚假就业信息"})
    shown = (await complaints.http.get("/v1/public-penalties?limit=500")).json()["items"]
    assert [one["revoked"] for one in shown if one["penalty_id"] == penalty.id] == ["human_resources"]
    await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})
    end = {"on": today(), "text": "法院判决", "licence_back": True}
    assert await penalty.do("contest-end", "p-fourth", end) == (422, "changed-fine")
    await penalty.done("contest-end", "p-fourth", end | {"annulled": True, "licence_back": False})
    assert await told(complaints, penalty, PenaltyClosed) == [None]


async def test_a_licence_stays_where_the_matter_is_not_grave(complaints: Harness) -> None:
    penalty = await concluded(complaints, make_uscc("PL0000002"), grave=False, gained="800.00")
    heavy = revoking("10000.00", confiscated="800.00") | {"by": "直接送达"}
    assert await penalty.do("notice", "p-first", heavy) == (422, "no-revocation")
    await penalty.notified("10000.00", confiscated="800.00")
    await penalty.done("waiver", "enterprise")
    harsher = revoking("10000.00", confiscated="800.00", **discussed())
    await penalty.done("review", "p-third", {"passed": True, "text": "合法"})
    assert await penalty.do("decision", "p-fourth", harsher) == (422, "harsher")


async def test_a_review_gives_a_licence_back(complaints: Harness) -> None:
    penalty = await concluded(complaints, make_uscc("PL0000003"), gained="800.00")
    body = revoking("10000.00", confiscated="800.00")
    await penalty.done("notice", "p-first", body | {"by": "直接送达"})
    await penalty.done("waiver", "enterprise")
    await penalty.done("review", "p-third", {"passed": True, "text": "合法"})
    await penalty.done("decision", "p-fourth", body | discussed())
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    await penalty.done("contest-end", "p-fourth", {"on": today(), "text": "情节不属严重", "licence_back": True})
    assert (await penalty.letter())["decision"]["revoked"] is None
    assert (await penalty.letter())["debt"]["owed"] == "10800.00"
    assert await told(complaints, penalty, PenaltyClosed) == [None]


LICENCE = {"number": "人服证字1号", "authority": "旌阳区人力资源和社会保障局"}
MITIGATED: dict[str, Any] = {"mitigation": ["harm_removed"]}


def suspending(days: int = 30, **changes: Any) -> dict[str, Any]:
    suspended = {"kind": "human_resources", "days": days}
    return meant("0.00", suspended=suspended, licence=LICENCE, **MITIGATED | changes)


async def test_a_licence_is_suspended_for_days(complaints: Harness) -> None:
    """In place of its taking away, where that is mitigated (行政处罚法 art. 9, 32), with all that goes before."""
    penalty = await concluded(complaints, make_uscc("PL0000004"))
    for body, broken in (
        (suspending(mitigation=[]), "no-suspension"),
        (suspending(181), "suspension-days"),
        (suspending(revoked="human_resources"), "revoked-and-suspended"),
    ):
        assert await penalty.do("notice", "p-first", body | {"by": "直接送达"}) == (422, broken)
    await penalty.done("notice", "p-first", suspending() | {"by": "直接送达"})
    notice = (await penalty.letter())["notice"]
    assert (notice["hearing_due"], notice["suspended"]["days"], notice["licence"]) == (True, 30, LICENCE)
    await penalty.done("waiver", "enterprise")
    await penalty.done("review", "p-third", {"passed": True, "text": "合法"})
    assert await penalty.do("decision", "p-fourth", suspending()) == (409, "not-discussed")
    longer = suspending(31, **discussed())
    assert await penalty.do("decision", "p-fourth", longer) == (422, "harsher")
    other = suspending(20, **discussed()) | {"licence": LICENCE | {"number": "另一号"}}
    assert await penalty.do("decision", "p-fourth", other) == (422, "other-licence")
    await penalty.done("decision", "p-fourth", suspending(20, **discussed()))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    decision = (await penalty.letter())["decision"]
    until = shanghai_date(clock.now()) + dt.timedelta(19)
    assert (penalty.shown["state"], decision["suspended_until"]) == ("fulfilled", str(until))
    [fact] = [one for one in await complaints.told(PenaltyDecided) if one.penalty_id == penalty.id]
    assert (fact.revoked, fact.suspended, fact.suspended_until) == (None, "human_resources", until)
    assert {"number": fact.licence_number, "authority": fact.licence_authority} == LICENCE
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    end: dict[str, Any] = {"on": today(), "text": "改为较短期限"}
    assert await penalty.do("contest-end", "p-fourth", end | {"suspended_days": 20}) == (422, "suspension-days")
    await penalty.done("contest-end", "p-fourth", end | {"suspended_days": 5})
    [closed] = [one for one in await complaints.told(PenaltyClosed) if one.penalty_id == penalty.id]
    assert closed.suspended_until == shanghai_date(clock.now()) + dt.timedelta(4)
    await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})
    await penalty.done("contest-end", "p-fourth", end | {"annulled": True})
    last = [one for one in await complaints.told(PenaltyClosed) if one.penalty_id == penalty.id][-1]
    assert (last.outcome, last.suspended, last.suspended_until) == ("annulled", None, None)


async def test_a_hearing_is_taken_back_by_who_asked_for_it(complaints: Harness) -> None:
    """What was reviewed without later evidence is reviewed again (行政处罚法 art. 58)."""
    penalty = await concluded(complaints, make_uscc("PL0000005"))
    await penalty.done("notice", "p-first", revoking() | {"by": "直接送达"})
    await penalty.done("hearing-request", "enterprise", {"text": "要求听证"})
    await penalty.done("waiver", "enterprise")
    assert (await penalty.letter())["state"] == "notified"
    await penalty.done("review", "p-third", {"passed": True, "text": "合法"})
    await penalty.done("further-evidence", "p-first", {"evidence": [await penalty.filed_evidence("补充照片")]})
    await penalty.done("waiver", "enterprise")
    assert await penalty.do("decision", "p-fourth", revoking(**discussed())) == (409, "not-reviewed")
    await penalty.done("review", "p-third", {"passed": True, "text": "合法"})
    await penalty.done("decision", "p-fourth", revoking(**discussed()))
