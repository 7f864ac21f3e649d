"""The practice data plays through real commands at any hour, and is what the scenarios promise."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

import resources
from app.desk import Desk
from app.domain.action import Action, ActionStage, Contribution
from app.domain.consensus import COUNTED, SETTLING, Consensus, Method, Result
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.people import Person
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import LIFE, Topic, TopicStage
from app.ports import Is
from app.queries.overview import overview
from app.queries.people import register
from app.queries.sitting import live_sitting
from app.settings import PRACTICE
from db import keep
from sync.homes import SeededDice, SystemClock
from ui.consultation.entry_draft import draft_from
from ui.office import _print_all
from ui.rehearsal import rehearse, scenarios

HERE = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 30, 10, 42, 18, tzinfo=HERE)
LISTED = {"1", "2", "3", "4", "5", "6", "7", "8", "12", "13", "15", "17", "18", "20", "standard", "evening"}
INVENTED = re.compile(r"[\u3400-\U0003ffff]某[\u3400-\U0003ffff]")


class Played:
    """A practice home and what was played in it."""

    def __init__(self, folder, now):
        self.home = keep.open_home(folder, now)
        self.told = rehearse(self.home.shelf, self.home.ledger, SeededDice("practice"), now)
        self.consultations = dict(self.told.consultations)

    def all(self, kind, *where, order=""):
        return self.home.shelf.all(kind, *where, order=order)

    def of(self, code, kind):
        """Return the records of a kind that belong to a scenario's sittings."""
        sittings = self.all(Sitting, Is("consultation_id", self.consultations[code]), order="ordinal")
        return [one for sitting in sittings for one in self.all(kind, Is("sitting_id", sitting.id))]

    def live(self, sitting_id):
        return live_sitting(self.home.shelf, sitting_id, register(self.home.shelf))


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    played = Played(tmp_path_factory.mktemp("practice") / "home", NOW)
    yield played
    played.home.close()


def test_every_scenario_of_the_list_is_there():
    assert {scenario.code for scenario in scenarios()} >= LISTED


def test_rows_equal_the_journal_and_the_home_is_marked_as_practice(played):
    assert keep.check(played.home.engine, deep=True).problems == []
    assert played.home.ledger.jotted()[PRACTICE.name] == "1"


def test_the_evening_is_under_way_as_on_the_screens(played):
    live = played.live(played.told.evening)

    assert (len(live.here()), live.expected(), len(live.awaited()), len(live.silent())) == (27, 32, 5, 20)
    assert list(live.benches().values()) == [18, 4, 2, 3]
    assert len(live.statements()) == 14
    first, second, third = live.issues()
    assert live.consensus_of(first.id).tally().is_unanimous()
    assert live.current_issue() == second
    assert live.consensus_of(second.id).text.startswith("两户各担一半")
    assert not live.consensus_of(second.id).is_settled()
    assert live.consensus_of(third.id) is None
    assert live.elapsed_s(NOW) == 42 * 60 + 18
    half = draft_from(played.home.ledger.jotted()[f"desk/{live.sitting.id}/speak"])
    assert (live.person(half.speaker).name, half.issue_id, half.text[:4]) == ("王某辛", second.id, "凡是涉及")
    assert overview(played.home.shelf, NOW).resume is not None


def test_the_standard_meeting_has_sixty_people_twelve_issues_and_eighteen_tasks(played):
    (sitting,) = played.all(Sitting, Is("consultation_id", played.consultations["standard"]))

    live = played.live(sitting.id)

    assert (len(live.came()), len(live.issues()), len(live.actions())) == (60, 12, 18)


def test_every_counted_vote_adds_up_and_every_issue_of_a_closed_meeting_has_a_result(played):
    for consensus in played.all(Consensus):
        if consensus.is_settled() and consensus.method in COUNTED and consensus.result in SETTLING:
            assert consensus.tally().total() == consensus.present > 0
    for sitting in played.all(Sitting):
        if sitting.ended_at and played.all(Consensus, Is("sitting_id", sitting.id)):
            assert [gap.sentence for gap in played.live(sitting.id).gaps() if gap.what == "consensus"] == []


def test_scenario_2_fans_eighteen_tasks_out_to_ten_units_and_more(played):
    tasks = played.of("2", Action)

    units = {task.unit_id for task in tasks} | {unit for task in tasks for unit in task.support_units}
    assert len(tasks) == 18
    assert len(units) >= 10
    assert sum(task.stage == ActionStage.DONE for task in tasks) >= 8
    assert sum(task.is_overdue(NOW.date()) for task in tasks) == 2


def test_scenarios_keep_their_trap(played):
    routes = {consensus.route for consensus in played.of("3", Consensus)}
    assert routes == {"VILLAGERS_ASSEMBLY"}
    assert len(played.of("3", Consensus)) == 4
    assert Method.CIRCULATION in {consensus.method for consensus in played.of("7", Consensus)}
    assert Method.PARTY_SIGNATURE in {consensus.method for consensus in played.of("1", Consensus)}
    assert {Result.NOT_REACHED, Result.DEFERRED} <= {one.result for one in played.of("18", Consensus)}
    assert played.home.shelf.get(Consultation, played.consultations["1"]).closed_session
    assert len(played.home.shelf.get(Consultation, played.consultations["8"]).place_codes) == 3
    assert [sitting.spoken_language for sitting in played.all(Sitting, Is("spoken_language", "傣语"))] == ["傣语"]


