"""Ask that an officer stay away, and decide on it.

While it waits, an investigation goes on (行政处罚法 art. 43), and a penalty is not decided; in arbitration and in court the
officer takes no part but in what cannot wait (劳动人事争议仲裁办案规则 art. 12; 民事诉讼法 art. 48).
"""

from __future__ import annotations

from dataclasses import dataclass

from services.complaints.cases import assignment_commands as assignment
from services.complaints.cases import events as case_events
from services.complaints.cases.confidence import check_says_nothing_of_reporter
from services.complaints.cases.documents import Case
from services.complaints.cases.rules import OVER
from services.complaints.disputes.documents import Dispute
from services.complaints.disputes.state_rules import DECIDING
from services.complaints.disputes.suit_rules import decides_now
from services.complaints.investigations.documents import InvestigationStep
from services.complaints.officers.documents import Officer
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.rules import BEFORE, OWED
from services.complaints.penalties.steps import case_behind, investigators, keep_out
from services.complaints.recusals import rules
from services.complaints.recusals.documents import RecusalRequest, encrypted_text
from services.complaints.recusals.rules import MatterKind, Side
from shared import clock
from shared.contracts.complaints import RecusalAsked, RecusalDecided
from shared.errors import Conflict, NotFound, RuleBroken
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction

ERASED = "（申请人信息已按规定删除）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The party that asks: the person, where it is one, or the enterprise by its code."""

    side: Side
    worker_id: str | None = None
    enterprise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is decided, and why. `officer`: who it is about, where the request does not name them."""

    agrees: bool
    reason: str
    officer: str | None = None


async def ask_in_case(
    case: Case, asker: Asker, reason: str, certificate: str | None, tx: Transaction
) -> RecusalRequest:
    """Ask that an officer stay away from a case: the one who showed the card of that number, or the one in charge; of a case that is
    over unseen, whoever decides says who that was."""
    unseen = asker.side == "enterprise" and case.ended_unseen
    if case.state in OVER and not unseen:
        raise Conflict("case-over", "该投诉已办结", "the case is over: nobody has it in hand")
    officer = case.handler if certificate is None else await _carded(case, certificate, tx)
    if officer is None and not unseen:
        raise Conflict("nobody-in-charge", "该投诉尚未确定承办人", "nobody has the case in hand yet")
    tell = _Told(case.number, case.lead_department, case.district)
    return await _ask(case.matter, "case", asker, officer, reason, tell, tx)


async def ask_in_dispute(dispute: Dispute, asker: Asker, reason: str, tx: Transaction) -> RecusalRequest:
    """Ask that who decides a dispute stay away (劳动争议调解仲裁法 art. 33): the officer of the last step of the body that has it, or
    whom the one who decides on it names where there was none."""
    if dispute.state not in DECIDING:
        raise Conflict("nobody-decides", "该争议未由仲裁机构或者法院办理", "no body decides on the dispute now")
    officer = decides_now((entry.step, entry.side, entry.by) for entry in dispute.entries)
    tell = _Told(dispute.number, dispute.department, dispute.district)
    request = await _ask(f"dispute:{dispute.id}", "dispute", asker, officer, reason, tell, tx)
    if officer is not None:
        dispute.standing_back = [*dispute.standing_back, officer]
        await dispute.put(tx)
    return request


async def ask_in_penalty(
    penalty: Penalty, asker: Asker, reason: str, certificate: str | None, *, chair: bool, tx: Transaction
) -> RecusalRequest:
    """Ask that an officer stay away from a penalty: who holds the hearing, the one who showed the card of that number, or the one
    in charge. They go on investigating, and do nothing else, until it is decided; nor is the penalty decided before (行政处罚法
    art. 43, 64)."""
    if penalty.state not in (*BEFORE, *OWED, "decided"):
        raise Conflict("penalty-over", "该行政处罚已办结", "the penalty is over: nobody has it in hand")
    officer = await _named_in_penalty(penalty, certificate, chair=chair, tx=tx)
    tell = _Told(penalty.number, penalty.department, penalty.district)
    request = await _ask(penalty.matter, "penalty", asker, officer, reason, tell, tx)
    penalty.standing_back = [*penalty.standing_back, officer]
    await penalty.put(tx)
    return request


async def decide_in_penalty(
    penalty: Penalty, request_id: str, answer: Answer, by: Officer, tx: Transaction
) -> RecusalRequest:
    """Decide on a request in a penalty, as the head: the department hears of its terms where who stays away had it in hand."""
    request = await _decide(penalty.matter, request_id, answer, by, tx)
    await _check_confidence(await case_behind(penalty, tx), request, tx)
    if request.state == "agreed":
        officer = await _officer(request.officer, tx)
        await keep_out(penalty, officer.id, tx)
    else:
        penalty.standing_back = [one for one in penalty.standing_back if one != request.officer]
        await penalty.put(tx)
    tx.publish(_decided(request, penalty.department, penalty.district, named=True))
    return request


async def decide_in_case(case: Case, request_id: str, answer: Answer, by: Officer, tx: Transaction) -> RecusalRequest:
    """Decide on a request in a case: what the officer had in hand goes to another where they stay away. Of a case that is over
    they stay away too: a penalty may go on."""
    request = await _decide(case.matter, request_id, answer, by, tx)
    await _check_confidence(case, request, tx)
    if request.state == "agreed":
        officer = await _officer(request.officer, tx)
        if case.state in OVER:
            case.away = list(dict.fromkeys([*case.away, officer.id]))
            await case.put(tx)
        else:
            await assignment.recuse(case, officer, tx)
    tx.publish(_decided(request, case.lead_department, case.district, named=not case.confidential))
    if request.worker_id is not None and case.confidential:
        tx.publish(case_events.reporter_told(request.worker_id, "recusal_decided"))
    return request


async def decide_in_dispute(
    dispute: Dispute, request_id: str, answer: Answer, by: Officer, tx: Transaction
) -> RecusalRequest:
    """Decide on a request in a dispute."""
    request = await _decide(f"dispute:{dispute.id}", request_id, answer, by, tx)
    if request.officer in dispute.standing_back:
        dispute.standing_back.remove(request.officer)  # once: the other side may have asked it too
    if request.state == "agreed":
        officer = await _officer(request.officer, tx)
        dispute.away = list(dict.fromkeys([*dispute.away, officer.id]))
    await dispute.put(tx)
    tx.publish(_decided(request, dispute.department, dispute.district, named=True))
    return request


async def merge_worker(worker_id: str, merged_worker_id: str, tx: Transaction) -> None:
    """Give a person's requests to the record that has taken the other's place."""
    for request in await tx.find(RecusalRequest, {"worker_id": merged_worker_id}):
        request.worker_id = worker_id
        await request.put(tx)


async def erase_worker(worker_id: str, tx: Transaction) -> None:
    """What the person wrote goes; that an officer was asked to stay away, and the answer, stay."""
    for request in await tx.find(RecusalRequest, {"worker_id": worker_id}):
        request.worker_id, request.reason = None, encrypted_text(request.id, ERASED)
        await request.put(tx)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the office is told of the matter."""

    number: str
    department: str
    district: str


