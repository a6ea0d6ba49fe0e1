"""What a scheme gives whoever is injured under it, and until when it is to be applied for."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.insurance import Scheme
from shared.policy.parameters import Law, MissingParameter, Used

# who applies first and who after: parameter, and the unit that it is in
TERMS = {
    "work_injury": ("work_injury.employer_apply_days", "work_injury.self_apply_years"),
    "occupational_injury": ("oip.platform_apply_days", "oip.self_apply_days"),
}
PAYERS = {"work_injury": "work_injury.benefit_payers", "occupational_injury": "oip.benefit_payers"}


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Kinds of benefit with who pays them, and the terms to apply: `unit_days` for the employer or platform, and for the
    worker or kin `own_days` or `own_years`. A term that nobody knows is None. `used` is what it rests on.
    """

    kinds: tuple[tuple[str, str, str], ...]
    unit_days: int | None
    own_days: int | None
    own_years: int | None
    used: tuple[Used, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The laws and articles, each once."""
        return tuple(dict.fromkeys(used.source for used in self.used))


def entitlement(scheme: Scheme, law: Law) -> Entitlement:
    """What a scheme gives on the law's day."""
    payers, titles = law.table(PAYERS[scheme]), law.table("benefit.titles")
    first, own = TERMS[scheme]
    own_is_years = own.endswith("_years")
    return Entitlement(
        kinds=tuple((kind, titles.get(kind, kind), payer) for kind, payer in payers.items()),
        unit_days=_known(law, first),
        own_days=None if own_is_years else _known(law, own),
        own_years=_known(law, own) if own_is_years else None,
        used=law.used,
    )


def _known(law: Law, key: str) -> int | None:
    try:
        return law.number(key)
    except MissingParameter:
        return None
