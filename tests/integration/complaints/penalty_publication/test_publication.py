from __future__ import annotations

from typing import Any

from shared.contracts.complaints import (
    PenaltyClosed,
    PenaltyDecided,
    PenaltyNotified,
    PenaltyPublished,
    PenaltyWithdrawn,
)
from tests.harness import Harness
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import Course, filed, meant, today, told
from tests.unit.identity.numbers import make_uscc


async def test_a_changed_decision_is_taken_back_from_the_public(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PN0000007"))
    await penalty.served("9000.00")
    assert await penalty.do("publication", "p-first", {"text": "阻挠监察"}) == (409, "same-officer")
    await penalty.done("publication", "p-third", {"text": "阻挠劳动保障监察"})
    path = "/v1/public-penalties?limit=500"
    [shown] = [one for one in (await complaints.http.get(path)).json()["items"] if one["penalty_id"] == penalty.id]
    assert (shown["text"], shown["fine"]) == ("阻挠劳动保障监察", "9000.00")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    lower = {"on": today(), "fine": "4000.00", "text": "复议变更"}
    assert await penalty.do("contest-end", "p-fourth", lower | {"fine": "9000.00"}) == (422, "changed-fine")
    await penalty.done("contest-end", "p-fourth", lower)
    assert (await penalty.letter())["debt"]["owed"] == "4000.00"
    [shown] = [one for one in (await complaints.http.get(path)).json()["items"] if one["penalty_id"] == penalty.id]
    assert (shown["text"], shown["fine"], shown["withdrawn_for"]) == (None, None, "复议变更")
    assert await told(complaints, penalty, PenaltyPublished, PenaltyWithdrawn, PenaltyClosed) == [
        "PenaltyPublished", "PenaltyWithdrawn", "PenaltyClosed"
    ]  # fmt: skip


async def test_no_penalty_shows_who_reported_in_confidence(complaints: Harness) -> None:
    uscc = make_uscc("PN000000H")
    case = await case_of(complaints, uscc, "w-silent")
    number = (await case.read(case.handler))["number"]
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    await penalty.investigated(charges=[{"ground": "overtime", "persons": 12}])
    telling = (number, "w-silent", "每天要求加班到夜里十一点不付加班费")
    for words in telling:
        body = meant("3600.00", warning=True) | {"by": "直接送达", "silent": True}
        for part in ("text", "amount_reasons"):
            assert await penalty.do("notice", "p-first", body | {part: f"查明{words}"}) == (409, "would-tell-reporter")
    assert await penalty.do("notice", "p-first", body | {"silent": False}) == (409, "not-looked-through")
    await penalty.notified("3600.00", warning=True, silent=True)
    await penalty.done("waiver", "enterprise")
    for words in telling:
        told_ = meant("3600.00", warning=True, text=f"查明{words}")
        assert await penalty.do("decision", "p-fourth", told_) == (409, "would-tell-reporter")
        closing = {"how": "drop", "text": f"查明{words}"}
        assert await penalty.do("closing", "p-fourth", closing) == (409, "would-tell-reporter")
    await penalty.done("decision", "p-fourth", meant("3600.00", warning=True))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    for words in telling:
        assert (await penalty.do("publication", "p-third", {"text": f"查明{words}"}))[0] == 409
    await penalty.done("publication", "p-third", {"text": "违法延长工作时间"})
    shown = f"{await penalty.letter()}{(await complaints.http.get('/v1/public-penalties?limit=500')).text}"
    for secret in (*telling, case.case_id, "origin"):
        assert secret not in shown
    kinds = (PenaltyNotified, PenaltyDecided, PenaltyPublished)
    for fact in [fact for kind in kinds for fact in await complaints.told(kind)]:
        assert case.case_id not in str(fact)


async def test_what_is_taken_back_names_nobody_either(complaints: Harness) -> None:
    uscc = make_uscc("PN000000L")
    case = await case_of(complaints, uscc, "w-taken-back", confidential=False)
    penalty = await filed(
        complaints, uscc, origin="case", origin_id=case.case_id, violation="overtime", grounds=["overtime"]
    )
    await penalty.investigated(charges=[{"ground": "overtime", "persons": 12}])
    await penalty.notified("3600.00", warning=True)
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("3600.00", warning=True))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    await penalty.done("publication", "p-third", {"text": "违法延长工作时间"})
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    naming = {"text": "查明w-taken-back未加班"}
    for ending in ({"fine": "1500.00"}, {"annulled": True}):
        assert await penalty.do("contest-end", "p-fourth", naming | {"on": today()} | ending) == (409, "confidential")
    assert await penalty.do("annulment", "p-third", naming) == (409, "confidential")
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    assert "w-taken-back" not in (await complaints.http.get("/v1/public-penalties?limit=500")).text


async def public(complaints: Harness, penalty: Course) -> dict[str, Any]:
    items = (await complaints.http.get("/v1/public-penalties?limit=500")).json()["items"]
    [shown] = [one for one in items if one["penalty_id"] == penalty.id]
    return dict(shown)


async def test_a_changed_decision_is_published_anew(complaints: Harness) -> None:
    """And why the first one was taken back stays public (行政处罚法 art. 48)."""
    penalty = await filed(complaints, make_uscc("PN00000P1"))
    await penalty.served("9000.00")
    await penalty.done("publication", "p-third", {"text": "阻挠劳动保障监察"})
    assert await penalty.do("publication", "p-third", {"text": "再次公开"}) == (409, "published-already")
    await penalty.done("contests", "p-first", {"kind": "review", "on": today()})
    await penalty.done("contest-end", "p-fourth", {"on": today(), "fine": "4000.00", "text": "复议变更"})
    await penalty.done("publication", "p-third", {"text": "阻挠劳动保障监察，罚款已变更"})
    shown = await public(complaints, penalty)
    assert (shown["fine"], shown["withdrawn_on"]) == ("4000.00", None)
    assert [one["withdrawn_for"] for one in shown["earlier"]] == ["复议变更"]


async def test_a_decision_found_unlawful_is_public_no_more(complaints: Harness) -> None:
    """A court lets it stand (行政诉讼法 art. 74)."""
    penalty = await filed(complaints, make_uscc("PN00000P2"))
    await penalty.served("9000.00")
    await penalty.done("publication", "p-third", {"text": "阻挠劳动保障监察"})
    await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})
    end = {"on": today(), "text": "程序轻微违法", "unlawful": True}
    for more, broken in (({"annulled": True}, "annulled-and-unlawful"), ({"fine": "1.00"}, "unlawful-and-changed")):
        assert await penalty.do("contest-end", "p-fourth", end | more) == (422, broken)
    await penalty.done("contest-end", "p-fourth", end)
    shown = await public(complaints, penalty)
    assert (shown["text"], shown["withdrawn_for"]) == (None, "程序轻微违法")
    letter = await penalty.letter()
    assert (letter["state"], letter["debt"]["owed"], letter["contests"][0]["unlawful"]) == ("served", "9000.00", True)
    assert await penalty.do("publication", "p-third", {"text": "再次公开"}) == (409, "found-unlawful")