def test_the_bridge_has_its_money_and_its_watcher_and_the_canal_its_labour(played):
    bridge = {
        (part.amount, part.measure): task.supervisor
        for task in played.of("7", Action)
        for part in played.all(Contribution, Is("action_id", task.id))
    }
    labour = [
        int(part.amount)
        for task in played.of("8", Action)
        for part in played.all(Contribution, Is("action_id", task.id), Is("measure", "工"))
    ]

    assert bridge[("200000", "元")] == "陈某子"
    assert sum(labour) >= 4_000


def test_topics_stand_at_every_stage_and_who_was_turned_away_is_told_why(played):
    topics = played.all(Topic)

    assert {topic.stage for topic in topics} >= {*LIFE, TopicStage.MERGED, TopicStage.REFERRED, TopicStage.DEFERRED}
    away = [topic for topic in topics if topic.step() is None and topic.stage != TopicStage.MERGED]
    assert TopicStage.DECLINED in {topic.stage for topic in away}
    assert all(topic.reason for topic in away)


def test_to_every_topic_that_was_revisited_somebody_did_go_back(played):
    topics = {topic.id: topic for topic in played.all(Topic)}
    about = {one.id: topics[one.topic_id] for one in played.all(Consultation) if one.topic_id in topics}
    past = (TopicStage.REVISITED, TopicStage.SETTLED)

    went = {about[one.consultation_id].id for one in played.all(Revisit)}

    assert went == {topic.id for topic in about.values() if topic.stage in past}
    assert len(went) == 6
    (wall,) = played.all(Revisit, Is("consultation_id", played.consultations["1"]))
    assert (wall.households(), wall.satisfied_share(), wall.is_few()) == (2, 100, True)
    assert sum(one.dissatisfied > 0 and bool(one.text) for one in played.all(Revisit)) == 3


def test_nobody_is_real_places_are_and_rare_names_are_among_them(played):
    people = played.all(Person)
    places, practices = Places(resources.places()), read_practices(resources.practices())

    assert [person.name for person in people if not INVENTED.fullmatch(person.name)] == []
    assert {"䶮", "𬱖", "㛃", "竜"} <= {sign for person in people for sign in person.name}
    codes = {code for one in played.all(Consultation) for code in one.place_codes}
    codes |= {person.village_code for person in people if person.village_code}
    codes |= {topic.village_code for topic in played.all(Topic) if topic.village_code}
    assert [code for code in codes if places.get(code) is None] == []
    assert {consultation.practice for consultation in played.all(Consultation)} <= set(practices)
    assert len(played.all(Statement)) > 100
    assert all(issue.title for issue in played.all(Issue))


def test_heads_of_groups_stand_in_their_own_group_and_no_group_is_a_township(played):
    people = played.all(Person)

    assert [one.name for one in people if re.fullmatch("[一二三]组组长", one.post) and one.post[:2] != one.group] == []
    assert [one.group for one in people if one.group.endswith(("乡", "镇"))] == []


def test_of_a_meeting_not_yet_held_what_it_needs_is_written_and_of_one_held_every_paper(played, tmp_path):
    desk = Desk(played.home.shelf, played.home.ledger, SystemClock(), SeededDice("papers"), "示例干部")
    wanted = [played.home.shelf.get(Consultation, played.consultations[code]) for code in ("ahead", "7")]

    _print_all(desk, wanted, tmp_path)

    told = [file.stem.rpartition("_") for file in tmp_path.iterdir()]
    ahead = {name for title, _, name in told if title.startswith("一事一议")}
    held = {name for title, _, name in told if title.startswith("山脚组")}
    assert {"签到表", "会议通知", "邀请函", "红纸议题单", "议程和主持词"} <= ahead
    assert ahead.isdisjoint({"协商共识", "任务分解清单", "会议记录", "协商纪要"})
    assert {"签到表", "协商共识", "任务分解清单", "会议记录", "协商纪要"} <= held


def test_practice_papers_never_say_a_season_that_the_day_may_not_have(played):
    said = [one.text for kind in (Action, Consensus) for one in played.all(kind)]

    assert [text for text in said if re.search(r"月底|汛期|开春|\d,\d{3}", text)] == []


@pytest.mark.parametrize(
    "now",
    [
        datetime(2028, 2, 29, 0, 5, tzinfo=HERE),
        datetime(2027, 1, 1, 23, 59, tzinfo=UTC),
        datetime(2026, 10, 31, 6, 0, tzinfo=timezone(timedelta(hours=-7))),
    ],
)
def test_it_plays_at_any_hour_of_any_day_and_nothing_lies_in_the_future(tmp_path, now):
    played = Played(tmp_path / "home", now)

    assert len(played.live(played.told.evening).here()) == 27
    assert all(sitting.opened_at is None or sitting.opened_at <= now for sitting in played.all(Sitting))
    assert all(
        action.done_on is None or action.done_on <= date.fromisoformat(f"{now:%Y-%m-%d}")
        for action in played.all(Action)
    )
    assert keep.check(played.home.engine, deep=True).problems == []
    played.home.close()
