"""How complete a folder is: the thirteen parts of a mediation, and the papers any other consultation owes."""

from app.domain.attachment import Attachment
from app.domain.attendance import Attendance, Presence
from app.domain.consensus import Consensus, Method
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.paper_dossier import Need
from app.domain.people import Person, Role
from app.domain.printout import Printout
from app.queries.paper_dossier import completeness
from app.queries.papers import Matter
from tests.app.test_paper_content import PLACES, PRACTICES, SETTLED, VILLAGE, YUANBA, at, meeting

DISPUTE = Consultation("k", "石墙村挡墙", place_codes=(VILLAGE,), category="DISPUTE", summary="两户挡墙")
SIDES = tuple(Person(key, name, VILLAGE, "二组") for key, name in (("p1", "赵某甲"), ("p2", "钱某乙")))
GUESTS = tuple(Attendance(f"a{n}", "s", f"p{n}", Role.PARTY, Presence.PRESENT, arrived_at=at(10, n)) for n in (1, 2))
AGREED = Consensus("c1", "s", "i1", "各担一半", Method.PARTY_SIGNATURE, settled_at=SETTLED)


def matter(*records, practice=YUANBA):
    return Matter(meeting(*records), PLACES, practice)


def mediation():
    return matter(DISPUTE, *SIDES, *GUESTS, Issue("i1", "s", 1, "谁出钱"), AGREED)


def printed(paper, copies=1, pages=1):
    return Printout(paper, "k", "s", paper, copies=copies, pages=pages)


def scan(paper, page):
    return Attachment(f"{paper}{page}", "k", "blob", "image/jpeg", 1, paper=paper, page=page, pages=2)


def test_a_mediation_folder_has_thirteen_parts_six_of_them_needed():
    folder = completeness(mediation())

    assert folder.name == "调解卷宗"
    assert [item.number for item in folder.items] == list(range(1, 14))
    assert len(folder.needed()) == 6
    assert [item.name for item in folder.present()] == ["封底"]
    assert not folder.is_complete()


def test_what_is_printed_or_scanned_is_there_and_the_gaps_are_named():
    folder = completeness(
        mediation(),
        [scan("mediation_agreement", 1), scan("mediation_agreement", 2)],
        [printed("rights_notice"), printed("mediation_agreement", 3, 2)],
    )
    agreement = next(item for item in folder.items if item.name == "人民调解协议书")

    assert (agreement.found, agreement.pages) == ("印3份、扫描2页", 2)
    assert agreement.attachments == ("mediation_agreement1", "mediation_agreement2")
    assert folder.sentence() == "必须的6项有3项，还缺人民调解申请书或受理登记表、当事人身份证明、人民调解记录"
    assert folder.gaps()[1] == "当事人身份证明：装卷时放入纸质件，不存进电脑"


def test_files_without_a_paper_are_told_by_their_note_and_else_are_evidence():
    files = [
        Attachment("x", "k", "b", "image/jpeg", 1, note="授权委托书"),
        Attachment("y", "k", "b", "image/jpeg", 1, note="后坡"),
    ]

    found = {item.name: item.found for item in completeness(mediation(), files).items if item.found}

    assert found["授权委托书"] == "附件1件"
    assert found["人民调解证据材料"] == "附件1件"


def test_a_folder_being_put_together_counts_the_papers_made_for_it():
    made = ("mediation_request", "rights_notice", "meeting_record", "mediation_agreement")
    papers = [Attachment("x", "k", "b", "image/jpeg", 1, note="身份证明")]

    folder = completeness(mediation(), papers, made=made)

    assert folder.is_complete()
    assert folder.sentence() == "必须的6项都有了"
    assert [item.found for item in folder.items if item.kinds == ("rights_notice",)] == ["随卷"]


def test_any_other_consultation_owes_the_papers_of_its_practice():
    folder = completeness(matter())

    assert folder.name == "协商卷宗"
    assert [item.name for item in folder.items] == [*(rule.name for rule in YUANBA.papers), "卷内备考表"]
    assert {item.need for item in folder.items} == {Need.MUST}


def test_what_a_consultation_may_have_besides_is_listed_only_when_it_is_there():
    folder = completeness(matter(practice=PRACTICES["shenliaohui"]), [], [printed("assignment_slips", 4)])

    assert "交办单和签收回执" in [item.name for item in folder.items]
    assert "回访记录" not in [item.name for item in folder.items]
