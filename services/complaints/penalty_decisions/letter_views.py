"""What the papers of a penalty say alike, and their page of HTML, to be printed.

They say nothing that the enterprise does not read: neither what the penalty arose from nor who reported or investigated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from services.complaints.evidence.documents import Evidence
from services.complaints.penalties.decision_documents import Decided
from services.complaints.penalties.documents import Notice, Penalty, clear
from services.complaints.penalty_grounds.rules import GROUNDS, Revocable
from shared.policy.wording import capitals, figures

if TYPE_CHECKING:
    from jinja2 import Environment

LICENCES: Final[Mapping[Revocable, str]] = {
    "labour_dispatch": "劳务派遣经营许可证", "human_resources": "人力资源服务许可证",
}  # fmt: skip


def printed(template: str, penalty: Penalty, told: Notice | Decided, evidence: Sequence[Evidence], **own: Any) -> str:
    """A paper as one page of HTML; `own` is what it says by itself, with its title, its letter, its day and its notes."""
    return (
        _templates()
        .get_template(template)
        .render(
            number=penalty.number,
            code=penalty.enterprise if penalty.person is None else None,
            facts=clear(penalty.id, told.text),
            evidence=[named(one) for one in evidence],
            amount_reasons=clear(penalty.id, told.amount_reasons),
            articles=[GROUNDS[ground].article for ground in penalty.grounds],
            imposed=list(imposed(told)),
            **own,
        )
    )


def named(one: Evidence) -> str:
    """A file as a paper names it."""
    return one.clear_about if one.removed_on is not None else f"{one.clear_about}（{one.clear_name}）"


def imposed(told: Notice | Decided) -> Iterator[str]:
    """The kinds of the penalty, with their amounts in capitals and in figures."""
    if told.warning:
        yield "警告"
    if told.fine:
        yield f"罚款{capitals(told.fine)}（{figures(told.fine)}）"
    if told.confiscated:
        yield f"没收违法所得{capitals(told.confiscated)}（{figures(told.confiscated)}）"
    licence = told.licence
    which = "" if licence is None else f"（证号：{licence.number}，发证机关：{licence.authority}）"
    if told.revoked is not None:
        yield f"吊销{LICENCES[told.revoked]}{which}"
    if told.suspended is not None:
        yield f"暂扣{LICENCES[told.suspended.kind]}{told.suspended.days}日{which}"


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # whoever asks for no letter needs no templates

    texts = FunctionLoader(lambda name: (files(__package__) / name).read_text("utf-8"))
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=texts)
