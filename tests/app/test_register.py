"""The register at hand: whoever is put down while the names are being indexed beside is found all the same."""

from app.domain.change import ChangeSet, created, laid_down
from app.domain.people import Person
from app.queries.people import Register

ZHAO, QIAN, SUN = (Person(name, name) for name in ("赵某甲", "钱某乙", "孙某丙"))


def names(register: Register, query: str) -> list[str]:
    return [found.person.name for found in register.find_people(query)]


def test_who_comes_while_the_names_are_indexed_is_found():
    register = Register([ZHAO], [], [])
    beside = register.indexed()

    register.take(ChangeSet("登记", created(QIAN)))
    register.adopt(beside)

    assert names(register, "zmj") == ["赵某甲"]
    assert names(register, "qmy") == ["钱某乙"]


def test_who_is_taken_off_while_the_names_are_indexed_is_not_found():
    register = Register([ZHAO, SUN], [], [])
    beside = register.indexed()

    register.take(ChangeSet("撤", laid_down(ZHAO)))
    register.adopt(beside)

    assert names(register, "mou") == ["孙某丙"]


def test_names_that_come_after_the_first_search_change_nothing():
    register = Register([ZHAO], [], [])
    beside = register.indexed()
    assert names(register, "zmj") == ["赵某甲"]

    register.take(ChangeSet("登记", created(QIAN)))
    register.adopt(beside)

    assert names(register, "qmy") == ["钱某乙"]
