"""A stick is tidied by whoever wrote on it: what has arrived goes, what has not stays, and everything of others."""

import pytest

from app.commands.people import RegisterPerson
from app.commands.topic import RaiseTopic
from tests.sync.fleet import Fleet
from tests.sync.test_erasure import erasing
from tests.sync.test_pictures import photographed


@pytest.fixture
def fleet(upper, tmp_path):
    fleet = Fleet.known(tmp_path / "fleet", upper=upper)
    yield fleet
    fleet.close()


def files(fleet, machine=None, suffix=".YB") -> set[str]:
    """Return the packs on the stick, or those of one machine."""
    mark = f"-{machine.exchange.device()[:4]}-".upper() if machine else ""
    return {one.name for one in fleet.stick.rglob("*") if one.name.endswith(suffix) and mark in one.name}


def carried(fleet, *machines) -> None:
    for machine in machines:
        machine.takes_from(fleet.stick)
        machine.writes_to(fleet.stick)


def written(fleet, machine=None) -> str:
    """Let one more thing be written to the stick and return the name of its pack."""
    machine = machine or fleet.a
    machine.desk.do(RaiseTopic("挡墙谁来修"))
    done = machine.writes_to(fleet.stick)
    return done.files[0].name


def test_a_package_that_the_county_and_the_province_have_goes_when_a_newer_one_lies_there(fleet):
    first = written(fleet)
    carried(fleet, fleet.county, fleet.province, fleet.county)
    fleet.a.takes_from(fleet.stick)
    of_others = files(fleet) - files(fleet, fleet.a)

    fleet.a.desk.do(RaiseTopic("水沟谁来清"))
    done = fleet.a.writes_to(fleet.stick)

    assert first not in files(fleet)
    assert files(fleet, fleet.a) == {done.files[0].name}
    assert done.cleared == 1
    assert of_others <= files(fleet)


def test_what_only_the_county_has_stays_until_the_province_has_it(fleet):
    first = written(fleet)
    carried(fleet, fleet.county)
    fleet.a.takes_from(fleet.stick)

    second = written(fleet)
    assert {first, second} <= files(fleet)

    carried(fleet, fleet.county, fleet.province, fleet.county)
    fleet.a.takes_from(fleet.stick)
    written(fleet)
    assert files(fleet).isdisjoint({first, second})


def test_names_need_no_province_for_it_is_never_given_them(fleet):
    fleet.a.desk.do(RegisterPerson("赵某甲", phone="13800003217"))
    first = fleet.a.writes_to(fleet.stick).files[0].name
    carried(fleet, fleet.county, fleet.b)
    fleet.a.takes_from(fleet.stick)

    written(fleet)

    assert first not in files(fleet)


def test_the_newest_package_stays_whatever_has_arrived(fleet):
    written(fleet)
    carried(fleet, fleet.county, fleet.province, fleet.county)
    fleet.a.takes_from(fleet.stick)
    (newest,) = fleet.a.writes_to(fleet.stick).files

    carried(fleet, fleet.county, fleet.province, fleet.county, fleet.a)

    assert newest.name in files(fleet)


def test_a_file_that_only_looks_like_ours_stays(fleet):
    first = written(fleet)
    carried(fleet, fleet.county, fleet.province, fleet.county)
    fleet.a.takes_from(fleet.stick)
    (path,) = (one for one in fleet.stick.rglob(first))
    path.write_bytes(path.read_bytes()[:-1024] + b"\1" * 1024)

    written(fleet)

    assert first in files(fleet)


def test_pictures_have_to_have_arrived_too(fleet):
    fleet.a.desk.do(RaiseTopic("挡墙谁来修"))
    photographed(fleet.a)
    words, pictures = fleet.a.writes_to(fleet.stick).files
    aside = fleet.folder / "aside"
    pictures.rename(aside)
    carried(fleet, fleet.county, fleet.province, fleet.county)
    fleet.a.takes_from(fleet.stick)
    aside.rename(pictures)

    written(fleet)

    assert pictures.name in files(fleet)
    assert words.name not in files(fleet)
    carried(fleet, fleet.county)
    fleet.a.takes_from(fleet.stick)
    written(fleet)
    assert pictures.name not in files(fleet)


def test_what_was_cut_off_is_taken_away_by_whoever_wrote_it(fleet):
    ours = fleet.stick / "YUANBA" / "530102" / (written(fleet).replace(".YB", ".YB.PART"))
    other = ours.with_name("YB-530102001-FFFF-000001.YB.PART")
    for path in (ours, other):
        path.write_bytes(b"cut off")

    fleet.a.writes_to(fleet.stick)

    assert files(fleet, suffix=".PART") == {other.name}


def test_a_package_with_words_that_had_to_be_erased_goes_at_once(fleet):
    person_id = fleet.a.desk.do(RegisterPerson("赵某甲", phone="13800003217")).changes[0].record_id
    first = fleet.a.writes_to(fleet.stick).files[0].name
    erasing(fleet.a).erase("person", person_id)

    fleet.a.writes_to(fleet.stick)

    assert first not in files(fleet)
    carried(fleet, fleet.county, fleet.b)
    assert fleet.b.digest() == fleet.a.digest()
