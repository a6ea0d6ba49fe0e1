"""The simple procedure: decide a small penalty on the spot, serve it at once, and report it (行政处罚法 art. 51-53)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.complaints.officers.documents import Officer
from services.complaints.penalties import events, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.decision_documents import OnSpot
from services.complaints.penalties.documents import Penalty, encrypted_text
from services.complaints.penalty_decisions.commands import Meant, Telling, as_decided, check_ordered, noticed, serve
from services.complaints.penalty_filing import commands as filing_commands
from services.complaints.penalty_filing.commands import Filed, Found, Origin
from services.complaints.penalty_filing.evidence_commands import check_looked_through
from services.complaints.penalty_hearings.commands import say
from services.complaints.spot_penalties import rules as spot_rules
from shared.errors import Conflict
from shared.storage.transaction import Transaction

TOLD = "当场口头告知"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """What happened on the spot: when and where, what the party stated (None: it would not), and whether it signed. `silent`: the
    files were looked through, and none shows who reported in confidence."""

    on: dt.date
    place: str
    statement: str | None
    waived: bool
    signed: bool
    note: str | None
    silent: bool


async def decide_on_spot(
    penalty_id: str,
    asked: Filed,
    found: Found,
    meant: Meant,
    at: AtOnce,
    origin: Origin,
    officer: Officer,
    tx: Transaction,
) -> Penalty:
    """Record a decision that the officers who were there, at least two (行政处罚法 art. 42), made on the spot: facts that are clear,
    a ground, and a penalty within the limit. The party was told, and heard (art. 44, 45); it has the decision."""
    law, today = steps.law_at(asked.district), steps.today()
    spot_rules.check_reported(at.on, today, law)
    spot_rules.check_on_spot(meant.intended, asked.enterprise, law)
    spot_rules.check_spoken(at.statement, meant.answer, waived=at.waived)
    spot_rules.check_signed(at.signed, at.note)
    penalty = await filing_commands.opened(penalty_id, asked, origin, officer, law, tx)
    check_ordered(penalty, meant)
    await check_silent(penalty, [*meant.read, at.place, at.note or ""], tx)
    penalty.found, people = await filing_commands.investigated(penalty, found, officer, law, tx)
    await check_looked_through(penalty, silent=at.silent, tx=tx)
    telling = Telling(by=TOLD, silent=at.silent)
    penalty.notice = await noticed(penalty, meant, telling, officer, law, at.on, tx)
    penalty.notice.given_on = at.on
    penalty.waived_on = at.on if at.waived else None
    if at.statement is not None:
        say(penalty, "statement", at.statement)
    steps.move(penalty, "decide_on_spot")
    penalty.decided = as_decided(penalty_id, meant, officer, at.on)
    penalty.on_spot = OnSpot(
        place=encrypted_text(penalty_id, at.place),
        certificates=[one.certificate for one in people if one.certificate is not None],
        signed=at.signed,
        note=None if at.note is None else encrypted_text(penalty_id, at.note),
    )
    steps.keep_law(penalty, law)
    await serve(penalty, at.on, "当场交付", tx)
    tx.publish(events.reported(penalty))
    return penalty


async def record(penalty: Penalty, officer: Officer, tx: Transaction) -> Penalty:
    """Take a decision that was reported on record (备案), as another officer than who made it; one that should not be is annulled."""
    spot = penalty.on_spot
    if spot is None or spot.recorded_on is not None or penalty.state not in rules.PUNISHED:
        raise Conflict("nothing-to-record", "没有待备案的当场处罚决定", "no decision on the spot waits to be recorded")
    rules.check_officer(officer.id, steps.investigators(penalty))
    penalty.on_spot = spot.model_copy(update={"recorded_on": steps.today(), "recorded_by": officer.id})
    return await penalty.put(tx)
