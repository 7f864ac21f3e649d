"""What is sealed stays, what is corrected says so, and a code on paper is worth what it says."""

import copy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from app.commands.action import AmendAction, AssignAction, ExtendAction, NoteProgress, Offer, RemoveAction
from app.commands.attendance import CheckIn
from app.commands.consensus import KeepReservation, Objection, ReopenConsensus, SettleConsensus
from app.commands.edition import CloseCorrection, OpenCorrection, SealSitting
from app.commands.issue import AmendIssue, DropIssue, RaiseIssue, TakeUpIssue
from app.commands.people import AmendPerson, RegisterPerson
from app.commands.sitting import AmendSitting, CloseSitting, ReopenSitting
from app.commands.statement import RecordStatement
from app.domain.action import Action, ContributionKind, Progress
from app.domain.consensus import Consensus, Tally
from app.domain.edition import Edition
from app.domain.edition_code import PageCode, SealCode, digits_of, read_code, read_digits, shown_digits, signed_words
from app.domain.edition_file import read_record_file, record_file
from app.domain.edition_record import Closing, canonical, digest_of, opened, read_openings, read_record
from app.domain.errors import Incomplete, NothingToUndo, NotToSeal, Refused, Sealed, StageForbids, UndoEnds
from app.domain.people import Person
from app.domain.place import Places
from app.domain.practice import read_practices
from app.ports import Is
from app.queries.edition import (
    Verdict,
    alone,
    content_differences,
    content_of,
    contents,
    correction_words,
    differences,
    editions_of,
    has_changed,
    sitting_as_sealed,
    verdict,
    verdict_of_file,
)
from app.queries.papers import OF_THE_VERSION, Matter, every_paper

PLACES = Places(resources.places("53"))
PRACTICE = read_practices(resources.practices())["yuanba"]


class Evening:
    """The yard's meeting, settled and ended, and short ways to seal it."""

    def __init__(self, yard):
        self.yard, self.desk = yard, yard.desk
        yard.desk.do(RecordStatement(yard.sitting_id, "我家出一半。", yard.people["赵某甲"]))
        against = (Objection(yard.people["周某戊"], "应当先量地。"),)
        yard.desk.do(
            SettleConsensus(
                yard.issues[0].id, "赵某甲、钱某乙两家各出一半工钱。", tally=Tally(6, 1), objections=against
            )
        )
        for issue in yard.issues[1:]:
            yard.desk.do(SettleConsensus(issue.id, "照旧例办。", tally=Tally(7)))
        self.consensus_id = yard.all(Consensus)[0].id
        yard.desk.do(AssignAction(yard.sitting_id, "修十五米挡墙", self.consensus_id, unit_name="村委会"))
        yard.desk.do(CloseSitting(yard.sitting_id))

    @property
    def content(self):
        return content_of(PLACES, PRACTICE, self.yard.sitting_id)

    def seal(self, spoken=""):
        self.desk.do(SealSitting(self.yard.sitting_id, self.content, spoken))
        return self.editions()[-1]

    def editions(self):
        return self.desk.ask(editions_of, self.yard.sitting_id)

    def correct(self, text):
        """Open a correction, change the first consensus, end the meeting again."""
        self.desk.do(OpenCorrection(self.yard.sitting_id, "签字前当场改", "赵某甲"))
        self.desk.do(ReopenSitting(self.yard.sitting_id))
        self.desk.do(ReopenConsensus(self.yard.issues[0].id))
        self.desk.do(SettleConsensus(self.yard.issues[0].id, text, tally=Tally(6, 1)))
        self.desk.do(CloseSitting(self.yard.sitting_id))

    def papers(self, edition):
        return every_paper(
            Matter(self.desk.ask(alone, edition.sitting_id), PLACES, PRACTICE, edition=edition, versions=(edition,))
        )

    def verdict(self, text):
        return self.desk.ask(verdict, self.desk.seal, text)


@pytest.fixture
def evening(yard):
    return Evening(yard)


