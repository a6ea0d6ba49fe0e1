"""Ask for, approve and make use of a disclosure; each is written down."""

from __future__ import annotations

from services.complaints.cases.documents import Case
from services.complaints.disclosures import rules
from services.complaints.disclosures.documents import Disclosure, encrypted_reason
from services.complaints.officers.documents import Officer
from shared.callers import Caller
from shared.errors import Conflict, Forbidden, NotFound
from shared.ids import new_id
from shared.storage.audit import write_down
from shared.storage.transaction import Transaction


async def ask(case: Case, reason: str, by: Caller, tx: Transaction) -> Disclosure:
    """Ask to read who reported a case in confidence."""
    if not case.confidential:
        raise Conflict("not-confidential", "该投诉未要求保密，无需申请", "the case is not confidential")
    disclosure_id = new_id()
    await write_down("reporter.disclosure_asked", case.id, by, tx, reason)
    disclosure = Disclosure(
        id=disclosure_id, case_id=case.id, asked_by=by.subject, reason=encrypted_reason(disclosure_id, reason)
    )
    return await disclosure.put(tx)


async def decide(
    case: Case, disclosure_id: str, move: rules.Move, approver: Officer, by: Caller, tx: Transaction
) -> Disclosure:
    """Approve or refuse a request, as another officer than the one who asked."""
    disclosure = await Disclosure.of(disclosure_id, tx)
    if disclosure is None or disclosure.case_id != case.id:
        raise NotFound("该披露申请", "the disclosure")
    rules.check_approver(disclosure.asked_by, approver.id)
    disclosure.state, disclosure.decided_by = rules.STATES.next(disclosure.state, move), approver.id
    await write_down(f"reporter.disclosure_{disclosure.state}", case.id, by, tx)
    return await disclosure.put(tx)


async def read(case: Case, by: Caller, tx: Transaction) -> None:
    """Let an officer read who reported: in a confidential case once for each approved request of their own."""
    if case.confidential:
        asked = await tx.find(Disclosure, {"case_id": case.id})
        mine = [one for one in asked if one.asked_by == by.subject and one.state == "approved"]
        if not mine:
            raise Forbidden("举报人要求保密，须经批准后方可查阅", "a disclosure has to be approved first")
        mine[0].state = rules.STATES.next(mine[0].state, "read")
        await mine[0].put(tx)
    await write_down("reporter.read", case.id, by, tx)
