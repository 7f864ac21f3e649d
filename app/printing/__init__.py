"""Papers as PDF: the page, the lines, the fonts, and one file for each paper.

A paper's file says what stands where (`compose`), and `PAPERS` lists it. `draw` makes the PDF of any paper.
`missing_characters` says before printing what no font here can show.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from app.domain.paper import ActionList, ConsensusPaper, Paper, SignInSheet
from app.domain.paper_agenda import Agenda
from app.domain.paper_approval import ApprovalForm
from app.domain.paper_assignment import AssignmentSlips
from app.domain.paper_bilingual import BilingualSheet
from app.domain.paper_blanks import BlankSet, CalibrationSheet
from app.domain.paper_decision import DecisionForms
from app.domain.paper_dossier import DossierIndex
from app.domain.paper_exchange import ExchangeCheck
from app.domain.paper_feedback import FeedbackForm
from app.domain.paper_invitation import (
    Invitation,
    InvitationLetter,
    InvitationPoster,
    InvitationWall,
    IssueSheet,
)
from app.domain.paper_ledger import LedgerSheet
from app.domain.paper_mediation import ConfirmationRequest, MediationAgreement, OralAgreement, RightsNotice
from app.domain.paper_minutes import Minutes
from app.domain.paper_notice import (
    BallotSheet,
    LookBack,
    LookBackWall,
    PromiseCards,
    PublicNotice,
    PublicNoticePoster,
    PublicNoticeWall,
)
from app.domain.paper_record import MeetingRecord
from app.domain.paper_revisit import RevisitRecord
from app.printing import (
    action_list,
    agenda,
    approval_form,
    assignment_slips,
    ballot_sheet,
    bilingual_sheet,
    blank_set,
    calibration,
    confirmation_request,
    consensus_paper,
    decision_forms,
    dossier_index,
    exchange_check,
    feedback_form,
    invitation,
    invitation_letter,
    invitation_poster,
    invitation_wall,
    issue_sheet,
    ledger_sheet,
    look_back,
    look_back_wall,
    mediation_agreement,
    meeting_record,
    minutes,
    oral_agreement,
    promise_cards,
    public_notice,
    public_notice_poster,
    public_notice_wall,
    revisit_record,
    rights_notice,
    sign_in_sheet,
)
from app.printing.fonts import Fonts
from app.printing.page import LANDSCAPE, PORTRAIT, Sheet
from app.printing.paper_pdf import PaperPdf


def _no_names(_: Any) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper the program can print: its official name, its content's type, and how it is set.

    `names` are kept in one piece. Papers that are no column of blocks (cards, ballots, posters) `draw` themselves.
    """

    name: str
    content: type
    compose: Callable[..., None] | None = None
    names: Callable[..., Sequence[str]] = _no_names
    sheet: Sheet = PORTRAIT
    draw: Callable[..., bytes] | None = None


