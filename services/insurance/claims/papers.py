"""Which papers an application needs (工伤保险条例 art. 18; 人社厅函〔2025〕79号), as lists of dated parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from services.insurance.claims.rules import RuleBroken
from shared.contracts.insurance import Reporter, Scheme
from shared.policy.parameters import Law

Kind = Literal["traffic", "violence", "sudden_death", "rescue"]
"""What sets an accident apart, as far as papers go."""


def required(
    scheme: Scheme, law: Law, *, fatal: bool, kinds: Iterable[str], applicant: Reporter, late: bool
) -> list[str]:
    """The codes of all papers of an application, each once."""
    if scheme == "work_injury":
        papers = list(law.texts("work_injury.application_papers"))
        further, cases = law.lists("work_injury.further_papers"), ["death"] if fatal else []
    else:
        papers = list(law.texts("oip.application_papers", "death" if fatal else "injury"))
        further, cases = law.lists("oip.further_papers"), []
    cases += [*kinds, *(["kin"] if applicant == "kin" else []), *(["late"] if late else [])]
    for case in cases:
        papers += further.get(case, ())
    return list(dict.fromkeys(papers))


def check_known(papers: Iterable[str], law: Law) -> None:
    """Raise RuleBroken where a code names no paper."""
    unknown = sorted(set(papers) - set(law.table("claims.paper_names")))
    if unknown:
        raise RuleBroken("unknown-paper", "没有这种材料代码", "no such papers", unknown)
