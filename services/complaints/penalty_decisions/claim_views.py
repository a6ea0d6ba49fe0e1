"""What is claimed of a party that has not paid, as a document to be printed: the reminder (履行催告书; 行政强制法 art. 35, 54) and
the application to a court for compulsory execution (强制执行申请书; art. 55), with each sum by itself and how it is reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.complaints.penalties.documents import Penalty
from services.complaints.penalties.payment_documents import Claim
from services.complaints.penalties.told_views import DecisionLetterView, view_of
from services.complaints.penalty_decisions.letter_views import imposed, printed
from shared.errors import Conflict, NotFound
from shared.policy.wording import capitals, day, figures

REMINDER: Final = "履行行政处罚决定催告书"
APPLICATION: Final = "行政处罚强制执行申请书"
TEMPLATE: Final = "claim_letter.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What one of both says by itself: its title, its day, to whom it is addressed, and its paragraphs before and after the sums."""

    title: str
    given_on: str
    addressed: str | None
    before: list[str]
    after: list[str]


def reminder(penalty: Penalty) -> str:
    """The reminder as it was given, as one page of HTML. Raises NotFound where none stands."""
    kept = penalty.reminder
    if kept is None:
        raise NotFound("该催告书", "the reminder")
    letter, claim = _letter(penalty), _kept(kept.claim)
    until = "" if kept.pay_by is None else f"于{day(kept.pay_by)}（含当日）前"
    return _page(
        penalty,
        letter,
        claim,
        Paper(
            title=REMINDER,
            given_on=day(kept.on),
            addressed=None,
            before=[*_decided(penalty), "根据《中华人民共和国行政强制法》第三十五条、第五十四条的规定，现催告如下："],
            after=[
                f"请当事人{until}缴清上述款项。缴纳方式：{letter.pay_to}。",
                "逾期仍不履行的，本机关将依法申请人民法院强制执行；罚款未缴清的，在其数额以内继续按日加处。",
                "当事人有权进行陈述和申辩。",
            ],
        ),
    )


def application(penalty: Penalty) -> str:
    """The application to a court as it was made, as one page of HTML. Raises NotFound where none was."""
    if penalty.court_on is None:
        raise NotFound("该强制执行申请书", "the application to a court")
    letter, claim = _letter(penalty), _kept(penalty.court_claim)
    return _page(
        penalty,
        letter,
        claim,
        Paper(
            title=APPLICATION,
            given_on=day(penalty.court_on),
            addressed=letter.court,
            before=[
                *_decided(penalty),
                *_since(penalty),
                "根据《中华人民共和国行政强制法》第五十三条、第五十四条的规定，申请强制执行下列款项：",
            ],
            after=[
                "附：行政处罚决定书及其事实、理由和依据，当事人的意见及催告情况，以及其他有关材料。",
                "行政机关负责人（签名）：",
            ],
        ),
    )


def sums(claim: Claim) -> Iterator[str]:
    """What is still to be paid of each sum, in capitals and in figures, and of all."""
    named = {
        "罚款": claim.fine,
        "加处罚款": claim.surcharge,
        "没收的违法所得": claim.confiscated,
        "已退还而应当补缴的款项": claim.again,
    }
    yield from (f"{name}：{capitals(sum_)}（{figures(sum_)}）" for name, sum_ in named.items() if sum_)
    yield f"合计：{capitals(claim.total)}（{figures(claim.total)}）"


def reckoning(claim: Claim) -> Iterator[str]:
    """How what was added to the fine is reckoned (行政处罚法 art. 72; 行政强制法 art. 45)."""
    if not claim.added or claim.began_on is None:
        return
    yield (
        f"加处罚款自{day(claim.began_on)}起计算，标准为每日按逾期未缴罚款数额的{claim.percent}%，"
        f"以不超出罚款数额{figures(claim.cap)}为限。"
    )
    if claim.before:
        yield f"变更缴纳期限以前已加处（减免的除外）：{figures(claim.before)}。"
    for one in claim.late:
        yield f"{day(one.first)}至{day(one.last)}共{one.days}日，每日逾期未缴罚款：{figures(one.amount)}。"
    most = "，已达上限" if claim.added == claim.cap else ""
    paid = f"；其中已缴{figures(claim.added - claim.surcharge)}" if claim.added > claim.surcharge else ""
    yield f"累计加处罚款{figures(claim.added)}{most}{paid}。"


def _page(penalty: Penalty, letter: DecisionLetterView, claim: Claim, paper: Paper) -> str:
    assert penalty.decided is not None
    return printed(
        TEMPLATE,
        penalty,
        penalty.decided,
        [],
        title=paper.title,
        letter=letter,
        given_on=paper.given_on,
        addressed=paper.addressed,
        before=paper.before,
        after=paper.after,
        sums=list(sums(claim)),
        reckoning=list(reckoning(claim)),
        notes=["所依据的行政处罚决定已被撤销。"] if penalty.state == "annulled" else [],
    )


def _letter(penalty: Penalty) -> DecisionLetterView:
    kept = None if penalty.decided is None else penalty.decided.letter
    found = view_of(DecisionLetterView, penalty.id, kept, *DecisionLetterView.model_fields)
    if found is None:
        raise _not_made_here()
    return found


def _kept(claim: Claim | None) -> Claim:
    if claim is None:
        raise _not_made_here()
    return claim


def _not_made_here() -> Conflict:
    return Conflict(
        "no-letter",
        "该文书不由本系统生成（当场处罚或者此前版本办理）",
        "the paper is not kept here: the decision was made on the spot, or an earlier version did this",
    )


def _decided(penalty: Penalty) -> Iterator[str]:
    """What was decided, as it stands now, and when it was served."""
    assert penalty.decided is not None
    assert penalty.served_on is not None
    yield (
        f"本机关于{day(penalty.decided.on)}作出行政处罚决定（{penalty.number}），并于{day(penalty.served_on)}送达。"
        f"该决定现为：{'、'.join(imposed(penalty.decided))}。当事人逾期未完全履行。"
    )


def _since(penalty: Penalty) -> Iterator[str]:
    """That nobody contests it any more, and that the party was reminded."""
    yield (
        f"申请行政复议、提起行政诉讼以及准予延期、分期缴纳的期限，至{day(penalty.remedies_over_on)}均已届满或者终结。"
    )
    if penalty.reminder is not None:
        yield f"本机关于{day(penalty.reminder.on)}催告当事人履行，当事人仍未完全履行。"
