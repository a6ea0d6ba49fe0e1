"""The decision letter as a document: what 行政处罚法 art. 59 asks for, as it was signed, for whom it concerns and nobody else."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import httpx2
import time_machine

from shared import clock
from shared.policy.calendar import shanghai_date
from shared.policy.wording import day
from shared.storage.audit import AuditEntry
from shared.storage.records import find
from tests.harness import Harness, bearer
from tests.integration.complaints.penalties.cases import case_of
from tests.integration.complaints.penalties.course import HERE, LETTER, PNG, Course, filed, later, meant, officer, today
from tests.integration.complaints.penalty_decisions.pages import PLAIN_ATTRIBUTES, PLAIN_TAGS, Page
from tests.integration.complaints.penalty_decisions.test_confiscation import gain, told_of
from tests.integration.complaints.penalty_decisions.test_licences import concluded, discussed, revoking
from tests.integration.complaints.penalty_decisions.test_notice_letter import registered
from tests.integration.complaints.penalty_filing.test_shown_evidence import CHARGES, handed_in
from tests.integration.complaints.responsible_persons.test_persons import NUMBER, on_enterprise, on_person, said
from tests.integration.complaints.responsible_persons.test_persons import told_of as told_person
from tests.integration.complaints.spot_penalties.test_on_the_spot import decided as decided_on_spot
from tests.integration.complaints.staff import on_register
from tests.unit.identity.numbers import make_uscc


async def asked(penalty: Course, who: dict[str, str]) -> httpx2.Response:
    return await penalty.complaints.http.get(f"/v1/penalties/{penalty.id}/decision-letter", headers=who)


async def page(penalty: Course, who: dict[str, str] | None = None) -> Page:
    answer = await asked(penalty, who or penalty.enterprise)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


async def test_the_letter_says_what_the_law_asks_for(complaints: Harness) -> None:
    """Each item of art. 59, with its amounts in capitals and its days in words."""
    penalty = await filed(complaints, make_uscc("PQ0000001"))
    await penalty.investigated(evidence=[await penalty.filed_evidence("阻挠检查的现场录像")])
    await penalty.notified("8000.00")
    await penalty.done("statement", "enterprise", {"text": "并未阻挠"})
    told_on = day(shanghai_date(clock.now()))
    body = meant("8000.00", text="当事人于检查当日锁门拒检。", answer="经复核，录像属实，不予采纳。")
    until = dt.date.fromisoformat(penalty.shown["notice"]["speak_until"])
    with time_machine.travel(later(days=(until - shanghai_date(clock.now())).days + 1), tick=True):
        decided_on = day(shanghai_date(clock.now()))
        await penalty.done("decision", "p-fourth", body)
        await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
        answer = await asked(penalty, penalty.enterprise)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["x-content-type-options"] == "nosniff"
    shown = Page(answer.text)
    for words in (
        f"当事人：{LETTER['party']}", f"统一社会信用代码：{penalty.uscc}", f"地址：{LETTER['address']}",  # (一)
        "当事人于检查当日锁门拒检。", "阻挠检查的现场录像（a.png）",  # (二)
        "依据《劳动保障监察条例》第三十条第一款的规定", "罚款人民币捌仟元整（￥8,000.00）", "立即改正", "情节一般",  # (三)
        f"自收到本决定书之日起15日内缴纳罚没款。缴纳方式：{LETTER['pay_to']}",  # (四)
        "每日按罚款数额的3%加处罚款，加处罚款的数额不超出罚款的数额",
        f"自收到本决定书之日起60日内向{LETTER['review_body']}申请行政复议",  # (五)
        f"自收到本决定书之日起6个月内依法向{LETTER['court']}提起行政诉讼",
        f"{LETTER['authority']}（印章）", decided_on, penalty.shown["number"],  # (六)
        f"本机关于{told_on}告知当事人", "经复核，录像属实，不予采纳。", f"本决定书于{decided_on}送达",
    ):  # fmt: skip
        assert words in shown.text
    assert not re.search(r"\d{4}-\d\d-\d\d", shown.text)
    assert (await asked(penalty, officer("p-third"))).content == answer.content
    read = [(one.role, one.action) for one in await find(AuditEntry, {"about": penalty.id})]
    assert ("platform", "penalty.decision_letter_read") in read
    assert ("officer", "penalty.decision_letter_read") in read


async def test_the_letter_runs_nothing_and_loads_nothing(complaints: Harness) -> None:
    """Whatever was written into it."""
    penalty = await filed(complaints, make_uscc("PQ0000002"))
    hostile = (
        "<script>alert(1)</script><img src=//x onerror=alert(1)>{{ 7*7 }}</p><style>@import '//x'</style>\" onload=\"x"
    )
    await penalty.investigated(evidence=[await penalty.filed_evidence(hostile)])
    await penalty.notified("8000.00")
    await penalty.done("waiver", "enterprise")
    letter = {name: f"{hostile}{name}" for name in LETTER}
    body = meant("8000.00", text=hostile, amount_reasons=hostile, order=hostile, letter=letter)
    await penalty.done("decision", "p-fourth", body)
    answer = await asked(penalty, officer("p-third"))
    shown = Page(answer.text)
    assert shown.text.count(hostile) == 11
    assert shown.tags == PLAIN_TAGS
    assert shown.attributes == PLAIN_ATTRIBUTES
    assert "default-src 'none'" in answer.text


async def test_a_letter_is_read_by_whom_it_concerns_alone(complaints: Harness) -> None:
    penalty = await filed(complaints, make_uscc("PQ0000003"))
    await penalty.investigated()
    await penalty.notified("8000.00")
    assert (await asked(penalty, officer("p-third"))).status_code == 404
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("8000.00"))
    assert (await asked(penalty, penalty.enterprise)).status_code == 404
    assert "送达；" not in (await page(penalty, officer("p-third"))).text
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    await on_register(district="510623", subject="p-elsewhere")
    for who, status in (
        (penalty.enterprise, 200),
        (officer("p-third"), 200),
        (bearer("platform", uscc=make_uscc("PQ0000004")), 404),
        (bearer("officer", department="hrss", district="510623", sub="p-elsewhere"), 404),
        (bearer("officer", department="transport", district=HERE, sub="p-third"), 403),
        (bearer("worker", worker_id="w-1"), 403),
    ):
        assert (await asked(penalty, who)).status_code == status


async def test_a_letter_names_who_is_registered(complaints: Harness) -> None:
    """What an officer wrote agrees with that, or is refused; nothing is decided by then (行政处罚法 art. 59)."""
    uscc = make_uscc("PQ000000A")
    penalty = await filed(complaints, uscc)
    await penalty.investigated()
    await penalty.notified("8000.00")
    await penalty.done("waiver", "enterprise")
    await registered(complaints, uscc, "登记的平台（德阳）有限公司")
    assert await penalty.do("decision", "p-fourth", meant("8000.00")) == (422, "party-differs")
    assert (await penalty.letter())["state"] == "notified"
    written = LETTER | {"party": "登记的平台(德阳)有限公司"}
    await penalty.done("decision", "p-fourth", meant("8000.00", letter=written))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    await registered(complaints, uscc, "后来的平台有限公司")
    text = (await page(penalty)).text
    assert f"当事人：登记的平台（德阳）有限公司\n统一社会信用代码：{uscc}" in text


async def test_a_name_may_be_left_to_the_registry(complaints: Harness) -> None:
    known, unknown = make_uscc("PQ000000B"), make_uscc("PQ000000C")
    await registered(complaints, known, "登记的平台有限公司")
    blank = LETTER | {"party": None}
    for uscc, answer in ((known, (200, "")), (unknown, (422, "letter-incomplete"))):
        penalty = await filed(complaints, uscc)
        await penalty.investigated()
        await penalty.notified("8000.00")
        await penalty.done("waiver", "enterprise")
        assert await penalty.do("decision", "p-fourth", meant("8000.00", letter=blank)) == answer
        if answer[0] == 200:
            assert "当事人：登记的平台有限公司" in (await page(penalty, officer("p-third"))).text


async def test_a_changed_decision_keeps_its_letter(complaints: Harness) -> None:
    """As it was signed; what it was changed to stands beneath it, and that it was annulled."""
    penalty = await told_of(complaints, make_uscc("PQ0000005"), gain("6500.00"), "10000.00", "6500.00")
    await penalty.done("waiver", "enterprise")
    await penalty.done("decision", "p-fourth", meant("10000.00", confiscated="6500.00"))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    signed = "罚款人民币壹万元整（￥10,000.00）\n没收违法所得人民币陆仟伍佰元整（￥6,500.00）"
    assert signed in (await page(penalty)).text
    for fine, confiscated in (("7000.00", "6500.00"), ("7000.00", "500.05")):
        await penalty.done("contests", "p-first", {"kind": "suit", "on": today()})
        lower = {"on": today(), "text": "过罚不当", "fine": fine, "confiscated": confiscated}
        await penalty.done("contest-end", "p-fourth", lower)
    text = (await page(penalty)).text
    now = "罚款人民币柒仟元整（￥7,000.00）、没收违法所得人民币伍佰元零伍分（￥500.05）"
    assert signed in text
    assert f"本决定已被变更，变更后的处罚为：{now}。" in text
    await penalty.done("annulment", "p-third", {"text": "程序违法"})
    text = (await page(penalty)).text
    assert signed in text
    assert "本决定已被撤销。" in text


async def test_a_letter_names_the_licence_it_takes_away(complaints: Harness) -> None:
    penalty = await concluded(complaints, make_uscc("PQ0000006"))
    named: dict[str, Any] = {"licence": {"number": "川人服〔2025〕8号", "authority": "德阳市人力资源和社会保障局"}}
    await penalty.done("notice", "p-first", revoking(**named) | {"by": "直接送达"})
    await penalty.done("waiver", "enterprise")
    await penalty.done("review", "p-third", {"passed": True, "text": "合法"})
    await penalty.done("decision", "p-fourth", revoking(**discussed(), **named))
    text = (await page(penalty, officer("p-third"))).text
    assert "吊销人力资源服务许可证（证号：川人服〔2025〕8号，发证机关：德阳市人力资源和社会保障局）" in text
    assert "缴纳罚没款" not in text
    assert "明确放弃陈述、申辩" in text


async def test_a_letter_shows_nothing_of_who_reported(complaints: Harness) -> None:
    uscc = make_uscc("PQ0000007")
    case = await case_of(complaints, uscc, "w-letter")
    await handed_in(complaints, case, "reporter", "聊天记录")
    origin = {"origin": "case", "origin_id": case.case_id, "violation": "overtime", "grounds": ["overtime"]}
    penalty = await filed(complaints, uscc, **origin)
    await penalty.investigated(charges=CHARGES, evidence=[await handed_in(complaints, case, "officer", "排班表", PNG)])
    await penalty.notified("600.00", warning=True, silent=True)
    await penalty.done("waiver", "enterprise")
    told = meant("600.00", warning=True, letter=LETTER | {"address": "w-letter宿舍"})
    assert await penalty.do("decision", "p-fourth", told) == (409, "would-tell-reporter")
    await penalty.done("decision", "p-fourth", meant("600.00", warning=True))
    await penalty.done("service", "p-first", {"on": today(), "by": "直接送达"})
    text = (await page(penalty)).text
    assert "排班表" in text
    for secret in ("聊天记录", "w-letter", case.case_id, "p-first", "p-second", "现场查明"):
        assert secret not in text


async def test_a_persons_letter_is_for_officers_alone(complaints: Harness) -> None:
    penalty = await on_enterprise(complaints, make_uscc("PQ0000009"))
    await penalty.done("decision", "p-fourth", meant("10000.00"))
    person = await on_person(penalty)
    await told_person(person)
    await person.done("said", "p-first", said("waiver"))
    assert await person.do("decision", "p-fourth", meant("1000.00")) == (422, "party-differs")
    await person.done("decision", "p-fourth", meant("1000.00", letter=LETTER | {"party": None}))
    await person.done("service", "p-first", {"on": today(), "by": "直接送达"})
    assert (await asked(person, penalty.enterprise)).status_code == 404
    text = (await page(person, officer("p-third"))).text
    assert "当事人：欧阳试样" in text
    assert "欧阳试样" not in str(person.shown)
    for other in (NUMBER, penalty.uscc):
        assert other not in text


async def test_a_decision_on_the_spot_was_handed_over_there(complaints: Harness) -> None:
    penalty = await decided_on_spot(complaints, make_uscc("PQ0000008"))
    answer = await asked(penalty, penalty.enterprise)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-letter")
