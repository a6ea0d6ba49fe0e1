"""Hold what is intended against the grounds, the person, and what was told before."""

from __future__ import annotations

from collections.abc import Collection

from services.complaints.penalties import steps
from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.person_documents import clear_person
from services.complaints.penalty_grounds import gain_rules, intended_rules, licence_rules, person_rules
from services.complaints.penalty_grounds import rules as ground_rules
from services.complaints.penalty_grounds.intended_rules import Intended, Mitigation
from services.complaints.penalty_grounds.licence_rules import NamedLicence
from shared.identity import resident_id
from shared.policy.parameters import Law, parameters
from shared.storage.transaction import Transaction


def check_intended(
    penalty: Penalty, intended: Intended, licence: NamedLicence | None, mitigation: Collection[Mitigation], law: Law
) -> None:
    """Raise RuleBroken unless the grounds give the penalty, by the law at the end of the act and today's; Conflict for a person who
    was too young."""
    then = parameters.on(penalty.what.ended_on or steps.today(), place=penalty.district)
    found, person = steps.found(penalty), penalty.person
    range_ = ground_rules.heaviest([one.value for one in found.charges], then, law, person=person is not None)
    steps.keep_law(penalty, then)
    person_rules.check_reasons(mitigation, person=person is not None)
    if person is not None:
        number = resident_id.parse(clear_person(penalty.id, person.id_number), steps.today())
        person_rules.check_age(number.birth_date, penalty.what.ended_on or steps.today(), mitigation, law)
    licence_rules.check_revoked(intended.revoked, penalty.grounds, grave=found.grave)
    licence_rules.check_suspended(
        intended.suspended, intended.revoked, penalty.grounds, law, grave=found.grave, mitigated=bool(mitigation)
    )
    licence_rules.check_named(licence, taken=intended.takes_licence)
    gain_rules.check_confiscated(intended.confiscated, None if found.gain is None else found.gain.value)
    warns = person is None and ground_rules.warns(penalty.grounds)
    intended_rules.check_intended(intended, range_, warns=warns, mitigation=mitigation)


async def defended_before(penalty: Penalty, tx: Transaction) -> Intended | None:
    """The lightest penalty that the enterprise was told of, and spoke to, in earlier procedures on the act."""
    told = [
        one.notice.intended
        for one in await tx.find(Penalty, {"enterprise": penalty.enterprise})
        if one.act == penalty.act and one.id != penalty.id and one.statements and one.notice is not None
    ]
    return min(told, key=intended_rules.weight, default=None)
