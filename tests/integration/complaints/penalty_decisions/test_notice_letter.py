"""The advance notice as a document: what 行政处罚法 art. 44 and 63 ask for, as it was served, for whom it concerns and nobody else."""

from __future__ import annotations

import re

import httpx2
import time_machine

from shared import clock
from shared.contracts.registry import EnterpriseRegistered
from shared.policy.calendar import add_working_days, shanghai_date
from shared.policy.wording import day
from shared.storage.audit import AuditEntry
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import HERE, LETTER, PNG, Course, filed, later, meant, officer
from tests.integration.complaints.penalty_decisions.pages import PLAIN_ATTRIBUTES, PLAIN_TAGS, Page
from tests.integration.complaints.penalty_decisions.test_confiscation import gain, told_of
from tests.integration.complaints.penalty_filing.test_shown_evidence import CHARGES, handed_in
from tests.integration.complaints.responsible_persons.test_persons import NAME, NUMBER, on_enterprise, on_person
from tests.integration.complaints.responsible_persons.test_persons import told_of as told_person
from tests.integration.complaints.spot_penalties.test_on_the_spot import decided as decided_on_spot
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc

SPEAK = "陈述、申辩"
HEARING = "要求听证"


async def asked(penalty: Course, who: dict[str, str]) -> httpx2.Response:
    return await penalty.complaints.http.get(f"/v1/penalties/{penalty.id}/notice-letter", headers=who)


async def page(penalty: Course, who: dict[str, str] | None = None) -> Page:
    answer = await asked(penalty, who or penalty.enterprise)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


async def registered(complaints: Harness, uscc: str, name: str) -> None:
    await complaints.publish(
        EnterpriseRegistered(uscc=uscc, name=name, industries=("courier",), delivery_classes=(), for_notifier="")
    )
    await complaints.settled()


async def overtime(complaints: Harness, uscc: str) -> Course:
    """A penalty of so large a fine that a hearing is due, as it is told."""
    penalty = await filed(
        complaints, uscc, violation="overtime", grounds=["overtime"], began_on="2026-01-05", ended_on="2026-06-30"
    )
    evidence = [await penalty.filed_evidence("考勤记录")]
    await penalty.investigated(charges=[{"ground": "overtime", "persons": 150}], grave=True, evidence=evidence)
    await penalty.notified("60000.00", warning=True, text="查明违法延长工作时间。")
    return penalty


async def test_the_notice_says_what_the_law_asks_for(complaints: Harness) -> None:
    """Facts, grounds, basis and what is intended, the rights and their term, where and how, by whom and when."""
    uscc = make_uscc("PJ0000001")
    await registered(complaints, uscc, "登记的平台有限公司")
    penalty = await overtime(complaints, uscc)
    today = shanghai_date(clock.now())
    answer = await asked(penalty, penalty.enterprise)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    shown = Page(answer.text)
    term = f"自告知之日起5个工作日内（至{day(add_working_days(today, 5).due)}止）"
    for words in (
        f"{LETTER['authority']}\n行政处罚事先（听证）告知书", penalty.shown["number"],
        "当事人：登记的平台有限公司", f"统一社会信用代码：{uscc}",
        "查明违法延长工作时间。", "考勤记录（a.png）", "裁量理由：情节一般",
        "依据《劳动保障监察条例》第二十五条的规定", "警告\n罚款人民币陆万元整（￥60,000.00）",
        f"可以{term}提出陈述、申辩意见", "不因当事人陈述、申辩而给予更重的处罚", f"途径：{LETTER['speak_to']}。",
        f"有权要求听证，可以{term}向本机关提出", "在举行听证的7个工作日前通知", "不承担组织听证的费用",
        f"{LETTER['authority']}（印章）\n{day(today)}",
    ):  # fmt: skip
        assert words in shown.text
    assert LETTER["party"] not in shown.text
    assert not re.search(r"\d{4}-\d\d-\d\d", shown.text)
    assert (await asked(penalty, officer("p-third"))).content == answer.content
    kept = (await penalty.letter())["notice"]["letter"]
    assert kept == {"party": "登记的平台有限公司"} | {one: LETTER[one] for one in ("speak_to", "authority")}
    read = [(one.role, one.action) for one in await find(AuditEntry, {"about": penalty.id})]
    assert ("platform", "penalty.notice_letter_read") in read
    assert ("officer", "penalty.notice_letter_read") in read


async def test_a_small_penalty_is_told_without_a_hearing(complaints: Harness) -> None:
    """With gains that are confiscated, each amount by itself."""
    penalty = await told_of(complaints, make_uscc("PJ0000002"), gain("6500.00"), "10000.00", "6500.00")
    shown = await page(penalty)
    assert "行政处罚事先告知书" in shown.text
    assert SPEAK in shown.text
    assert HEARING not in shown.text
    amounts = "罚款人民币壹万元整（￥10,000.00）\n没收违法所得人民币陆仟伍佰元整（￥6,500.00）"
    assert amounts in shown.text


