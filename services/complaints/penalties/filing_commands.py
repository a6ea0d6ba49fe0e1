"""File a penalty, conclude its investigation, and let the decision take longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.complaints.cases.documents import Case
from services.complaints.directives.rules import Violation
from services.complaints.investigations.rules import Inspector, check_inspectors
from services.complaints.officers.documents import Officer
from services.complaints.parties.documents import Engagement
from services.complaints.penalties import ground_rules, rules, steps
from services.complaints.penalties.documents import (
    Act,
    Asked,
    Charge,
    Investigated,
    Penalty,
    PunishedAct,
    encrypted_text,
)
from services.complaints.penalties.ground_rules import Ground
from services.complaints.penalties.rules import OriginKind
from services.complaints.terms import commands as terms
from services.complaints.terms.commands import About
from services.complaints.terms.rules import Length
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.errors import Conflict, RuleBroken
from shared.ids import readable_number
from shared.policy.parameters import parameters
from shared.storage.taken import AlreadyTaken
from shared.storage.transaction import Transaction

DECIDE: Final = "decide_penalty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a penalty arises from, checked to be within the officer's reach. `found_on`: when the office learned of it."""

    kind: OriginKind
    id: str | None
    root: str
    case: Case | None
    circle: Category | None
    found_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What is filed: the act, the grounds, the footing of those who are harmed. `another_act`: why it is another act than one
    that looks alike."""

    enterprise: str
    district: str
    violation: Violation
    began_on: dt.date
    ended_on: dt.date | None
    harmed: bool
    grounds: Sequence[Ground]
    relation: Relation
    another_act: str | None


async def file(penalty_id: str, asked: Filed, origin: Origin, officer: Officer, tx: Transaction) -> Penalty:
    """Open the procedure (立案); of two on one act the second is refused."""
    today = steps.today()
    law = parameters.on(today, place=asked.district)
    rules.check_act(asked.began_on, asked.ended_on, today)
    rules.check_punishable(asked.ended_on, origin.found_on, law, harmed=asked.harmed)
    relation = await _relation(asked, origin.case, tx)
    ground_rules.check_grounds(asked.grounds, asked.violation, relation, breached=origin.kind == "directive")
    act = f"{asked.enterprise}:{asked.violation}:{origin.root}"
    if asked.another_act is None and (alike := await _alike(act, asked, origin.root, tx)):
        raise Conflict(
            "may-be-one-act",
            f"与{alike}时间重合，可能是同一违法行为，不得重复罚款；确属不同行为的请说明理由",
            "another penalty is about the same days and may be about the same act: say why this is another",
        )
    try:
        await PunishedAct.take(act, penalty_id, tx)
    except AlreadyTaken:
        raise Conflict(
            "one-act", "对同一违法行为不得给予两次以上罚款", "a penalty for this act is under way or was decided"
        ) from None
    number = readable_number("德罚", penalty_id, today)
    length = Length(law.days("penalty.decide_days"), "days")
    about = About(
        kind="penalty",
        id=penalty_id,
        number=number,
        department=officer.department,
        district=asked.district,
        officer=officer.id,
    )
    term = await terms.set_term(about, DECIDE, length, begun_on=today, rests_on="filed", used=law.used, tx=tx)
    penalty = Penalty(
        id=penalty_id,
        number=number,
        origin=origin.kind,
        origin_id=origin.id,
        root=origin.root,
        case_id=None if origin.case is None else origin.case.id,
        act=act,
        what=Act(
            violation=asked.violation,
            began_on=asked.began_on,
            ended_on=asked.ended_on,
            found_on=origin.found_on,
            harmed=asked.harmed,
        ),
        grounds=list(asked.grounds),
        enterprise=asked.enterprise,
        department=officer.department,
        district=asked.district,
        circle=origin.circle,
        away=[] if origin.case is None else origin.case.away,
        another_act=None if asked.another_act is None else encrypted_text(penalty_id, asked.another_act),
        filed_by=officer.id,
        filed_on=today,
        decide_by=term.due,
        used=list(law.used),
    )
    return await penalty.put(tx)


async def conclude(
    penalty: Penalty,
    facts: str,
    charges: Sequence[Charge],
    inspectors: Sequence[str],
    officer: Officer,
    *,
    grave: bool,
    tx: Transaction,
) -> Penalty:
    """Conclude the investigation, which at least two inspectors made (行政处罚法 art. 42), the officer one of them."""
    law = steps.law_of(penalty)
    if {one.ground for one in charges} != set(penalty.grounds) or officer.id not in inspectors:
        raise RuleBroken(
            "charges", "应按立案的依据逐项填写，且由调查人员提交", "each ground is charged, by one of who investigated"
        )
    found = [await _registered(subject, tx) for subject in dict.fromkeys(inspectors)]
    check_inspectors(
        [Inspector(one.person, one.certificate) for one in found], steps.matter_of(penalty), law, penalty.away
    )
    for charge in charges:
        ground_rules.allowed(charge.value, law)
    steps.move(penalty, "conclude")
    penalty.found = Investigated(
        facts=encrypted_text(penalty.id, facts),
        charges=list(charges),
        grave=grave,
        by=officer.id,
        officers=[one.id for one in found],
    )
    return await penalty.put(tx)


async def ask_extension(penalty: Penalty, days: int, reason: str, officer: Officer, tx: Transaction) -> Penalty:
    """Propose a longer term to decide; another officer approves it."""
    rules.STATES.next(penalty.state, "extend")
    most = steps.law_of(penalty).days("penalty.extension_days")
    if days > most:
        raise RuleBroken("extension-range", f"延长不得超过{most}日", f"at most {most} days")
    penalty.extension = Asked(text=encrypted_text(penalty.id, reason), by=officer.id, days=days)
    return await penalty.put(tx)


async def extend(penalty: Penalty, reason: str, officer: Officer, tx: Transaction) -> Penalty:
    """Approve the longer term, as another officer."""
    asked = penalty.extension
    if asked is None or asked.days is None:
        raise Conflict("nothing-asked", "没有待审批的延期", "no extension waits")
    rules.check_officer(officer.id, [asked.by])
    steps.move(penalty, "extend")
    law = steps.law_of(penalty)
    law.days("penalty.extension_days")
    term = await terms.extend(
        "penalty", penalty.id, DECIDE, asked.days, approved_by=officer.id, on=steps.today(), reason=reason,
        used=law.used, tx=tx,
    )  # fmt: skip
    penalty.decide_by, penalty.extension = term.due, None
    return await steps.put(penalty, law, tx)


async def _relation(asked: Filed, case: Case | None, tx: Transaction) -> Relation:
    """The footing of the person harmed on the days of the act, as far as the registry told it, or else the officer's word."""
    if case is None or case.worker_id is None:
        return asked.relation
    last = asked.ended_on or steps.today()
    held = {
        relation
        for one in await Engagement.between(case.worker_id, asked.enterprise, tx)
        for since, until, relation in one.stretches
        if since <= last and (until is None or asked.began_on <= until)
    }
    return asked.relation if not held or "employment" in held else held.pop()


async def _alike(act: str, asked: Filed, root: str, tx: Transaction) -> str | None:
    """The number of another penalty on the same enterprise and days, that may be on the same act under another name: by its
    violation, a ground, or what both arose from."""
    found = [
        one.number
        for one in await tx.find(Penalty, {"enterprise": asked.enterprise})
        if one.act != act
        and one.state not in ("dropped", "referred", "annulled")
        and (one.what.violation == asked.violation or one.root == root or {*one.grounds} & {*asked.grounds})
        and one.what.began_on <= (asked.ended_on or dt.date.max)
        and asked.began_on <= (one.what.ended_on or dt.date.max)
    ]
    return found[-1] if found else None


async def _registered(subject: str, tx: Transaction) -> Officer:
    officer = await Officer.of(subject, tx)
    if officer is None:
        raise RuleBroken("no-such-officer", "调查人员不在名册中", "an officer is not on the register")
    return officer
