"""卷宗: how complete the folder of a consultation is, from the papers made, the copies printed and the scans filed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain import wording
from app.domain.attachment import Attachment
from app.domain.paper import Imprint
from app.domain.paper_dossier import Completeness, DossierIndex, DossierItem, Need
from app.domain.paper_mediation import is_mediated
from app.domain.practice import PaperKind, Practice
from app.domain.printout import Printout
from app.queries.paper_words import held_on, printed

if TYPE_CHECKING:  # `papers` lists our maker, so it imports us
    from app.queries.papers import Matter

PUT_IN = "装卷时放入纸质件，不存进电脑"
PRINT_IT = "还没印，到“文书”里印出来"


@dataclass(frozen=True, slots=True)
class Part:
    """One part a folder has a place for: which papers are it, what words in the note of a scan say it is it."""

    name: str
    need: Need
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    gap: str = PRINT_IT


MEDIATION: tuple[Part, ...] = (
    Part("人民调解申请书或受理登记表", Need.MUST, ("mediation_request",), ("申请书", "受理登记"), PUT_IN),
    Part("人民调解当事人权利义务告知书", Need.MUST, ("rights_notice",), ("告知书",)),
    Part("当事人身份证明", Need.MUST, (), ("身份证明",), PUT_IN),
    Part("授权委托书", Need.IF_ANY, (), ("授权", "委托书")),
    Part("人民调解调查记录", Need.IF_ANY, ("research_note",), ("调查", "调研", "走访")),
    Part("人民调解证据材料", Need.IF_ANY, (), ("证据", "照片", "图")),
    Part("人民调解记录", Need.MUST, ("meeting_record",), ("调解记录", "会议记录")),
    Part("人民调解协议书", Need.MUST, ("mediation_agreement", "oral_agreement"), ("协议书", "口头协议")),
    Part("收条或汇款单等履行凭证", Need.IF_ANY, (), ("收条", "汇款", "履行凭证")),
    Part("人民调解回访记录", Need.IF_ANY, ("revisit_record",), ("回访",)),
    Part("司法确认有关材料", Need.IF_ANY, ("confirmation_request",), ("司法确认",)),
    Part("卷宗情况说明", Need.IF_ANY, (), ("情况说明",)),
    Part("封底", Need.MUST, ("dossier_index",)),
)
"""The thirteen parts in their order."""

OF_A_RULE: dict[PaperKind, tuple[str, ...]] = {
    PaperKind.INVITATION: ("invitation", "invitation_letter", "invitation_wall", "invitation_poster"),
    PaperKind.AGENDA: ("agenda",),
    PaperKind.SIGN_IN: ("sign_in_sheet",),
    PaperKind.RECORD: ("meeting_record",),
    PaperKind.CONSENSUS: ("consensus_paper",),
    PaperKind.MEDIATION: ("mediation_agreement", "oral_agreement"),
    PaperKind.ACTION_LIST: ("action_list",),
    PaperKind.EVALUATION: ("ballot_sheet",),
    PaperKind.PUBLIC_NOTICE: ("public_notice", "public_notice_wall", "public_notice_poster"),
    PaperKind.MINUTES: ("minutes",),
    PaperKind.ADVICE_REPORT: ("advice_report",),
    PaperKind.DUTY_SHEET: ("duty_sheet",),
}
"""Which papers answer the rule of a practice, besides those whose makers name it."""

MORE = (
    Part("交办单和签收回执", Need.IF_ANY, ("assignment_slips",), ("交办单", "回执")),
    Part("“四议两公开”决策实施登记表", Need.IF_ANY, ("decision_forms",), ("四议两公开",)),
    Part("办理反馈和督办材料", Need.IF_ANY, ("feedback_form", "supervision_sheet"), ("反馈", "督办")),
    Part("回访记录", Need.IF_ANY, ("revisit_record", "look_back"), ("回访",)),
    Part("照片和其他材料", Need.IF_ANY),
    Part("卷内备考表", Need.MUST, ("dossier_index",)),
)
"""What the folder of any consultation may hold besides the papers of its practice."""


def completeness(
    matter: "Matter",
    attachments: Iterable[Attachment] = (),
    printouts: Iterable[Printout] = (),
    made: Collection[str] = (),
) -> Completeness:
    """Return how complete the folder of a consultation is: all its parts in order, each with what is there of it.

    A part is there when a copy was printed, a scan or file was put to it, or its paper is among `made` (the papers a
    folder is being put together from). A settled dispute has the thirteen parts of a mediation, any other consultation
    those its practice asks for; of what it may have besides, only what is there.
    """
    live = matter.live
    mediated = is_mediated(live.consultation, live.attendances(), (one for _, one in live.settled()))
    name, parts = ("调解卷宗", MEDIATION) if mediated else ("协商卷宗", _parts_of(matter.practice))
    items = _items(parts, list(attachments), list(printouts), {*made, "dossier_index"})
    wanted = items if mediated else [item for item in items if item.need is Need.MUST or item.is_present]
    return Completeness(name, tuple(replace(item, number=place) for place, item in enumerate(wanted, start=1)))


def _parts_of(practice: Practice) -> tuple[Part, ...]:
    """Return the parts of a folder under a practice, every paper it asks for being one, then what may come besides."""
    asked = (Part(rule.name, Need.MUST, _kinds_of(rule.kind), (rule.name,)) for rule in practice.papers)
    return (*asked, *MORE)


def _kinds_of(rule: PaperKind) -> tuple[str, ...]:
    """Return every paper that answers a rule."""
    from app.queries.papers import MAKERS  # it imports us

    made = (kind for kind, maker in MAKERS.items() if maker.rule is rule)
    return tuple(dict.fromkeys((*OF_A_RULE[rule], *made)))


def _items(
    parts: Iterable[Part], attachments: list[Attachment], printouts: list[Printout], made: set[str]
) -> list[DossierItem]:
    theirs = _sorted(list(parts), attachments)
    return [_item(part, theirs.get(part, []), printouts, made) for part in parts]


def _sorted(parts: list[Part], attachments: list[Attachment]) -> dict[Part, list[Attachment]]:
    """Return which attachments belong to which part: by their paper, else by their note, else to evidence."""
    others = next((part for part in parts if part.name in ("人民调解证据材料", "照片和其他材料")), None)
    found: dict[Part, list[Attachment]] = {}
    for attachment in attachments:
        part = next((one for one in parts if _is_of(one, attachment)), others)
        if part is not None:
            found.setdefault(part, []).append(attachment)
    return found


def _is_of(part: Part, attachment: Attachment) -> bool:
    if attachment.paper:
        return attachment.paper in part.kinds
    return any(word in attachment.note for word in part.words)


def _item(part: Part, attachments: list[Attachment], printouts: list[Printout], made: set[str]) -> DossierItem:
    copies = [printout for printout in printouts if printout.paper in part.kinds and printout.is_out()]
    scanned = [attachment for attachment in attachments if attachment.paper]
    words = (
        f"印{sum(printout.copies for printout in copies)}份" if copies else "",
        f"扫描{len(scanned)}页" if scanned else "",
        f"附件{len(attachments) - len(scanned)}件" if len(attachments) > len(scanned) else "",
    )
    found = "、".join(word for word in words if word) or ("随卷" if made.intersection(part.kinds) else "")
    pages = len(attachments) or max((printout.pages for printout in copies), default=0)
    ids = tuple(attachment.id for attachment in attachments)
    return DossierItem(0, part.name, part.need, part.kinds, ids, found, pages, "" if found else part.gap)


def dossier_index(matter: "Matter") -> DossierIndex:
    """Return the contents of the folder as it stands, and its back page."""
    live, day = matter.live, held_on(matter.live)
    folder = completeness(matter, matter.attachments, matter.printouts)
    facts = (
        ("卷名", printed(live.consultation.title)),
        ("卷号", live.consultation.case_number),
        ("协商日期" if folder.name == "协商卷宗" else "调解日期", wording.full_day(day) if day else ""),
        ("立卷单位", matter.issuer.organ),
    )
    title = "卷内目录" if folder.name == "协商卷宗" else "调解卷宗卷内目录"
    return DossierIndex(title, facts, folder, imprint=Imprint(number=live.consultation.case_number))