def seal_code(edition):
    return SealCode(edition.sitting_id, edition.version, edition.digest, edition.device_key, edition.signature)


def test_a_sealed_record_tells_everything_and_names_nobody(evening):
    edition = evening.seal()

    record = read_record(edition.record.encode())
    assert digest_of(edition.record.encode()) == edition.digest
    assert not any(name in edition.record for name in evening.yard.people)
    shown = opened(record, read_openings(edition.openings))
    assert shown["items"][0]["text"] == "赵某甲、钱某乙两家各出一半工钱。"
    assert shown["items"][0]["reservations"][0] == {"speaker": "周某戊", "text": "应当先量地。", "answer": ""}
    assert [task["text"] for task in shown["actions"]] == ["修十五米挡墙"]
    assert shown["came"] == 7


def test_a_copy_with_the_names_blacked_out_has_the_same_seal(evening):
    edition = evening.seal()

    public = opened(read_record(edition.record.encode()), {})

    assert public["items"][0]["text"] == "〔未公开〕、〔未公开〕两家各出一半工钱。"
    assert digest_of(edition.record.encode()) == edition.digest


def test_nothing_that_is_sealed_can_be_changed_any_more(evening):
    evening.seal()

    for command in (
        ReopenSitting(evening.yard.sitting_id),
        ReopenConsensus(evening.yard.issues[0].id),
        KeepReservation(evening.consensus_id, "我也不同意。", evening.yard.people["孙某丙"]),
        AmendSitting(evening.yard.sitting_id, venue="别处"),
        AmendSitting(evening.yard.sitting_id, title="别的事"),
    ):
        with pytest.raises((Sealed, StageForbids)):
            evening.desk.do(command)


def test_what_is_promised_goes_on_after_sealing(evening):
    evening.seal()
    action = evening.yard.all(Action)[0]

    evening.desk.do(NoteProgress(action.id, "石头拉到了。"))
    evening.desk.do(ExtendAction(action.id, evening.yard.sitting.opened_at.date().replace(month=12), "等雨停"))
    evening.desk.do(AssignAction(evening.yard.sitting_id, "报乡里备案", unit_name="村委会"))

    assert len(evening.yard.all(Action)) == 2


def test_a_sealed_task_stays_and_a_later_one_may_be_changed(evening):
    evening.seal()
    sealed = evening.yard.all(Action)[0]
    evening.desk.do(AssignAction(evening.yard.sitting_id, "报乡里备案", unit_name="村委会"))
    later = evening.yard.all(Action)[1]

    for command in (RemoveAction(sealed.id), AmendAction(replace(sealed, text="修二十米"))):
        with pytest.raises(Sealed):
            evening.desk.do(command)
    offers = (Offer("村集体", ContributionKind.MATERIAL, "18", "方"),)
    evening.desk.do(AmendAction(replace(later, text="报县里备案"), offers=offers))
    evening.desk.do(AmendAction(later, offers=()))
    evening.desk.do(RemoveAction(later.id))

    with pytest.raises(Sealed):
        evening.desk.do(AmendAction(sealed, offers=offers))


def test_a_sealed_paper_is_the_same_whatever_happens_to_its_tasks_and_people(evening):
    edition = evening.seal()
    drawn = evening.papers(edition)
    action = evening.yard.all(Action)[0]
    evening.desk.do(ExtendAction(action.id, evening.yard.sitting.opened_at.date().replace(month=12), "等雨停"))
    evening.desk.do(AmendPerson(replace(evening.yard.person("赵某甲"), name="赵某天")))

    again = evening.papers(edition)

    for kind in ("consensus_paper", "sign_in_sheet", "action_list"):
        assert again[kind] == drawn[kind]


def test_undo_does_not_reach_behind_a_seal(evening):
    evening.seal()

    with pytest.raises(UndoEnds, match="定稿不能撤销"):
        evening.desk.undo()
    assert len(evening.editions()) == 1


