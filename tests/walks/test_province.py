"""From a courtyard to the page of the province: laptop, stick, county, line, server, and the receipt back."""

import json
import time
import urllib.request

import pytest

import resources
from app.commands.action import AssignAction, FinishAction
from app.commands.attendance import CheckIn
from app.commands.consensus import Objection, SettleConsensus
from app.commands.edition import SealSitting
from app.commands.people import RegisterPerson
from app.commands.revisit import RecordRevisit
from app.commands.sitting import CallSitting, CloseSitting, OpenSitting
from app.commands.statement import RecordStatement
from app.domain.action import Action
from app.domain.consensus import Tally
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.issue import Issue
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.sitting import Sitting
from app.queries.edition import content_of
from db.keep import open_home
from sync.carriers.wire import synchronise
from sync.reach import Reach, reach_of
from tests.postgres import open_fresh
from tests.sync.fleet import Fleet
from tests.walks.serving import server_on

VILLAGE = "530102001001"
PLACES = Places(resources.places())
PRACTICE = read_practices(resources.practices())["yuanba"]
CANARIES = ("赵某甲", "钱某乙", "孙某丙")
SAID = "我家的猪圈不能拆"


@pytest.fixture(params=["a file", "a PostgreSQL"])
def fleet(tmp_path, request):
    """County and province keep what they have in a file each, or in a PostgreSQL."""
    made = Fleet.known(tmp_path / "fleet", upper=open_home if request.param == "a file" else open_fresh)
    yield made
    for machine in made.machines:
        if machine is not made.province:
            machine.close()


def page(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode("utf-8")


def an_evening(machine):
    """Hold a meeting of three villagers, settle, seal, give a task out, do it, and go round again."""
    desk = machine.desk
    people = [desk.do(RegisterPerson(name, VILLAGE, "二组")).changes[0].record_id for name in CANARIES]
    desk.do(CallSitting("石墙怎么修", (VILLAGE,), issues=("谁出资",), invited=tuple(people)))
    sitting = machine.home.shelf.all(Sitting)[0]
    for person in people:
        desk.do(CheckIn(sitting.id, person))
    desk.do(OpenSitting(sitting.id))
    desk.do(RecordStatement(sitting.id, SAID, speaker_id=people[0]))
    issue = machine.home.shelf.all(Issue)[0]
    settled = SettleConsensus(
        issue.id, "两家各出一半，孙某丙看着。", tally=Tally(2, 1), objections=(Objection(people[2], SAID),)
    )
    desk.do(settled)
    desk.do(AssignAction(sitting.id, "修 15 米挡墙"))
    desk.do(CloseSitting(sitting.id))
    desk.do(SealSitting(sitting.id, content_of(PLACES, PRACTICE, sitting.id)))
    action = machine.home.shelf.all(Action)[0]
    desk.do(FinishAction(action.id, "修好了"))
    desk.do(RecordRevisit(action_id=action.id, satisfied=2))
    return machine.home.shelf.all(Consultation)[0]


def test_an_evening_in_a_courtyard_stands_on_the_page_of_the_province(fleet):
    consultation = an_evening(fleet.a)
    digits = fleet.a.home.shelf.all(Edition)[0].digits
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    fleet.province.close()

    database = fleet.province.folder / "database"
    where = ("--database", database.read_text("utf-8")) if database.exists() else ()
    with server_on(fleet.province.folder, *where) as server:
        pages = server.pages
        synchronise(server.relay, fleet.county.exchange)
        shown = page(f"{pages}/consultations/{consultation.id}")
        county = counted(f"{pages}/data/figures.json?place=530102&year={fleet.a.clock.at.year}")
        everything = [page(pages + path) for path in all_paths(consultation)]

    assert server.process.returncode == 0
    assert "石墙怎么修" in shown
    assert "两家各出一半" in shown
    assert "同意 2 · 反对 1" in shown
    assert "保留意见 1 条" in shown
    assert "签名核对无误" in shown
    assert digits[:4] in shown
    names = [column["name"] for column in county["columns"]]
    (row,) = (dict(zip(names, row, strict=True)) for row in county["rows"])
    assert (row["sittings"], row["consensuses"], row["done"], row["households"]) == (1, 1, 1, 0)
    for text in everything:
        assert not [name for name in (*CANARIES, SAID) if name in text]

    fleet.county.writes_to(fleet.stick)
    fleet.a.takes_from(fleet.stick)
    own = fleet.a.exchange.directory()
    assert reach_of(fleet.a.home.postbox, own, [consultation.id]) == Reach.APPLIED


def all_paths(consultation):
    """Return every page and list that could tell of the meeting."""
    lists = [f"/data/{name}.json?place=53" for name in ("figures", "topics", "consultations", "consensuses", "actions")]
    searches = [f"/search?q={urllib.request.quote(words)}" for words in ("石墙", "修 15 米", "zmj")]
    return ["/", "/places/530102001", f"/consultations/{consultation.id}", *lists, *searches]


def counted(url):
    """Return a list once figures have been counted: they follow what came in within a moment."""
    until = time.monotonic() + 60
    while not (found := json.loads(page(url)))["rows"] and time.monotonic() < until:
        pass
    return found
