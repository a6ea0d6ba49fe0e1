"""An occupation and grade that is told of by name and by code is paid for once."""

from __future__ import annotations

import asyncio
import datetime as dt

from services.subsidies.decisions.documents import PaidFact
from shared.ids import new_id
from tests.harness import Harness
from tests.integration.subsidies.bodies import today, uscc
from tests.integration.subsidies.facts import engagement, tell, training, worker
from tests.integration.subsidies.filing import (
    FIRST,
    PATH,
    SECOND,
    apply_as,
    approved,
    do,
    end_notice,
    funded,
    officer,
    signed,
)
from tests.integration.subsidies.skill.test_skill import certified, met


async def told(subsidies: Harness, worker_id: str, course: str, number: str) -> None:
    """A platform tells of a training, by whatever name it has for it."""
    day = today() - dt.timedelta(days=40)
    fact = training(worker_id.upper(), course, day=day, number=number)
    await tell(subsidies, worker(worker_id), engagement(worker_id, worker_id.upper()), fact)
    await subsidies.settled()


def stated(number: str) -> dict[str, object]:
    return {"certificate_number": number, "public_pension": False}


async def test_a_name_and_its_code_are_paid_for_once(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await told(subsidies, one, "网约配送员初级工培训班", f"N-{one}")
    first = await apply_as(subsidies, one, stated=stated(f"N-{one}"))
    assert (await approved(subsidies, first["application_id"]))["state"] == "paying"
    number = await certified(subsidies, uscc(951), uscc(952), one)
    again = await apply_as(subsidies, one, stated=stated(number))
    assert met(again)["not_paid_before"] is False
    await do(subsidies, again["application_id"], "acceptance", officer(FIRST))
    wish = {"approve": True, "amount": "800.00"}
    await do(subsidies, again["application_id"], "review", officer(FIRST), wish, expect=422)


async def test_a_name_that_no_list_knows_goes_to_a_person(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await told(subsidies, one, "骑手提高班", f"N-{one}")
    first = await apply_as(subsidies, one, stated=stated(f"N-{one}"))
    await approved(subsidies, first["application_id"])
    number = await certified(subsidies, uscc(953), uscc(954), one)
    filed = await apply_as(subsidies, one, stated=stated(number))
    assert met(filed)["told_apart"] is None
    assert filed["proposal"]["alike"] == [{"asked": "4-02-07-10 网约配送员 初级工（五级）", "paid": "骑手提高班"}]
    key = filed["application_id"]
    await do(subsidies, key, "acceptance", officer(FIRST))
    await do(subsidies, key, "review", officer(FIRST), {"approve": True, "amount": "800.00"}, expect=422)
    judged = {"approve": True, "amount": "800.00", "judged": ["told_apart"]}
    await do(subsidies, key, "review", officer(FIRST), judged)


async def test_a_name_and_its_code_at_one_moment(subsidies: Harness) -> None:
    one = f"w-{new_id()}"
    await told(subsidies, one, "网约配送员（五级）", f"N-{one}")
    number = await certified(subsidies, uscc(955), uscc(956), one)
    await funded()
    keys = []
    for held in (f"N-{one}", number):
        filed = await apply_as(subsidies, one, stated=stated(held))
        await signed(subsidies, filed["application_id"])
        await end_notice(filed["application_id"])
        keys.append(filed["application_id"])

    async def approve(key: str) -> int:
        seen = (await subsidies.http.get(f"{PATH}/{key}", headers=officer(SECOND))).headers["etag"]
        who = {**officer(SECOND), "If-Match": seen}
        return (await subsidies.http.post(f"{PATH}/{key}/approval", headers=who)).status_code

    answers = await asyncio.gather(*map(approve, keys))
    assert sorted(answers) in ([200, 409], [200, 412], [200, 422]), answers
    (held_fact,) = await PaidFact.find({"_id": f"training:{one}:course:4-02-07-10:junior"}).to_list()
    assert held_fact.holder == keys[answers.index(200)]
