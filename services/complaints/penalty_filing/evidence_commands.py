"""The evidence that a penalty rests on, and what of it the enterprise reads before the decision (行政处罚法 art. 44, 45, 64)."""

from __future__ import annotations

from collections.abc import Collection

from services.complaints.cases.documents import Case
from services.complaints.evidence import commands as evidence
from services.complaints.evidence import rules as evidence_rules
from services.complaints.evidence.documents import Evidence
from services.complaints.penalties import events, rules, steps
from services.complaints.penalties.confidence import check_silent
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.steps import case_behind
from shared.errors import Conflict, NotFound
from shared.storage.transaction import Transaction, transact


async def check_named(penalty: Penalty, named: Collection[str], tx: Transaction) -> None:
    """Raise NotFound for a file that is neither the penalty's nor that of what it arose from, and Conflict for one that would
    show who reported in confidence (劳动保障监察条例 art. 9), whoever handed it in again: what the enterprise may not see is no ground
    to punish it."""
    check_monitored(penalty, named)
    case = await case_behind(penalty, tx)
    for evidence_id in named:
        found = await evidence.evidence_among(matters(penalty), evidence_id, tx)
        by = await evidence.whose(found, matters(penalty), tx)
        evidence_rules.disclosed(found.shown_to, "enterprise", confidential=_protected(case), by=by)
        await check_silent(penalty, [found.clear_name, found.clear_about], tx)


def check_monitored(penalty: Penalty, named: Collection[str]) -> None:
    """Raise Conflict for a file that technical equipment recorded and whose record was not reviewed, or does not hold: it is no
    evidence (行政处罚法 art. 41)."""
    if any(one.evidence_id in named and not one.passed for one in penalty.monitored):
        raise Conflict(
            "monitoring-not-reviewed",
            "电子技术监控设备记录未经审核或者审核不合格的，不得作为行政处罚的证据",
            "what equipment recorded by itself is no evidence unless it was reviewed and holds",
        )


async def add_further(penalty: Penalty, named: Collection[str], *, silent: bool, tx: Transaction) -> Penalty:
    """Rest a penalty on more evidence, once the enterprise was told and before it was heard: it is told anew, and has its whole
    time to speak to that (行政处罚法 art. 44, 45)."""
    law, notice, found = steps.law_of(penalty), steps.notice(penalty), penalty.found
    assert found is not None, "what was told was investigated"
    steps.move(penalty, "add_evidence")
    await check_named(penalty, named, tx)
    penalty.found = found.model_copy(update={"evidence": list(dict.fromkeys([*found.evidence, *named]))})
    await check_looked_through(penalty, silent=silent, tx=tx)
    penalty.waived_on = None
    penalty.review = None  # it knew nothing of this evidence (行政处罚法 art. 58)
    penalty.notice = notice.model_copy(
        update={"speak_until": rules.speaks_until(steps.today(), law), "told_on": steps.today()}
    )
    steps.tell(penalty, events.notified(penalty, penalty.notice.speak_until, hearing=notice.hearing_due), tx)
    return await steps.put(penalty, law, tx)


async def check_looked_through(penalty: Penalty, *, silent: bool, tx: Transaction) -> None:
    """Raise Conflict where files are to be shown whose insides may tell who reported in confidence, and no officer says that they
    looked through them and found that none does."""
    if _named(penalty) and not silent and _protected(await case_behind(penalty, tx)):
        raise Conflict(
            "not-looked-through",
            "举报人要求保密，须确认所列证据内容不会暴露举报人",
            "say that the files were looked through, and that none shows who reported",
        )


async def shown(penalty: Penalty) -> list[Evidence]:
    """The files that the enterprise reads."""

    async def read(tx: Transaction) -> list[Evidence]:
        case = await case_behind(penalty, tx)
        files = [await evidence.evidence_among(matters(penalty), one, tx) for one in _named(penalty)]
        return [one for one in files if not (_protected(case) and one.party == "reporter")]

    return await transact(read)


async def shown_file(penalty: Penalty, evidence_id: str) -> Evidence:
    """One of the files that the enterprise reads; any other is not found."""
    for one in await shown(penalty):
        if one.id == evidence_id:
            return one
    raise NotFound("该证据", "the evidence")


def _named(penalty: Penalty) -> list[str]:
    return [] if penalty.found is None else penalty.found.evidence


def matters(penalty: Penalty) -> list[str]:
    """Whose files a penalty may rest on: its own, and those of what it arose from; one on a person, on the
    enterprise's as well."""
    case = [] if penalty.case_id is None else [f"case:{penalty.case_id}"]
    beside = [] if penalty.beside is None else [f"penalty:{penalty.beside}"]
    return [penalty.matter, *beside, f"{penalty.origin}:{penalty.origin_id}", penalty.root, *case]


def _protected(case: Case | None) -> bool:
    return case is not None and case.protected
