"""File a penalty, conclude its investigation, and let the decision take longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Final

from services.complaints.cases.documents import Case
from services.complaints.cases.rules import INVESTIGATED
from services.complaints.cases.term_commands import stand_still
from services.complaints.directives.rules import Violation
from services.complaints.investigations.rules import Inspector, check_inspectors
from services.complaints.officers.documents import Officer
from services.complaints.parties.documents import Engagement
from services.complaints.penalties import rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.documents import (
    Act,
    Charge,
    Investigated,
    Penalty,
    PunishedAct,
    encrypted_text,
)
from services.complaints.penalties.payment_documents import Asked, Gain
from services.complaints.penalties.rules import OriginKind
from services.complaints.penalty_filing import evidence_commands
from services.complaints.penalty_grounds import gain_rules
from services.complaints.penalty_grounds import rules as ground_rules
from services.complaints.penalty_grounds.rules import GROUNDS, Ground
from services.complaints.terms import commands as terms
from services.complaints.terms.rules import Length
from shared.contracts.complaints import Category
from shared.contracts.platform import Relation
from shared.errors import Conflict, RuleBroken
from shared.ids import readable_number
from shared.policy.parameters import Law
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an investigation found: by whom, on which evidence, and what the act brought in, reckoned how."""

    facts: str
    charges: Sequence[ground_rules.Charge]
    officers: Sequence[str]
    evidence: Sequence[str]
    grave: bool
    gain: gain_rules.Gain | None = None
    calculation: str | None = None


async def file(penalty_id: str, asked: Filed, origin: Origin, officer: Officer, tx: Transaction) -> Penalty:
    """Open the procedure (立案); of two on one act the second is refused. The decision on the case that it arose from waits."""
    law = steps.law_at(asked.district)
    penalty = await opened(penalty_id, asked, origin, officer, law, tx)
    length = Length(law.days("penalty.decide_days"), "days")
    begun = penalty.filed_on
    term = await terms.set_term(
        steps.about(penalty), DECIDE, length, begun_on=begun, rests_on="filed", used=law.used, tx=tx
    )
    penalty.decide_by = term.due
    if origin.case is not None and origin.case.state in INVESTIGATED:
        await stand_still(origin.case, penalty_id, tx)
    return await steps.put(penalty, law, tx)


async def opened(penalty_id: str, asked: Filed, origin: Origin, officer: Officer, law: Law, tx: Transaction) -> Penalty:
    """A penalty on an act that may be punished, and that no other is about; it is not stored yet."""
    today = steps.today()
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
    return Penalty(
        id=penalty_id,
        number=readable_number("德罚", penalty_id, today),
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
        decide_by=today,
        used=list(law.used),
    )


async def conclude(penalty: Penalty, found: Found, officer: Officer, tx: Transaction) -> Penalty:
    """Conclude the investigation, which at least two inspectors made (行政处罚法 art. 42), the officer one of them. It rests on
    evidence (art. 40, 46)."""
    law = steps.law_of(penalty)
    if not found.evidence:
        raise RuleBroken(
            "no-evidence", "违法事实须有证据证明，请列明所依据的证据", "what is found rests on evidence: name it"
        )
    penalty.found, _ = await investigated(penalty, found, officer, law, tx)
    steps.move(penalty, "conclude")
    return await steps.put(penalty, law, tx)


async def investigated(
    penalty: Penalty, found: Found, officer: Officer, law: Law, tx: Transaction
) -> tuple[Investigated, list[Officer]]:
    """What was found, once it is checked, and who found it."""
    if {one.ground for one in found.charges} != set(penalty.grounds) or officer.id not in found.officers:
        raise RuleBroken(
            "charges", "应按立案的依据逐项填写，且由调查人员提交", "each ground is charged, by one of who investigated"
        )
    people = [await _registered(subject, tx) for subject in dict.fromkeys(found.officers)]
    check_inspectors(
        [Inspector(one.person, one.certificate) for one in people], steps.matter_of(penalty), law, penalty.away
    )
    gain_rules.check_stated(found.gain, confiscates=ground_rules.confiscates(penalty.grounds))
    if found.gain is not None:
        gain_rules.check_gain(found.gain)
    charges = [
        replace(one, gained=None if found.gain is None else found.gain.received)
        if GROUNDS[one.ground].per == "gain" or GROUNDS[one.ground].needs_gain
        else one
        for one in found.charges
    ]
    for charge in charges:
        (ground_rules.allowed if penalty.person is None else ground_rules.allowed_of_person)(charge, law)
    await evidence_commands.check_named(penalty, found.evidence, tx)
    await check_silent(penalty, [found.calculation or ""], tx)
    kept = Investigated(
        facts=encrypted_text(penalty.id, found.facts),
        charges=[Charge(**asdict(one)) for one in charges],
        gain=_gain(penalty.id, found),
        evidence=list(dict.fromkeys(found.evidence)),
        grave=found.grave,
        by=officer.id,
        officers=[one.id for one in people],
    )
    return kept, people


async def record_repaid(penalty: Penalty, amount: Decimal, tx: Transaction) -> Penalty:
    """Record that those who were harmed have some of what is owed back to them (退赔; 行政处罚法 art. 28)."""
    found = penalty.found
    if found is None or found.gain is None or penalty.state in ("unpunished", "dropped", "referred", "annulled"):
        raise Conflict("nothing-to-repay", "没有应当退赔的款项", "nothing is owed back")
    gain = replace(found.gain.value, repaid=found.gain.repaid + amount)
    gain_rules.check_gain(gain)
    penalty.found = found.model_copy(update={"gain": found.gain.model_copy(update={"repaid": gain.repaid})})
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


def _gain(penalty_id: str, found: Found) -> Gain | None:
    if found.gain is None or found.calculation is None:
        return None
    return Gain(**asdict(found.gain), calculation=encrypted_text(penalty_id, found.calculation))


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
        and one.person is None
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
