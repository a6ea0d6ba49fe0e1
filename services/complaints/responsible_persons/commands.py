"""Punish those who are responsible beside their enterprise, by procedures of their own (社会保险法 art. 84)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from services.complaints.officers.documents import Officer
from services.complaints.penalties import rules, steps
from services.complaints.penalties.documents import Penalty, PunishedAct
from services.complaints.penalties.person_documents import PERSON, Responsibility, Responsible
from services.complaints.penalty_filing.commands import DECIDE
from services.complaints.penalty_grounds import rules as ground_rules
from services.complaints.penalty_hearings import commands as hearing_commands
from services.complaints.penalty_payments import commands as payment_commands
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared import faults
from shared.errors import Conflict, RuleBroken
from shared.identity import resident_id
from shared.ids import readable_number
from shared.storage.encryption import encrypt_field, lookup_hash
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

SaidBy = Literal["statement", "waiver", "hearing", "deferral"]
"""What a person may say: state and defend, that they will not, ask for a hearing, or ask to pay later or in parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Who is responsible, as what, in which post."""

    responsibility: Responsibility
    name: str
    id_number: str
    position: str


async def file(penalty_id: str, enterprises: Penalty, named: Named, officer: Officer, tx: Transaction) -> Penalty:
    """Open the procedure against a person beside the enterprise's: for the same act, by those of its grounds that fine persons,
    once for each (行政处罚法 art. 29). Raises Conflict where the enterprise is not punished."""
    if enterprises.person is not None or enterprises.state not in {*rules.BEFORE, *rules.PUNISHED}:
        raise Conflict(
            "no-penalty-beside", "对单位的处罚程序已终结或者不存在", "no penalty on the enterprise runs or stands"
        )
    law, today = steps.law_of(enterprises), steps.today()
    try:
        number = resident_id.parse(named.id_number, today).number
    except resident_id.InvalidResidentId:
        raise RuleBroken("id-number", "身份证件号码有误", "the id number does not hold") from None
    key = lookup_hash(PERSON, number)
    act = f"{enterprises.act}:{key}"
    try:
        await PunishedAct.take(act, penalty_id, tx)
    except AlreadyTaken:
        raise Conflict(
            "one-act", "对同一违法行为不得给予两次以上罚款", "the person is punished for this act already"
        ) from None
    length = Length(law.days("penalty.decide_days"), "days")
    kept = enterprises.model_dump(
        include={
            "origin", "origin_id", "root", "case_id", "enterprise", "department", "district", "circle", "away",
        }
    )  # fmt: skip
    penalty = Penalty(
        id=penalty_id,
        number=readable_number("德罚", penalty_id, today),
        act=act,
        what=enterprises.what,
        grounds=ground_rules.of_persons(enterprises.grounds),
        person=Responsible(
            responsibility=named.responsibility,
            name=encrypt_field(PERSON, penalty_id, named.name),
            id_number=encrypt_field(PERSON, penalty_id, number),
            position=encrypt_field(PERSON, penalty_id, named.position),
            key=key,
        ),
        beside=enterprises.id,
        filed_by=officer.id,
        filed_on=today,
        decide_by=today,
        used=[],
        **kept,
    )
    term = await terms.set_term(
        steps.about(penalty), DECIDE, length, begun_on=today, rests_on="filed", used=law.used, tx=tx
    )
    penalty.decide_by = term.due
    await steps.put(penalty, law, tx)
    faults.reach("penalty.person_filed")
    return penalty


async def say(penalty: Penalty, what: SaidBy, text: str, on: dt.date, tx: Transaction) -> Penalty:
    """Record what a person said on paper or before an officer: the system has no door for them. An enterprise says it itself."""
    if penalty.person is None:
        raise Conflict("enterprise-speaks", "单位应自行登录提交", "the enterprise says this itself")
    begun = penalty.served_on if what == "deferral" else steps.notice(penalty).given_on
    if begun is None or not begun <= on <= steps.today():
        raise RuleBroken("said-day", "日期有误", "the day is before the person was told, or after today")
    match what:
        case "statement":
            return await hearing_commands.state(penalty, text, tx, on=on)
        case "hearing":
            return await hearing_commands.ask_hearing(penalty, text, tx, on=on)
        case "waiver":
            return await hearing_commands.waive(penalty, tx)
        case "deferral":
            return await payment_commands.ask_deferral(penalty, text, tx)
