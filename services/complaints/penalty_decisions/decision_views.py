"""The decision letter (行政处罚决定书) as a document: what 行政处罚法 art. 59 asks for, as it was signed, to be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from services.complaints.evidence.documents import Evidence
from services.complaints.penalties.decision_documents import Decided, DecisionLetter
from services.complaints.penalties.documents import Penalty, clear
from services.complaints.penalties.told_views import DecisionLetterView, view_of
from services.complaints.penalty_decisions.letter_views import imposed, printed
from shared.errors import Conflict
from shared.policy.parameters import Law
from shared.policy.wording import day

TITLE: Final = "行政处罚决定书"
TEMPLATE: Final = "decision_letter.html"
EFFECT: Final = "申请行政复议或者提起行政诉讼的，行政处罚不停止执行，法律另有规定的除外。"


def rendered(penalty: Penalty, evidence: Sequence[Evidence], law: Law) -> str:
    """The letter of a decision that was signed, as one page of HTML; `law` is that of its day. Raises Conflict for a decision whose
    letter is not kept here."""
    signed = penalty.signed
    if signed is None or signed.letter is None:
        raise Conflict(
            "no-letter",
            "该决定的决定书不由本系统生成（当场处罚决定书已当场交付）",
            "the letter is not kept here: one on the spot was handed over there",
        )
    letter = _letter(penalty, signed.letter)
    return printed(
        TEMPLATE,
        penalty,
        signed,
        evidence,
        title=TITLE,
        letter=letter,
        procedure=list(_procedure(penalty, signed)),
        order=clear(penalty.id, signed.order),
        performance=list(_performance(signed, letter, law)),
        remedies=_remedies(letter, law),
        given_on=day(signed.on),
        notes=list(_notes(penalty)),
    )


def _letter(penalty: Penalty, letter: DecisionLetter) -> DecisionLetterView:
    found = view_of(DecisionLetterView, penalty.id, letter, *DecisionLetterView.model_fields)
    assert found is not None
    return found


def _procedure(penalty: Penalty, signed: Decided) -> Iterator[str]:
    """That the party was told, and what it said to that (art. 44, 45, 62, 65)."""
    notice, hearing = penalty.notice, penalty.hearing
    if notice is not None:
        yield f"本机关于{day(notice.given_on)}告知当事人拟作出的行政处罚及其事实、理由、依据和依法享有的权利。"
    if hearing is not None and hearing.on is not None and hearing.record is not None:
        held = "举行了听证" if hearing.appeared else "组织听证，当事人未出席"
        yield f"应当事人要求，本机关于{day(hearing.on)}{held}。"
    if signed.answer is not None:
        yield f"对当事人的陈述、申辩，复核意见如下：{clear(penalty.id, signed.answer)}"
    elif penalty.waived_on is not None:
        yield f"当事人于{day(penalty.waived_on)}明确放弃陈述、申辩的权利。"


def _performance(decided: Decided, letter: DecisionLetterView, law: Law) -> Iterator[str]:
    """How and until when it is carried out, and what is added where it is not (art. 66, 67, 72)."""
    if decided.fine or decided.confiscated:
        days = law.days("penalty.pay_days")
        yield f"当事人应当自收到本决定书之日起{days}日内缴纳罚没款。缴纳方式：{letter.pay_to}。"
    if decided.fine:
        percent = law.number("penalty.surcharge_percent")
        yield f"到期不缴纳罚款的，每日按罚款数额的{percent}%加处罚款，加处罚款的数额不超出罚款的数额。"
    if decided.revoked is not None or decided.suspended is not None:
        yield "对许可证件的处罚自本决定书送达之日起执行。"
    if decided.warning:
        yield "警告自本决定书送达之日起生效。"


def _remedies(letter: DecisionLetterView, law: Law) -> str:
    """To whom and until when it is contested (行政复议法 art. 20; 行政诉讼法 art. 46; 行政处罚法 art. 73)."""
    review, suit = law.days("admin_review.apply_days"), law.number("admin_suit.apply_months")
    return (
        f"当事人不服本决定的，可以自收到本决定书之日起{review}日内向{letter.review_body}申请行政复议，"
        f"也可以自收到本决定书之日起{suit}个月内依法向{letter.court}提起行政诉讼。{EFFECT}"
    )


def _notes(penalty: Penalty) -> Iterator[str]:
    """What has become of it since it was signed."""
    if penalty.served_on is not None and penalty.review_by is not None and penalty.sue_by is not None:
        yield (
            f"本决定书于{day(penalty.served_on)}送达；申请行政复议的期限至{day(penalty.review_by)}，"
            f"提起行政诉讼的期限至{day(penalty.sue_by)}。"
        )
    if penalty.state == "annulled":
        yield "本决定已被撤销。"
    elif penalty.as_signed is not None and penalty.decided is not None:
        yield f"本决定已被变更，变更后的处罚为：{'、'.join(imposed(penalty.decided))}。"