def test_undo_takes_back_what_came_after_a_seal_and_stops_at_it(evening):
    evening.desk.do(RegisterPerson("王某辛", "532627208204", "三组"))
    evening.seal()
    evening.desk.do(NoteProgress(evening.yard.all(Action)[0].id, "石头拉到了。"))

    evening.desk.undo()

    with pytest.raises(UndoEnds):
        evening.desk.undo()
    assert evening.yard.all(Person, Is("name", "王某辛"))
    evening.desk.redo()
    assert [one.text for one in evening.yard.all(Progress)] == ["石头拉到了。"]


def test_sealing_twice_is_refused_until_a_correction_is_open(evening):
    evening.seal()

    with pytest.raises(NotToSeal, match="已经定稿"):
        evening.seal()


def test_a_meeting_that_lasts_is_not_sealed(evening):
    evening.desk.do(ReopenSitting(evening.yard.sitting_id))

    with pytest.raises(NotToSeal, match="会还没结"):
        evening.seal()


def test_a_correction_needs_a_reason(evening):
    evening.seal()

    with pytest.raises(Incomplete):
        evening.desk.do(OpenCorrection(evening.yard.sitting_id, " "))


def test_a_corrected_version_says_what_it_replaces_why_and_what_differs(evening):
    first = evening.seal()
    evening.correct("赵某甲、钱某乙两家各出一半工钱，村里出砂石。")

    second = evening.seal()

    assert (second.version, second.previous_id, second.reason) == (2, first.id, "签字前当场改")
    assert [one.sentence() for one in differences(first, second)] == [
        "焦点1：由“赵某甲、钱某乙两家各出一半工钱。”改为“赵某甲、钱某乙两家各出一半工钱，村里出砂石。”"
    ]
    words = correction_words((first, second), second)
    assert words[:2] == (
        "更正说明：本件为第2版，取代第1版。更正理由：签字前当场改。",
        f"第1版验真码：{shown_digits(first.digits)}。",
    )
    assert read_record(second.record.encode())["previous"] == first.digest


def test_an_old_version_is_printed_again_as_it_was(evening):
    first = evening.seal()
    matter = Matter(evening.desk.ask(alone, first.sitting_id), PLACES, PRACTICE, edition=first, versions=(first,))
    before = every_paper(matter)
    evening.correct("赵某甲一家出。")
    evening.seal()

    again = every_paper(replace(matter, live=sitting_as_sealed(first)))

    assert again == before


def test_a_correction_under_which_nothing_was_changed_can_be_closed(evening):
    evening.seal()
    evening.desk.do(OpenCorrection(evening.yard.sitting_id, "看错了"))
    closing = CloseCorrection(evening.yard.sitting_id, has_changed(PLACES, PRACTICE))

    evening.desk.do(closing)

    with pytest.raises(Sealed):
        evening.desk.do(ReopenSitting(evening.yard.sitting_id))


def test_a_correction_under_which_something_was_changed_is_not_closed(evening):
    evening.seal()
    evening.correct("赵某甲一家出。")

    with pytest.raises(NotToSeal, match="已经改了"):
        evening.desk.do(CloseCorrection(evening.yard.sitting_id, has_changed(PLACES, PRACTICE)))


def test_digits_called_out_by_villagers_are_sealed_with_the_text(evening):
    assert read_record(evening.seal("482109").record.encode())["spoken"] == "482109"


@pytest.mark.parametrize("spoken", ["48210", "4821090", "四八二一〇九", "48 109"])
def test_spoken_digits_are_six_or_none(evening, spoken):
    with pytest.raises(Incomplete):
        evening.seal(spoken)


def test_a_code_on_paper_is_unchanged_then_superseded(evening):
    first = evening.seal()
    code = seal_code(first).text("一、两家各出一半。")
    page = PageCode(first.sitting_id, "consensus_paper", 1, 2, 3, first.digest[:16]).text("协商共识", first.digits)
    typed = shown_digits(first.digits)[:14]  # twelve of the digits

    assert {evening.verdict(text).verdict for text in (code, page, typed)} == {Verdict.UNCHANGED}
    evening.correct("赵某甲一家出。")
    evening.seal()
    findings = [evening.verdict(text) for text in (code, page, typed)]
    assert {finding.verdict for finding in findings} == {Verdict.SUPERSEDED}
    assert all("现行的是第2版" in finding.sentence() for finding in findings)


