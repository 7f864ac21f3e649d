"""Finding on data set L, without the window: people by initials, and everything that is written."""

import random
from collections.abc import Iterator

from app.domain.pinyin import readings
from app.queries.people import register
from app.queries.search import Finder, finder
from db.keep import open_home
from tests.speed.county import EVENING, L, Size, county
from tests.speed.figures import Figure, spread, tell, took_ms


def bench(size: Size = L, times: int = 300) -> Iterator[Figure]:
    """Look people up by two and three initials, then words in all that is written."""
    with county(size) as lent:
        home = open_home(lent.folder, EVENING)
        opened = took_ms(lambda: register(home.shelf))
        people = register(home.shelf)
        pick = random.Random("search")
        names = [person.name for person in pick.sample(list(people.people.values()), min(times, len(people.people)))]
        folded = [_initials(person.name) for person in people.people.values()]
        for letters in (1, 2, 3):
            keys = [_initials(name)[:letters] for name in names]
            found = spread(took_ms(lambda key=key: people.find_people(key)) for key in keys)  # type: ignore[misc]
            scan = spread(took_ms(lambda key=key: _scan(folded, key)) for key in keys)  # type: ignore[misc]
            name = f"{letters} initials over {len(folded):,} people, found"
            yield Figure(name, found.p95, "ms", 16, scan.p50, "str.startswith scan of ready initials", note=str(found))
        yield Figure("register read and indexed", opened, "ms")
        built = took_ms(lambda: finder(home.shelf))
        seeker = finder(home.shelf)
        yield Figure("titles read and indexed for Ctrl K", built, "ms")
        yield _asked("by characters", seeker, ("排水沟", "挡墙", "移风易俗", "没有这个词"))
        yield _asked("by initials", seeker, ("psg", "dangqiang", "yfys", "qqqq"))
        home.close()


def _asked(how: str, seeker: Finder, queries: tuple[str, ...]) -> Figure:
    """Ask for each query as the search box does, titles first and statements after."""
    told = spread(
        took_ms(lambda query=query: (seeker.titles(query), seeker.statements(query)))  # type: ignore[misc]
        for query in (queries[0], *queries * 5)
    )
    return Figure(f"Ctrl K over data set L, {how}", told.p95, "ms", 100, note=str(told))


def _initials(name: str) -> str:
    return "".join((readings(sign) or (sign,))[0][0] for sign in name)


def _scan(folded: list[str], key: str) -> list[str]:
    return [initials for initials in folded if initials.startswith(key)]


if __name__ == "__main__":
    tell(bench())