async def test_a_notice_lacks_nothing(complaints: Harness) -> None:
    """The party is named where the registry does not know it."""
    uscc = make_uscc("PJ0000003")
    penalty = await filed(complaints, uscc)
    await penalty.investigated()
    for lacking in ("party", "speak_to", "authority"):
        body = meant("8000.00", by="直接送达", letter={one: text for one, text in LETTER.items() if one != lacking})
        assert await penalty.do("notice", "p-first", body) == (422, "letter-incomplete")
    await registered(complaints, uscc, "登记的平台有限公司")
    await penalty.notified(letter={one: LETTER[one] for one in ("speak_to", "authority")})
    assert "当事人：登记的平台有限公司" in (await page(penalty)).text


async def test_a_notice_stays_as_it_was_served(complaints: Harness) -> None:
    """Whatever is told, decided or renamed after it; further evidence stands beneath it."""
    uscc = make_uscc("PJ0000004")
    await registered(complaints, uscc, "从前的平台有限公司")
    penalty = await overtime(complaints, uscc)
    served = (await page(penalty)).text
    await registered(complaints, uscc, "后来的平台有限公司")
    assert (await page(penalty)).text == served
    with time_machine.travel(later(days=3), tick=True):
        await penalty.done("further-evidence", "p-first", {"evidence": [await penalty.filed_evidence("补充照片")]})
        told_on = shanghai_date(clock.now())
    until = day(add_working_days(told_on, 5).due)
    text, _, notes = (await page(penalty)).text.partition("\n以下为办理情况")
    assert text == served
    assert f"于{day(told_on)}就补充证据再次告知当事人，陈述、申辩和要求听证的期限至{until}。" in notes
    assert "告知后补充的证据：补充照片（a.png）。" in notes


async def test_a_notice_runs_nothing_and_loads_nothing(complaints: Harness) -> None:
    """Whatever was written into it."""
    penalty = await filed(complaints, make_uscc("PJ0000005"))
    hostile = (
        "<script>alert(1)</script><img src=//x onerror=alert(1)>{{ 7*7 }}</p><style>@import '//x'</style>\" onload=\"x"
    )
    await penalty.investigated(evidence=[await penalty.filed_evidence(hostile)])
    letter = {name: f"{hostile}{name}" for name in ("party", "speak_to", "authority")}
    await penalty.notified(text=hostile, amount_reasons=hostile, letter=letter, hearing=True)
    answer = await asked(penalty, penalty.enterprise)
    shown = Page(answer.text)
    assert shown.text.count(hostile) == 8
    assert shown.tags == PLAIN_TAGS
    assert shown.attributes == PLAIN_ATTRIBUTES
    assert "default-src 'none'" in answer.text


async def test_a_notice_is_read_by_whom_it_concerns_alone(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PJ0000006"))
    await penalty.investigated()
    for who in (penalty.enterprise, officer("p-third")):
        assert (await asked(penalty, who)).status_code == 404
    await penalty.notified()
    await on_register(district="510623", subject="p-elsewhere")
    for who, status in (
        (penalty.enterprise, 200),
        (officer("p-third"), 200),
        (bearer("platform", uscc=make_uscc("PJ0000007")), 404),
        (bearer("officer", department="hrss", district="510623", sub="p-elsewhere"), 404),
        (bearer("officer", department="transport", district=HERE, sub="p-third"), 403),
        (bearer("worker", worker_id="w-1"), 403),
    ):
        assert (await asked(penalty, who)).status_code == status


async def test_a_notice_shows_nothing_of_who_reported(complaints: Harness) -> None:
    uscc = make_uscc("PJ0000008")
    case = await case_of(complaints, uscc, "w-notice")
    await handed_in(complaints, case, "reporter", "聊天记录")
    origin = {"origin": "case", "origin_id": case.case_id, "violation": "overtime", "grounds": ["overtime"]}
    penalty = await filed(complaints, uscc, **origin)
    await penalty.investigated(charges=CHARGES, evidence=[await handed_in(complaints, case, "officer", "排班表", PNG)])
    told = meant("600.00", warning=True, silent=True, by="直接送达")
    for part in ("party", "speak_to", "authority"):
        telling = told | {"letter": LETTER | {part: "w-notice宿舍"}}
        assert await penalty.do("notice", "p-first", telling) == (409, "would-tell-reporter")
    await penalty.done("notice", "p-first", told)
    text = (await page(penalty)).text
    assert "排班表" in text
    for secret in ("聊天记录", "w-notice", case.case_id, "p-first", "p-second", "现场查明"):
        assert secret not in text


async def test_a_persons_notice_is_for_officers_alone(complaints: Harness) -> None:
    """Who it is stands on the paper, and nowhere else in clear."""
    penalty = await on_enterprise(complaints, make_uscc("PJ0000009"))
    person = await on_person(penalty)
    await told_person(person)
    assert (await asked(person, penalty.enterprise)).status_code == 404
    text = (await page(person, officer("p-third"))).text
    assert f"当事人：{NAME}" in text
    assert HEARING in text
    for other in (NUMBER, penalty.uscc, LETTER["party"]):
        assert other not in text
    assert NAME not in str(person.shown)


async def test_a_notice_on_the_spot_was_told_by_mouth(complaints: Harness) -> None:
    penalty = await decided_on_spot(complaints, make_uscc("PJ000000A"))
    answer = await asked(penalty, penalty.enterprise)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-letter")
