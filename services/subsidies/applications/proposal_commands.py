"""Have the machine propose, by what is known now of what an application rests on."""

from __future__ import annotations

import datetime as dt

import msgspec

from services.subsidies.applications.documents import Application, GroundFound, Proposal, TellApart
from services.subsidies.applications.kinds import kind_of
from services.subsidies.applications.rules import PAID_ALREADY, PAYEE, RESTRICTED
from services.subsidies.decisions import commands as decisions
from services.subsidies.decisions import record_rules
from services.subsidies.decisions.documents import Subject
from services.subsidies.decisions.rules import Facts, Outcome
from services.subsidies.persons import commands as persons
from services.subsidies.trainees.documents import Person as Named
from shared import clock
from shared.policy.calendar import shanghai_date
from shared.storage.transaction import Transaction


async def propose(application: Application, tx: Transaction) -> tuple[Facts, Outcome]:
    """Have the machine propose by what is known now; what it proposes is kept with the application (个人信息保护法 art. 24).

    The subject is stored too, so that a merger or another decision on it at the same time is seen.
    """
    kind = kind_of(application.kind)
    Subject.touch(application.applicant_id, tx)
    facts = await facts_of(application, tx)
    outcome = record_rules.outcome_of(kind.rule, facts, _today())
    others = await decisions.taken_by_others(outcome.once, application.id, tx)
    barred = [PAID_ALREADY] * bool(others) + [RESTRICTED] * await _restricted(application, tx)
    barred += [PAYEE] * await _pays_another(application, tx)
    result = record_rules.result_of(outcome)
    application.subjects = list(dict.fromkeys([application.applicant_id, *kind.subjects(facts)]))
    application.proposal = Proposal(
        made_at=clock.now(),
        digest=record_rules.digest({"facts": msgspec.to_builtins(facts), "result": result, "barred": barred}),
        grounds=[
            GroundFound(code=one.code, met=one.met, document=one.document, article=one.article)
            for one in outcome.grounds
        ],
        amount=outcome.amount,
        once=list(outcome.once),
        barred=barred,
        used=list(outcome.used),
        alike=[TellApart(asked=one.asked, paid=one.paid) for one in outcome.alike],
    )
    return facts, outcome


async def _restricted(application: Application, tx: Transaction) -> bool:
    """Whether public funds are closed to the applicant today, as one that is on a list of the dishonest."""
    if application.applicant_kind == "person":
        return False
    return bool(await persons.closed_to_funds([application.applicant_id], _today(), tx))


async def _pays_another(application: Application, tx: Transaction) -> bool:
    """Whether what an agent applies for would be paid to somebody who is not called as the registry calls the applicant. The agent is
    not told the name; where the registry has told none, the officer asks."""
    holder = application.holder
    if application.applicant_kind != "person" or application.agent is None or holder is None:
        return False
    person = await Named.of(application.applicant_id, tx)
    return person is not None and person.name is not None and not person.is_called(holder)


async def facts_of(application: Application, tx: Transaction) -> Facts:
    """What is known now of what an application rests on."""
    kind = kind_of(application.kind)
    stated = kind.stated.model_validate_json(application.clear_stated)
    return await kind.facts(stated, application.applying, tx)


def _today() -> dt.date:
    return shanghai_date(clock.now())
