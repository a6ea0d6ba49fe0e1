"""An occupation and grade is paid for once, as a training or as a skill: the keys that both subsidies take (川人社规〔2025〕11号;
人社部发〔2017〕40号)."""

from __future__ import annotations

from shared.policy.parameters import Law, MissingParameter


def either_key(worker_id: str, course: str) -> str:
    """The key that whichever of the two subsidies is approved first takes for an occupation and grade."""
    return f"course:{worker_id}:{course}"


def training_prefix(worker_id: str) -> str:
    """With what the keys of the courses begin that a person had the training subsidy for."""
    return f"training:{worker_id}:course:"


def skill_prefix(worker_id: str) -> str:
    """With what the keys of the courses begin that a person had the skill subsidy for."""
    return f"skill:{worker_id}:course:"


def both(law: Law) -> bool:
    """Whether a published rule lets both be had; where none does, the same occupation and grade is paid for once."""
    try:
        return law.flag("skill_subsidy.beside_training")
    except MissingParameter:
        return False