def test_a_code_with_another_text_or_another_key_is_altered(evening):
    edition = evening.seal()
    other = replace(seal_code(edition), digest="0" * 64)
    page = PageCode(edition.sitting_id, "consensus_paper", 1, 1, 1, "f" * 16)

    assert evening.verdict(other.tail()).verdict == Verdict.ALTERED
    assert evening.verdict(page.tail()).verdict == Verdict.ALTERED


def test_a_good_seal_of_a_record_that_is_not_here_is_called_that(evening):
    edition = evening.seal()
    digest = "ab" * 32

    foreign = evening.desk.seal.sign(signed_words("f" * 32, 1, digest))
    code = SealCode("f" * 32, 1, digest, foreign.key, foreign.signature)

    assert evening.verdict(code.tail()).verdict == Verdict.UNKNOWN_HERE
    assert evening.verdict(code.tail()).sentence().startswith("签名是好的，但这台电脑上没有这份原件")
    assert evening.verdict("00000000000000000000").sentence().startswith("这台电脑上没有这份原件")
    assert evening.verdict("00000000000000000000").verdict == Verdict.UNKNOWN_HERE
    assert edition.digits != "0" * 20


@pytest.mark.parametrize("text", ["", "微信支付", "YB1:短", "https://example.invalid/YB1", "1234"])
def test_what_is_no_code_of_ours_is_called_that(evening, text):
    assert evening.verdict(text).verdict == Verdict.NOT_OURS


def worth(evening, raw):
    found = read_record_file(raw)
    return found and evening.desk.ask(verdict_of_file, evening.desk.seal, found).verdict


@pytest.mark.parametrize("is_private", [False, True])
def test_a_record_file_is_checked_by_its_bytes(evening, is_private):
    raw = record_file(evening.seal(), is_private)

    assert worth(evening, raw) == evening.verdict(raw.decode()).verdict == Verdict.UNCHANGED
    assert ("赵某甲" in raw.decode()) == is_private
    assert worth(evening, raw.replace(rb"\"came\":7", rb"\"came\":8")) == Verdict.ALTERED
    assert worth(evening, raw.replace(b'"seal":"YB1:', b'"seal":"YB2:')) is None


def test_an_opening_that_opens_nothing_makes_a_file_altered(evening):
    raw = record_file(evening.seal(), True)

    assert worth(evening, raw.replace("赵某甲".encode(), "赵某乙".encode())) == Verdict.ALTERED


def test_an_edition_is_the_last_act_and_cannot_be_taken_back(evening):
    evening.seal()
    deeds = evening.desk.deeds()

    assert all(not deed.title.startswith("定稿") for deed in deeds)
    assert evening.yard.all(Edition)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40)


@given(TEXT, TEXT)
def test_the_same_facts_have_the_same_bytes_and_others_another_digest(one, other):
    head = {"format": "yuanba-record", "v": 1, "suite": "A"}
    closing = Closing((), lambda _: 7)

    first = canonical(head | {"title": closing.text(one)})
    second = canonical(head | {"title": closing.text(other)})

    assert read_record(first) is not None
    assert (first == second) == (closing.text(one) == closing.text(other))
    assert (digest_of(first) == digest_of(second)) == (first == second)


@given(st.lists(st.sampled_from(["赵某甲", "钱某", "钱某乙", "各出", "一半", "欧阳某"]), max_size=12))
def test_a_text_with_names_closed_opens_to_the_same_text(parts):
    text = "".join(parts)
    closing = Closing(("赵某甲", "钱某", "钱某乙"), lambda _: 3)

    closed = closing.text(text)

    assert opened({"t": closed}, closing.openings)["t"] == text
    assert not any(name in str(closed) for name in ("赵某甲", "钱某乙"))


