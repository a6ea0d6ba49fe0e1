"""Ask for evidence to be kept, give leave, decide what becomes of it, and let it go where nobody does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.inspections.documents import Inspection
from services.complaints.investigations.rules import Inspector, check_inspectors
from services.complaints.officers.documents import Officer
from services.complaints.officers.rules import Matter
from services.complaints.penalties.documents import Penalty
from services.complaints.preservations import events, rules
from services.complaints.preservations.documents import Ending, Inspecting, Item, Preservation, encrypted_text
from services.complaints.preservations.rules import OriginKind, Outcome
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.rules import Length
from shared import clock
from shared.contracts.complaints import Category
from shared.errors import Conflict, RuleBroken
from shared.ids import readable_number
from shared.policy.calendar import end_of_day, shanghai_date
from shared.policy.parameters import Law, parameters
from shared.storage.kinds import TimerKind
from shared.storage.transaction import Transaction

DUE = TimerKind("complaints.preservation_due")
"""The timer at the end of the days in which it is decided what becomes of it."""

STEP: Final = "decide_preservation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arisen:
    """The matter in which evidence is collected, checked to be in the officer's hands."""

    kind: OriginKind
    id: str
    case: Case | None
    enterprise: str
    district: str
    circle: Category | None
    away: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be kept, where, why, and who registers it; `items`: what, how many, in which condition."""

    place: str
    items: Sequence[tuple[str, int, str]]
    reason: str
    officers: Sequence[str]


async def ask(preservation_id: str, asked: Asked, origin: Arisen, officer: Officer, tx: Transaction) -> Preservation:
    """Ask the head's leave to keep evidence that may be lost, or could hardly be got later, as one of the inspectors who register it
    (行政处罚法 art. 42, 56)."""
    law = _law(origin.district)
    people = [await _registered(subject, tx) for subject in dict.fromkeys(asked.officers)]
    if officer.id not in asked.officers:
        raise RuleBroken("not-one-of-them", "应由参加登记的人员提交", "one of those who register it asks")
    matter = Matter(
        departments=[officer.department], district=origin.district, enterprise=origin.enterprise, circle=origin.circle
    )
    check_inspectors([Inspector(one.person, one.certificate) for one in people], matter, law, origin.away)
    texts = [asked.place, *(text for what, _, state in asked.items for text in (what, state))]
    await _check_silent(origin.case, texts, tx)
    own, today = preservation_id, _today()
    return await Preservation(
        id=own,
        number=readable_number("德保存", own, today),
        origin=origin.kind,
        origin_id=origin.id,
        case_id=None if origin.case is None else origin.case.id,
        enterprise=origin.enterprise,
        department=officer.department,
        district=origin.district,
        circle=origin.circle,
        place=encrypted_text(own, asked.place),
        items=[
            Item(what=encrypted_text(own, what), count=count, condition=encrypted_text(own, condition))
            for what, count, condition in asked.items
        ],
        reason=encrypted_text(own, asked.reason),
        officers=[Inspecting(officer=one.id, certificate=one.certificate or "") for one in people],
        asked_by=officer.id,
        asked_on=today,
        used=list(law.used),
    ).put(tx)


async def approve(preservation: Preservation, officer: Officer, tx: Transaction) -> Preservation:
    """Give leave: from today it is kept, the enterprise reads the list, and within seven days it is decided what becomes of it
    (行政处罚法 art. 56, 85). Raises Conflict where what it was asked for is over meanwhile: there is nothing to keep it for."""
    rules.check_another(officer.id, preservation.asked_by)
    preservation.state = rules.STATES.next(preservation.state, "approve")
    if not await _goes_on(preservation, tx):
        raise Conflict("not-investigated", "所涉事项已不在调查阶段，不予登记保存", "nothing is investigated any more")
    law, today = _law(preservation.district), _today()
    length = Length(law.days("penalty.preservation_workdays"), "workdays")
    about = About(
        kind="preservation", id=preservation.id, number=preservation.number, department=preservation.department,
        district=preservation.district, officer=preservation.asked_by,
    )  # fmt: skip
    term = await terms.set_term(about, STEP, length, begun_on=today, rests_on="kept", used=law.used, tx=tx)
    preservation.approved_by, preservation.kept_on, preservation.decide_by = officer.id, today, term.due
    tx.schedule(DUE, preservation.id, end_of_day(term.due))
    preservation.used += [one for one in law.used if one not in preservation.used]
    tx.publish(events.made(preservation))
    return await preservation.put(tx)


async def refuse(preservation: Preservation, text: str, officer: Officer, tx: Transaction) -> Preservation:
    """Give no leave: nothing is kept."""
    rules.check_another(officer.id, preservation.asked_by)
    preservation.state = rules.STATES.next(preservation.state, "refuse")
    preservation.approved_by, preservation.answer = officer.id, encrypted_text(preservation.id, text)
    return await preservation.put(tx)


async def decide(
    preservation: Preservation, outcome: Outcome, text: str, officer: Officer, tx: Transaction
) -> Preservation:
    """Decide what becomes of what is kept, in its time."""
    rules.check_another(officer.id, preservation.asked_by)
    case = None if preservation.case_id is None else await Case.of(preservation.case_id, tx)
    await _check_silent(case, [text], tx)
    today = _today()
    if await _over(preservation, today, tx):
        raise _too_late()
    preservation.state = rules.STATES.next(preservation.state, "decide")
    preservation.ending = Ending(outcome=outcome, text=encrypted_text(preservation.id, text), by=officer.id, on=today)
    tx.cancel(DUE, preservation.id)
    await terms.meet("preservation", preservation.id, STEP, today, tx)
    tx.publish(events.ended(preservation, outcome))
    return await preservation.put(tx)


async def lapse(preservation_id: str, tx: Transaction) -> None:
    """Let the days pass in which nobody decided: nothing is kept any more, and both sides are told."""
    preservation = await Preservation.of(preservation_id, tx)
    if preservation is None or preservation.state != "kept":
        return
    today = _today()
    if not await _over(preservation, today, tx):
        assert preservation.decide_by is not None
        tx.schedule(DUE, preservation.id, end_of_day(preservation.decide_by))
        await preservation.put(tx)
        return
    preservation.state, preservation.lapsed_on = rules.STATES.next(preservation.state, "lapse"), today
    await terms.end("preservation", preservation.id, tx)
    tx.publish(events.ended(preservation, "lapsed"))
    await preservation.put(tx)


async def _goes_on(preservation: Preservation, tx: Transaction) -> bool:
    """Whether what evidence is asked to be kept for is still investigated."""
    match preservation.origin:
        case "case":
            case = await Case.of(preservation.origin_id, tx)
            return case is not None and case.state == "accepted"
        case "penalty":
            penalty = await Penalty.of(preservation.origin_id, tx)
            return penalty is not None and penalty.state == "filed"
        case "inspection":
            inspection = await Inspection.of(preservation.origin_id, tx)
            return inspection is not None and inspection.visited_on is None


async def _over(preservation: Preservation, today: dt.date, tx: Transaction) -> bool:
    """Whether its days are over, as they are reckoned now."""
    term = await terms.open_term("preservation", preservation.id, STEP, tx)
    if term is not None:
        preservation.decide_by = term.due
    return preservation.decide_by is not None and today > preservation.decide_by


def _too_late() -> Conflict:
    return Conflict("too-late", "登记保存期限已届满，自行解除", "its days are over: nothing is kept any more")


async def _check_silent(case: Case | None, texts: Sequence[str], tx: Transaction) -> None:
    """Raise Conflict where what the enterprise reads would show who reported (劳动保障监察条例 art. 9)."""
    if case is not None:
        for text in texts:
            await check_says_nothing_of_reporter(case, text, tx)


async def _registered(subject: str, tx: Transaction) -> Officer:
    officer = await Officer.of(subject, tx)
    if officer is None:
        raise RuleBroken("no-such-officer", "参加登记的人员不在名册中", "an officer is not on the register")
    return officer


def _law(district: str) -> Law:
    return parameters.on(_today(), place=district)


def _today() -> dt.date:
    return shanghai_date(clock.now())
