"""Those who give legal aid: the register, whom a matter goes to, who is let go, and the answer to the wish for another."""

from __future__ import annotations

from collections.abc import Collection

from services.complaints.legal_aid import events, rules
from services.complaints.legal_aid.documents import Lawyer, LegalAid, encrypted_name, encrypted_note
from services.complaints.legal_aid.rules import Body, Subject
from services.complaints.officers.documents import Officer
from services.complaints.terms import commands as terms
from shared import clock
from shared.errors import Conflict, NotFound
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def record_lawyer(
    lawyer_id: str,
    *,
    name: str,
    firm: str,
    body: Body,
    districts: Collection[str],
    fields: Collection[Subject],
    active: bool,
    known: Lawyer | None,
    tx: Transaction,
) -> Lawyer:
    """Put somebody who gives legal aid on the register, or change the entry."""
    values = {
        "name": encrypted_name(lawyer_id, name),
        "firm": firm,
        "body": body,
        "districts": sorted(set(districts)),
        "fields": sorted(set(fields)),
        "active": active,
    }
    return await (Lawyer(id=lawyer_id, **values) if known is None else known.changed(values)).put(tx)


async def chosen(aid: LegalAid, away: Collection[str], tx: Transaction, lawyer_id: str | None = None) -> Lawyer | None:
    """Whom a matter goes to: the lawyer named, or whom field and load point to; nobody who was replaced in it."""
    found = {one.id: one for one in await tx.find(Lawyer, {"body": aid.body})}
    if lawyer_id is not None:
        found = {key: one for key, one in found.items() if key == lawyer_id}
        if not found:
            raise NotFound("该承办人员", "the lawyer")
    able = (one.able for one in found.values())
    best = rules.lawyer_for(able, aid.body, aid.subject, aid.district, [*away, *aid.replaced])
    return None if best is None else found[best.lawyer_id]


async def assign(aid: LegalAid, away: Collection[str], tx: Transaction, lawyer_id: str | None = None) -> None:
    """Give a matter to a lawyer; raises Conflict where there is nobody."""
    lawyer = await chosen(aid, away, tx, lawyer_id)
    if lawyer is None:
        raise Conflict("nobody-to-assign", "没有可指派的承办人员", "nobody who may be assigned goes to the district")
    lawyer.load += 1
    await lawyer.put(tx)
    aid.lawyers = [*aid.lawyers, lawyer.id]
    tx.publish(events.assigned(aid))


async def answer(
    aid: LegalAid, officer: Officer | None, text: str | None, *, replaced: bool | None, tx: Transaction
) -> None:
    """Answer the wish for another lawyer."""
    told = None if text is None else encrypted_note(aid.id, text)
    by = None if officer is None else officer.id
    said = {"replaced": replaced, "answer": told, "by": by, "decided_on": shanghai_date(clock.now())}
    waiting = aid.replacing
    aid.replacements = [one.model_copy(update=said) if one is waiting else one for one in aid.replacements]
    await terms.meet("legal_aid", aid.id, "replacement", shanghai_date(clock.now()), tx)
    if replaced is not None:
        tx.publish(events.replacement_decided(aid, replaced=replaced))


async def let_go(aid: LegalAid, tx: Transaction) -> None:
    """Let the lawyer go whose work on a matter is over, and with it the wish for another."""
    await give_up(aid, tx)
    if aid.replacing is not None:
        await answer(aid, None, None, replaced=None, tx=tx)


async def give_up(aid: LegalAid, tx: Transaction) -> None:
    lawyer = await Lawyer.of(aid.lawyer, tx) if aid.lawyer is not None else None
    if lawyer is not None and lawyer.load > 0:
        lawyer.load -= 1
        await lawyer.put(tx)
