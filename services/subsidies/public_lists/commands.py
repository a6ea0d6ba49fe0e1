"""Object to what is on public notice, and decide on objections."""

from __future__ import annotations

from services.subsidies.applications import events, review_commands
from services.subsidies.applications.documents import Application
from services.subsidies.applications.rules import check_signer
from services.subsidies.applications.step_commands import store
from services.subsidies.public_lists import rules
from services.subsidies.public_lists.documents import Objection, encrypted_text
from shared import clock
from shared.errors import Conflict
from shared.ids import new_id
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def object_to(application: Application, text: str, by: str, tx: Transaction) -> Objection:
    """Object to an application on public notice; it is not approved while an objection is open. Nobody does so twice, or one alone
    would hold up every approval."""
    if application.state != "notice":
        rules.check_days(None, None, shanghai_date(clock.now()))
    rules.check_days(application.notice_since, application.notice_until, shanghai_date(clock.now()))
    earlier = await tx.find(Objection, {"application_id": application.id, "by": by})
    if any(application.notice_since <= shanghai_date(one.created_at) for one in earlier if application.notice_since):
        raise Conflict("objected-already", "您已对该公示提出过异议", "you have objected to this notice already")
    objection_id = new_id()
    application.objections += 1
    application.open_objections += 1
    await store(application, tx)
    events.objected(application, objection_id, tx)
    return await Objection(
        id=objection_id, application_id=application.id, by=by, text=encrypted_text(objection_id, text)
    ).put(tx)


async def decide(
    objection: Objection, application: Application, answer: str, officer: str, tx: Transaction, *, upheld: bool
) -> Objection:
    """Decide on an objection: one that holds returns the application to the first officer."""
    check_signer(officer, (), [*application.away, objection.by.removeprefix("officer:")])
    objection.state = rules.STATES.next(objection.state, "uphold" if upheld else "dismiss")
    objection.answer = encrypted_text(objection.id, answer)
    objection.decided_by, objection.decided_at = officer, clock.now()
    application.open_objections -= 1
    if upheld and application.state == "notice":
        await review_commands.send_back(application, answer, officer, tx)
    else:
        await store(application, tx)
    return await objection.put(tx)
