"""What was agreed, in two columns: the clerk types or pastes the second language, the reader-aloud has both."""

from dataclasses import replace

import pytest

from app.commands.consensus import KeepReservation, SettleConsensus, TranslateConsensus
from app.commands.edition import SealSitting
from app.commands.sitting import AmendSitting, CloseSitting
from app.domain.consensus import Consensus, Tally
from app.domain.errors import Sealed, Trouble
from app.domain.paper_bilingual import ONLY_CHINESE_HOLDS, BilingualRow
from app.domain.place import Places
from app.domain.practice import read_practices
from app.printing import draw
from app.printing.fonts import SHIPPED, Fonts
from app.queries.edition import content_of
from app.queries.paper_bilingual import script_name
from app.queries.papers import Matter, made
from app.queries.people import register
from app.queries.sitting import live_sitting
from resources import practices
from tests.papers.reading import joined

YI = "ꆈꌠꁱꂷꏦꀊ"
PRACTICE = read_practices(practices())["yuanba"]


def sheet_of(yard):
    live = yard.desk.ask(lambda shelf: live_sitting(shelf, yard.sitting_id, register(shelf)))
    return made("bilingual_sheet", Matter(live, Places(""), PRACTICE))


@pytest.fixture
def agreed(yard):
    """The first issue settled; who speaks Yi is in the yard."""
    yard.desk.do(AmendSitting(yard.sitting_id, spoken_language="汉语和彝语"))
    yard.desk.do(SettleConsensus(yard.issues[0].id, "两家各出一半。", tally=Tally(7)))
    return yard.all(Consensus)[0]


def test_there_is_no_sheet_until_somebody_has_written_the_second_language(yard, agreed):
    assert sheet_of(yard) is None

    yard.desk.do(TranslateConsensus(agreed.id, f"  {YI}\n"))

    sheet = sheet_of(yard)
    assert sheet.scripts == ("汉文", "彝文")
    assert sheet.rows == (BilingualRow(f"一、{yard.issues[0].title}", "两家各出一半。", YI),)
    assert sheet.notice == ONLY_CHINESE_HOLDS


def test_both_columns_can_be_read_out_of_the_pdf(yard, agreed):
    yard.desk.do(TranslateConsensus(agreed.id, YI))

    text = joined(draw(sheet_of(yard), Fonts([SHIPPED])))

    assert YI in text
    assert "两家各出一半。" in text


def test_it_can_be_taken_back_and_undone_and_what_was_agreed_stays(yard, agreed):
    yard.desk.do(TranslateConsensus(agreed.id, YI))
    yard.desk.do(TranslateConsensus(agreed.id, ""))
    yard.desk.undo()

    assert yard.all(Consensus)[0] == replace(agreed, second_text=YI)


def test_a_sealed_meeting_can_still_be_put_in_the_second_language_and_nothing_else_of_it(yard, agreed):
    for issue in yard.issues[1:]:
        yard.desk.do(SettleConsensus(issue.id, "照旧例办。", tally=Tally(7)))
    yard.desk.do(CloseSitting(yard.sitting_id))
    yard.desk.do(SealSitting(yard.sitting_id, content_of(Places(""), PRACTICE, yard.sitting_id), ""))

    yard.desk.do(TranslateConsensus(agreed.id, YI))

    assert sheet_of(yard).rows[0].second == YI
    with pytest.raises(Sealed):
        yard.desk.do(KeepReservation(agreed.id, "先定标准"))


def test_an_identity_number_is_refused_in_any_language(yard, agreed):
    with pytest.raises(Trouble):
        yard.desk.do(TranslateConsensus(agreed.id, f"{YI}110101199003070011"))


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("彝语", "彝文"),
        ("汉语和傣语", "傣文"),
        ("汉语、傈僳语", "傈僳文"),
        ("普通话", "第二种文字"),
        ("", "第二种文字"),
    ],
)
def test_the_column_is_headed_with_the_script_of_the_language_spoken(spoken, written):
    assert script_name(spoken) == written
