"""A procedure that ends before a hearing that was asked for or set is held (行政处罚法 art. 27, 57, 63)."""

from __future__ import annotations

from typing import Any

import pytest

from services.complaints.terms.documents import Term
from shared import clock
from shared.contracts.complaints import PenaltyClosed, PenaltyHearingCalledOff
from shared.policy.calendar import add_working_days, shanghai_date
from shared.storage.records import find
from tests.harness import Harness
from tests.integration.complaints.penalties.course import Course, filed, today, told
from tests.unit.identity.numbers import make_uscc

WAYS: dict[str, dict[str, Any]] = {
    "refer": {"how": "refer", "text": "涉嫌犯罪，移送司法机关"},
    "drop": {"how": "drop", "text": "违法事实不能成立"},
    "leave": {"how": "leave", "text": "违法行为轻微", "leniency": "slight_put_right"},
}


async def asked(complaints: Harness, seed: str) -> Course:
    penalty = await filed(complaints, make_uscc(seed))
    await penalty.investigated()
    await penalty.notified(hearing=True)
    await penalty.done("hearing-request", "enterprise", {"text": "要求听证"})
    return penalty


@pytest.mark.parametrize("way", [*WAYS])
@pytest.mark.parametrize("held", [False, True])
async def test_no_hearing_is_held_of_what_is_over(complaints: Harness, way: str, held: bool) -> None:
    penalty = await asked(complaints, f"PH{way[:2].upper()}{int(held)}0001")
    day = add_working_days(shanghai_date(clock.now()), 7).due
    hearing = {"on": str(day), "place": "三楼"}
    if held:
        await penalty.done("hearing-day", "p-third", hearing)
    assert await penalty.do("closing", "p-first", WAYS[way]) == (409, "same-officer")
    await penalty.done("closing", "p-fourth", WAYS[way])
    letter = await penalty.letter()
    assert letter["hearing"]["called_off_on"] == today()
    untold = {"refer": "notified", "drop": "dropped", "leave": "unpunished"}
    assert letter["state"] == untold[way]
    off = [one for one in await complaints.told(PenaltyHearingCalledOff) if one.penalty_id == penalty.id]
    assert [(one.on, one.officer) for one in off] == [(day, "p-third") if held else (None, None)]
    assert len(await told(complaints, penalty, PenaltyClosed)) == (0 if way == "refer" else 1)
    [deciding] = await find(Term, {"matter_kind": "penalty", "matter_id": penalty.id, "step": "decide_penalty"})
    assert deciding.state == "met"
    for step, body in (("hearing-day", hearing), ("hearing", {"text": "听证笔录", "appeared": True})):
        assert await penalty.do(step, "p-third", body) == (409, "penalty-state")


async def test_who_takes_a_hearing_back_reads_that(complaints: Harness) -> None:
    penalty = await asked(complaints, "PH0000009")
    await penalty.done("waiver", "enterprise")
    letter = await penalty.letter()
    assert (letter["state"], letter["hearing"]["called_off_on"]) == ("notified", today())
    assert await told(complaints, penalty, PenaltyHearingCalledOff) == []