PAPERS: dict[str, PaperKind] = {
    "sign_in_sheet": PaperKind("签到表", SignInSheet, sign_in_sheet.compose, sign_in_sheet.names),
    "consensus_paper": PaperKind("协商共识", ConsensusPaper, consensus_paper.compose, consensus_paper.names),
    "action_list": PaperKind("任务分解清单", ActionList, action_list.compose, action_list.names, LANDSCAPE),
    "mediation_agreement": PaperKind(
        "人民调解协议书", MediationAgreement, mediation_agreement.compose, mediation_agreement.names
    ),
    "oral_agreement": PaperKind("口头协议登记表", OralAgreement, oral_agreement.compose, oral_agreement.names),
    "rights_notice": PaperKind("权利义务告知书", RightsNotice, rights_notice.compose, rights_notice.names),
    "confirmation_request": PaperKind(
        "司法确认申请书", ConfirmationRequest, confirmation_request.compose, confirmation_request.names
    ),
    "approval_form": PaperKind("议题审批表", ApprovalForm, approval_form.compose),
    "assignment_slips": PaperKind("任务交办单", AssignmentSlips, assignment_slips.compose, assignment_slips.names),
    "bilingual_sheet": PaperKind("双语对照宣读单", BilingualSheet, bilingual_sheet.compose, bilingual_sheet.names),
    "blank_set": PaperKind("应急空白表", BlankSet, blank_set.compose),
    "calibration": PaperKind("打印机校准页", CalibrationSheet, draw=calibration.draw),
    "decision_forms": PaperKind("四议两公开登记表", DecisionForms, decision_forms.compose),
    "dossier_index": PaperKind("卷内目录", DossierIndex, dossier_index.compose),
    "exchange_check": PaperKind("交换核对单", ExchangeCheck, exchange_check.compose),
    "feedback_form": PaperKind("办理反馈表", FeedbackForm, feedback_form.compose, feedback_form.names),
    "revisit_record": PaperKind("回访记录", RevisitRecord, revisit_record.compose, revisit_record.names),
    "ledger_sheet": PaperKind("台账", LedgerSheet, ledger_sheet.compose, sheet=LANDSCAPE),
    "public_notice": PaperKind("公示", PublicNotice, public_notice.compose),
    "public_notice_wall": PaperKind("公示（大字）", PublicNoticeWall, draw=public_notice_wall.draw),
    "public_notice_poster": PaperKind("公示（A3大字）", PublicNoticePoster, draw=public_notice_poster.draw),
    "promise_cards": PaperKind("承诺卡", PromiseCards, draw=promise_cards.draw),
    "look_back": PaperKind("上次说的事办到哪了", LookBack, look_back.compose),
    "look_back_wall": PaperKind("上次说的事办到哪了（大字）", LookBackWall, draw=look_back_wall.draw),
    "ballot_sheet": PaperKind("满意度测评表", BallotSheet, draw=ballot_sheet.draw),
    "meeting_record": PaperKind("会议记录", MeetingRecord, meeting_record.compose, meeting_record.names),
    "minutes": PaperKind("协商纪要", Minutes, minutes.compose, minutes.names),
    "invitation": PaperKind("会议通知", Invitation, invitation.compose),
    "invitation_letter": PaperKind("邀请函", InvitationLetter, invitation_letter.compose),
    "invitation_wall": PaperKind("会议公告（大字）", InvitationWall, draw=invitation_wall.draw),
    "invitation_poster": PaperKind("会议公告（A3大字）", InvitationPoster, draw=invitation_poster.draw),
    "issue_sheet": PaperKind("红纸议题单", IssueSheet, draw=issue_sheet.draw),
    "agenda": PaperKind("议程和主持词", Agenda, agenda.compose, agenda.names),
}


def kind_of(paper: Paper) -> str:
    """Return the code under which a paper's kind is listed."""
    return next(code for code, kind in PAPERS.items() if isinstance(paper, kind.content))


def draw(paper: Paper, fonts: Fonts) -> bytes:
    """Return the PDF of a paper of any kind: the same content, the same bytes."""
    kind = PAPERS[kind_of(paper)]
    if kind.draw is not None:
        return kind.draw(paper, fonts)
    assert kind.compose is not None
    galley = PaperPdf(fonts, kind.sheet, kind.names(paper), kind.name)
    kind.compose(paper, galley)
    return galley.pdf(paper.title, paper.imprint, paper.imprint.start_mm)


def missing_characters(paper: Paper, fonts: Fonts) -> tuple[str, ...]:
    """Return the characters that will be printed as 〓, each with its code, in the order they stand."""
    return fonts.lacking("".join(_texts(paper)))


def _texts(content: object) -> Iterator[str]:
    """Yield every text of a paper, from the top."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, tuple):
        for part in content:
            yield from _texts(part)
    elif is_dataclass(content):
        for field in fields(content):
            yield from _texts(getattr(content, field.name))