@given(
    st.integers(0, 9999),
    st.integers(1, 999),
    st.integers(1, 999),
    st.text("0123456789abcdef", min_size=16, max_size=16),
)
def test_a_page_code_is_read_as_it_was_written(version, page, pages, check):
    code = PageCode("0195e1a0c0007abc8000000000000001", "sign_in_sheet", version, min(page, pages), pages, check)

    assert read_code(code.text("签到表", "1" * 20)) == code


@given(TEXT)
def test_reading_a_code_never_fails(text):
    assert read_code(text) is None
    assert read_digits(text) == "" or 12 <= len(read_digits(text)) <= 20


def test_digits_are_read_however_they_were_typed():
    digits = digits_of("ff" * 32)

    assert len(digits) == 20
    for typed in (
        digits,
        shown_digits(digits),
        shown_digits(digits).replace("-", " "),
        shown_digits(digits).replace("-", "－"),
    ):
        assert read_digits(typed) == digits
    assert read_digits(shown_digits(digits)[:14]) == digits[:12]
    assert read_digits(digits[:11]) == read_digits(digits + "1") == ""


def test_nothing_to_undo_is_still_said_so(desk):
    with pytest.raises(NothingToUndo):
        desk.undo()


def anything(evening):
    """Return acts of every kind that somebody might try on a sealed meeting, some lawful, some not."""
    yard, action = evening.yard, evening.yard.all(Action)[0]
    somebody = yard.people["郑某庚"]
    return [
        ReopenSitting(yard.sitting_id),
        CloseSitting(yard.sitting_id),
        RecordStatement(yard.sitting_id, "我后来想说。", somebody),
        RaiseIssue(yard.sitting_id, "再加一个"),
        AmendIssue(yard.issues[0].id, "改个名"),
        DropIssue(yard.issues[1].id),
        TakeUpIssue(yard.issues[1].id),
        ReopenConsensus(yard.issues[0].id),
        SettleConsensus(yard.issues[0].id, "另一个话。", tally=Tally(7)),
        KeepReservation(evening.consensus_id, "我不同意。", somebody),
        CheckIn(yard.sitting_id, somebody),
        AmendSitting(yard.sitting_id, venue="别处", title="别的事"),
        AmendAction(replace(action, text="修二十米"), offers=(Offer("赵某甲", ContributionKind.SHARE, "100", "%"),)),
        RemoveAction(action.id),
        NoteProgress(action.id, "石头拉到了。"),
        ExtendAction(action.id, yard.sitting.opened_at.date().replace(month=12), "等雨停"),
        AssignAction(yard.sitting_id, "报乡里备案", unit_name="村委会"),
        AmendPerson(replace(yard.person("赵某甲"), name="赵某天")),
        SealSitting(yard.sitting_id, evening.content),
    ]


def test_whatever_is_tried_a_sealed_version_prints_and_hashes_the_same(evening):
    edition = evening.seal()
    drawn = {kind: evening.papers(edition)[kind] for kind in OF_THE_VERSION & evening.papers(edition).keys()}
    done = refused = 0

    for command in anything(evening):
        for act in (lambda one=command: evening.desk.do(one), evening.desk.undo, evening.desk.redo):
            try:
                act()
                done += 1
            except Refused:
                refused += 1
        again = evening.papers(evening.editions()[0])
        assert {kind: again[kind] for kind in drawn} == drawn

    assert (evening.editions(), digest_of(edition.record.encode())) == ([edition], edition.digest)
    assert done >= 10
    assert refused >= 25


def leaves(value, path=()):
    """Yield the place of every value in an opened record."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, (*path, key))
    else:
        yield path


def other(value):
    return (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}改"


HEAD = {"format", "v", "suite", "id", "version", "previous", "reason", "asked_by", "sealed_at", "spoken", "ended_at"}


def test_no_change_between_two_versions_goes_untold(evening):
    shown = contents(evening.seal())
    untold = []

    for path in leaves(shown):
        changed = copy.deepcopy(shown)
        part = changed
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = other(part[path[-1]])
        if path[0] not in HEAD and not content_differences(shown, changed):
            untold.append(path)

    assert untold == []