async def _ask(
    matter: str, kind: MatterKind, asker: Asker, officer: str | None, reason: str, told: _Told, tx: Transaction
) -> RecusalRequest:
    known = await tx.find(RecusalRequest, {"matter": matter})
    if any(one.state == "asked" and one.side == asker.side for one in known):
        raise Conflict("asked-already", "已有待决定的回避申请", "a request of this side is open")
    request_id = new_id()
    request = RecusalRequest(
        id=request_id,
        matter=matter,
        kind=kind,
        side=asker.side,
        worker_id=asker.worker_id,
        enterprise=asker.enterprise,
        officer=officer,
        reason=encrypted_text(request_id, reason),
    )
    tx.publish(
        RecusalAsked(
            request_id=request_id,
            matter_kind=kind,
            number=told.number,
            lead_department=told.department,
            district=told.district,
        )
    )
    return await request.put(tx)


async def _decide(matter: str, request_id: str, answer: Answer, by: Officer, tx: Transaction) -> RecusalRequest:
    request = await RecusalRequest.of(request_id, tx)
    if request is None or request.matter != matter:
        raise NotFound("该回避申请", "the request")
    request.officer = request.officer or answer.officer
    rules.check_decider(request.officer, by.id)
    if answer.agrees and request.officer is None:
        raise RuleBroken("officer-missing", "请指明应当回避的人员", "say which officer stays away")
    request.state = rules.STATES.next(request.state, "agree" if answer.agrees else "refuse")
    request.answer = encrypted_text(request.id, answer.reason)
    request.decided_by, request.decided_on = by.id, shanghai_date(clock.now())
    return await request.put(tx)


async def _check_confidence(case: Case | None, request: RecusalRequest, tx: Transaction) -> None:
    """Raise Conflict where the answer to an enterprise would tell who reports (劳动保障监察条例 art. 9)."""
    if case is not None and request.side == "enterprise":
        await check_says_nothing_of_reporter(case, request.clear_answer or "", tx)


def _decided(request: RecusalRequest, department: str, district: str, *, named: bool) -> RecusalDecided:
    return RecusalDecided(
        request_id=request.id,
        matter_kind=request.kind,
        worker_id=request.worker_id if named else None,
        uscc=request.enterprise,
        outcome="agreed" if request.state == "agreed" else "refused",
        lead_department=department,
        district=district,
    )


async def _carded(case: Case, certificate: str, tx: Transaction) -> str:
    """The officer who showed a card: of those who took a step of the case, or in charge of it; or were, of one that is over unseen."""
    steps = await tx.find(InvestigationStep, {"case_id": case.id})
    shown = {one.certificate: one.officer for step in steps for one in step.participants}
    in_charge = {one.by for one in case.history} if case.ended_unseen else {case.handler}
    for officer in [await Officer.of(one, tx) for one in sorted(filter(None, in_charge))]:
        if officer is not None and officer.certificate is not None:
            shown[officer.certificate] = officer.id
    if certificate not in shown:
        raise NotFound("该执法人员", "an officer with this card in the case")
    return shown[certificate]


async def _named_in_penalty(penalty: Penalty, certificate: str | None, *, chair: bool, tx: Transaction) -> str:
    """Who holds the hearing, or whoever of those who investigated showed a card, or the one in charge."""
    if chair:
        if penalty.hearing is None or penalty.hearing.chair is None:
            raise Conflict("no-chair", "尚未确定听证主持人", "nobody is named yet to hold the hearing")
        return penalty.hearing.chair
    if certificate is None:
        return penalty.filed_by
    for subject in sorted(investigators(penalty), key=lambda one: one != penalty.filed_by):
        officer = await Officer.of(subject, tx)
        if officer is not None and officer.certificate == certificate:
            return subject
    raise NotFound("该执法人员", "an officer with this card in the penalty")


async def _officer(subject: str | None, tx: Transaction) -> Officer:
    officer = None if subject is None else await Officer.of(subject, tx)
    if officer is None:
        raise NotFound("该经办人员", "the officer")
    return officer
