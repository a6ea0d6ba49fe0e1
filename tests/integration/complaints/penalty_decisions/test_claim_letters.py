"""The reminder and the application to a court as documents: each sum by itself, and how what was added is reckoned."""

from __future__ import annotations

import datetime as dt
import re

import httpx2
import time_machine

from shared import clock
from shared.policy.calendar import add_working_days, shanghai_date
from shared.policy.wording import day
from shared.storage.audit import AuditEntry
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.complaints.penalties.course import LETTER, Course, later, officer, today
from tests.integration.complaints.penalty_decisions.pages import PLAIN_ATTRIBUTES, PLAIN_TAGS, Page
from tests.integration.complaints.penalty_decisions.test_confiscation import gain, served, told_of
from tests.integration.complaints.spot_penalties.test_on_the_spot import decided as decided_on_spot
from tests.unit.identity.numbers import make_uscc


async def asked(penalty: Course, paper: str, who: dict[str, str]) -> httpx2.Response:
    return await penalty.complaints.http.get(f"/v1/penalties/{penalty.id}/{paper}", headers=who)


async def page(penalty: Course, paper: str) -> Page:
    answer = await asked(penalty, paper, officer("p-third"))
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


async def test_both_papers_say_each_sum_and_how_it_came_to_be(complaints: Harness) -> None:
    """What 行政强制法 art. 35 and 55 ask for; what comes in after a paper changes nothing of it."""
    penalty = await told_of(complaints, make_uscc("PQ000000K"), gain("6500.00"), "10000.00", "6500.00")
    await served(penalty, "10000.00", "6500.00")
    letter = await penalty.letter()
    due = dt.date.fromisoformat(letter["debt"]["parts"][0]["on"])
    first, last = due + dt.timedelta(1), due + dt.timedelta(2)
    with time_machine.travel(later(days=(last - shanghai_date(clock.now())).days), tick=True):
        for _ in range(2):  # the last day to pay is over, and what follows is done
            await complaints.settled()
        assert (await asked(penalty, "reminder-letter", officer("p-third"))).status_code == 404
        await penalty.done("payments", "p-first", {"amount": "10100.00", "on": today(), "receipt": "K-1"})
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        shown = await page(penalty, "reminder-letter")
        assert (await asked(penalty, "court-application-letter", officer("p-third"))).status_code == 404
    reckoned = (
        f"加处罚款自{day(first)}起计算，标准为每日按逾期未缴罚款数额的3%，以不超出罚款数额￥10,000.00为限。\n"
        f"{day(first)}至{day(last)}共2日，每日逾期未缴罚款：￥10,000.00。\n累计加处罚款￥600.00；其中已缴"
    )
    for words in (
        f"{LETTER['authority']}\n履行行政处罚决定催告书", f"当事人：{LETTER['party']}", f"统一社会信用代码：{penalty.uscc}",
        "加处罚款：人民币伍佰元整（￥500.00）\n没收的违法所得：人民币陆仟伍佰元整（￥6,500.00）\n合计：人民币柒仟元整（￥7,000.00）",
        f"{reckoned}￥100.00。",
        f"请当事人于{day(add_working_days(last, 10).due)}（含当日）前缴清上述款项。缴纳方式：{LETTER['pay_to']}。",
        "当事人有权进行陈述和申辩。", "申请人民法院强制执行", day(last), penalty.shown["number"],
    ):  # fmt: skip
        assert words in shown.text
    assert "罚款：人民币零" not in shown.text
    sue_by = dt.date.fromisoformat(letter["decision"]["sue_by"])
    with time_machine.travel(later(days=(sue_by - shanghai_date(clock.now())).days + 1), tick=True):
        await penalty.done("payments", "p-first", {"amount": "300.00", "on": today(), "receipt": "K-2"})
        assert (await page(penalty, "reminder-letter")).text == shown.text
        await penalty.done("court-application", "p-first")
        applied = await page(penalty, "court-application-letter")
        for words in (
            f"{LETTER['court']}：", f"{reckoned}￥400.00。", "加处罚款：人民币贰佰元整（￥200.00）", "合计：人民币陆仟柒佰元整",
            f"本机关于{day(last)}催告当事人履行", day(shanghai_date(clock.now())),
        ):  # fmt: skip
            assert words in applied.text
        assert not re.search(r"\d{4}-\d\d-\d\d", shown.text + applied.text)
        assert shown.tags | applied.tags <= PLAIN_TAGS
        assert shown.attributes | applied.attributes <= PLAIN_ATTRIBUTES
        for who, paper, status in (
            (penalty.enterprise, "reminder-letter", 200),
            (penalty.enterprise, "court-application-letter", 403),
            (bearer("platform", uscc=make_uscc("PQ000000L")), "reminder-letter", 404),
        ):
            assert (await asked(penalty, paper, who)).status_code == status
    read = {one.action for one in await find(AuditEntry, {"about": penalty.id})}
    assert {"penalty.reminder_letter_read", "penalty.court_application_letter_read"} <= read


async def test_a_reminder_on_a_decision_on_the_spot_has_no_paper(complaints: Harness) -> None:
    penalty = await decided_on_spot(complaints, make_uscc("PQ000000M"))
    due = dt.date.fromisoformat((await penalty.letter())["debt"]["parts"][0]["on"])
    with time_machine.travel(later(days=(due - shanghai_date(clock.now())).days + 2), tick=True):
        await penalty.done("reminder", "p-first", {"by": "邮寄"})
        answer = await asked(penalty, "reminder-letter", officer("p-third"))
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-letter")
