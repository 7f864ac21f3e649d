"""The server of a county, prefecture or province: takes packs in, gives receipts out, and shows the pages.

Two doors: the relay (8420), which laptops and counties call, and the pages (8430), which anybody reads. One home stands
behind both; figures are counted beside, so that neither door waits for them.

The office, where people sign in, is a third door when it is given a port (`--admin-port`). Without one it stands on the
port of the pages only if they answer this machine alone. For what everybody can reach, everybody can try passwords at;
and a port of its own can be left to the building's own network by a firewall, which cannot tell one page from another.
"""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from app.desk import Desk
from app.domain.errors import Refused, Trouble
from app.domain.place import NOWHERE, Places
from app.domain.sweeping import keep_loaded
from app.ports import Clock
from app.queries.place_book import bring_up_to_date
from db import attachments, backup, keep, province_backup, shards, store_folder
from db.accounts import SqlRegister
from db.dialect import there
from db.incarnation import Traces
from db.place_book import SqlBook
from db.province import Store, open_store
from sync.exchange import RELAY, Exchange, Relay, exchange_of
from sync.homes import StageClock, SystemClock, SystemDice, default_home, default_state, machine_print
from sync.server import account_verbs
from sync.server.accounts import Accounts
from sync.server.counties import ByCounty, CountyDesks
from sync.server.counting import Counting
from sync.server.office import Office
from sync.server.pages.doors import OFFICE
from sync.server.pages.guard import SIGN_IN
from sync.server.pages.room import Room
from sync.server.pages.site import ENDPOINTS, site
from sync.server.parsing import Parser, county, port
from sync.server.relay import Desks, Heard, OneDesk, one_worker
from sync.server.sample import LAST_EVENING, SampleProvince, is_mixed, settled
from sync.server.sample_exchange import enrolled
from sync.server.serving import Pages, as_others_type
from sync.server.troubles import NoSample, binding, known, look_at, opening, table
from sync.server.watching import JsonLines, Sparing, Watch, where
from sync.server.web import Server
from sync.server.witness import Witness

_LOG = logging.getLogger("server")
DONE, OUR_FAULT, REFUSED, STOPPED = 0, 1, 3, 130
RELAY_PORT, PAGES_PORT = 8420, 8430
DESKS = max(2, min(4, os.cpu_count() or 2))
"""How many packs of different counties are taken in at once: while one waits for the database, another is opened. More
than there are cores only wait for each other."""
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
LISTEN_EVERY_S = 0.5
_STOPPED = threading.Event()
"""Set once somebody has told the program to end."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class NobodyYet(Refused):
    """The home belongs to no organisation yet, and nobody said which place its pages are about."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"还不知道 {folder} 是哪里的服务器",
            "数据都在",
            "先用 ./run server found --place 区划代码 --name 名称 设立；只想看看，用 ./run server --sample",
        )


class OfficeInTheOpen(Refused):
    """Passwords would go over a network as they are."""

    def __init__(self) -> None:
        super().__init__(
            "管理页面对着网络开，密码会明着传",
            "什么也没开",
            "用 --certificate 和 --key 给它证书，或者不写 --admin-address，只在本机开",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the verb says, or serve until told to stop; return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    verb = VERBS.get(words[0]) if words else None
    try:
        with _interrupted():
            return verb(words[1:]) if verb else _serve(words)
    except Trouble as trouble:
        _tell(trouble.sentence() + _code_of(trouble))
        return REFUSED
    except KeyboardInterrupt:
        _tell("停下了。没做完的已经清掉，数据没有动。什么时候再做都行")
        return STOPPED
    except Exception as error:  # our own mistake; its words may hold what somebody wrote, and stderr is kept in a log
        spot = f"{type(error).__name__} {where(error.__traceback__)}"
        _tell(f"这一步没做成，是程序自己的毛病。已经存好的都在。把这一行拿给我们看：{spot}")
        return OUR_FAULT


def _heard_of(fallen: threading.ExceptHookArgs) -> None:
    """Log what ended a thread, without its words."""
    if fallen.exc_value is not None:
        told = (fallen.exc_type, fallen.exc_value, fallen.exc_traceback)
        _LOG.critical("a part of the program has ended: %s", fallen.thread.name if fallen.thread else "", exc_info=told)


@contextmanager
def _interrupted() -> Iterator[None]:
    """Let whoever is told to end clean up behind itself, be it by Ctrl C or by the system."""

    def interrupt(*_: object) -> None:
        _STOPPED.set()
        raise KeyboardInterrupt

    def complain(unheard: "sys.UnraisableHookArgs") -> None:
        if not isinstance(unheard.exc_value, KeyboardInterrupt):
            sys.__unraisablehook__(unheard)

    before, complained = [signal.signal(number, interrupt) for number in _SIGNALS], sys.unraisablehook
    sys.unraisablehook = complain
    try:
        yield
    finally:
        _STOPPED.clear()
        sys.unraisablehook = complained
        for number, usual in zip(_SIGNALS, before, strict=True):
            signal.signal(number, usual)


def _code_of(trouble: Trouble) -> str:
    """Return the code by which the help knows it, when that is one of its own."""
    return "" if trouble.code in (Refused.code, Trouble.code) else f"。代号 {trouble.code}"


def _serve(words: Sequence[str]) -> int:
    told = _parser().parse_args(words)
    look_at(told)
    if _is_for_a_look(told):
        _tell("这台机器上还没有自己的服务器，先给您看示例省，全是编的")
        _tell("自己的：./run server found --place 区划代码 --name 名称，再 ./run server")
        told.sample = True
    lines = logging.StreamHandler(sys.stdout)
    lines.setFormatter(JsonLines())
    lines.addFilter(Sparing())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    logging.raiseExceptions = False  # whoever writes no log on a full disk writes no twenty lines about each elsewhere
    logging.getLogger("alembic").setLevel(logging.WARNING)
    threading.excepthook = _heard_of
    _open_many()
    with _served(told) as (doors, said):
        keep_loaded()
        for sentence in map(as_others_type, said):
            _tell(sentence)
        _LOG.info("serving %s", " ".join(url for url in map(_url_in, said) if url))
        while not _STOPPED.wait(LISTEN_EVERY_S) and all(door.is_open() for door in doors):
            pass
        is_told = _STOPPED.is_set()
        if not is_told:
            _LOG.critical("a door has shut by itself")
        _LOG.info("ending")
    _LOG.info("ended")
    if is_told:
        return DONE
    _tell("有一扇门自己关了，是程序自己的毛病，别的门也都关上了。收下的都在，没收完的会再送来。请再开一次")
    return OUR_FAULT


def _open_many() -> None:
    """Let as many connections and files be open as the system would let us: it mostly begins with 1,024, which is what
    the relay alone has connections."""
    if sys.platform == "linux":
        import resource

        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _url_in(sentence: str) -> str:
    return sentence.partition("：")[2] if "://" in sentence else ""


def _is_for_a_look(told: argparse.Namespace) -> bool:
    """Return whether nobody said what to serve, and nothing is here yet."""
    said = (told.home, told.database, told.place, told.places, told.attachments)
    return not any(said) and not told.sample and not _own_home().exists()


def _parser() -> Parser:
    about = f"院坝 Yuanba for a county, prefecture or province; other verbs: {', '.join(VERBS)}"
    parser = Parser(prog="server", description=about)
    parser.add_argument("--home", type=Path, metavar="H", help="the folder of the home; its own by default")
    _database_argument(parser)
    parser.add_argument("--sample", action="store_true", help="show 示例省, which does not exist, instead of one's own")
    parser.add_argument("--place", default="", metavar="CODE", help="whose pages these are, when no office was founded")
    parser.add_argument("--places", type=Path, metavar="F.tsv", help="another table of places: code, tab, name")
    parser.add_argument("--address", default="127.0.0.1", metavar="A", help="0.0.0.0 answers the whole network")
    parser.add_argument("--port", type=port, default=PAGES_PORT, metavar="P", help="of the pages")
    parser.add_argument("--relay-port", type=port, default=RELAY_PORT, metavar="P", help="of the exchange")
    parser.add_argument("--admin-port", type=port, metavar="P", help="of the office, where people sign in")
    parser.add_argument("--admin-address", default="127.0.0.1", metavar="A", help="elsewhere it needs a certificate")
    parser.add_argument("--certificate", type=Path, metavar="F.pem", help="speak TLS with this chain of certificates")
    parser.add_argument("--key", type=Path, metavar="F.pem", help="the key of the certificate")
    return parser


def _database_argument(parser: Parser) -> None:
    says = "keep the facts in this PostgreSQL (postgresql://…); pictures and the key stay in the folder of --home"
    parser.add_argument("--database", default="", metavar="URL", help=says)
    says = "keep attachments in this bucket (s3://bucket/prefix); where it is and its keys stand in the environment"
    parser.add_argument("--attachments", default="", metavar="S3", help=says)


@contextmanager
def _served(told: argparse.Namespace) -> Iterator[tuple[list[Pages | Server], list[str]]]:
    """Serve; yield the doors, and what is said of them."""
    _refuse_nothing(told)
    home = _open_home(told)
    with ExitStack() as stack:
        stack.callback(home.close)
        if isinstance(home, Store):
            with opening(home.folder):  # whoever moves its attachments has to wait, as with a home
                stack.enter_context(keep.hold(home.folder))
        attachments.try_out(home.blobs)
        book = SqlBook(home.engine, home.ledger)
        places = _places(told, home, book)
        exchange = _exchange(home)
        code, watch = _code(told, exchange, places), Watch()
        _wait_for_signals()  # from here on there are threads, which are not to be left behind
        with (
            Counting(home.shelf, book, SystemClock()) as counting,
            one_worker() as worker,
            Witness(_register(home), home.postbox, home.seal, SystemClock(), worker),
            _relay(told, exchange, home, counting, watch, worker) as relay,
        ):
            clock: Clock = StageClock(LAST_EVENING) if told.sample else SystemClock()
            behind = (_accounts(home, places, code), Office(exchange, home.postbox, places, clock, worker))
            room = Room(home.shelf, book, places, home.seal, SystemClock(), code, told.sample, *behind, there)
            with _pages(told, room, watch) as (doors, said):
                if relay:
                    doors.append(relay)
                    said.append(f"交换：{relay.url}")
                yield doors, [*said, *_asked_for(told, room), "按 Ctrl C 停"]


def _asked_for(told: argparse.Namespace, room: Room) -> list[str]:
    """Return how somebody gets into the office of a sample that nobody has an account of."""
    has_any = room.accounts is not None and room.accounts.register.accounts()
    home = f" --home {told.home}" if told.home else ""
    said = f"管理还没有账号：停下，./run server account add --sample{home} --role security --name 您的名字，再开"
    return [said] if told.sample and not has_any else []


@contextmanager
def _pages(told: argparse.Namespace, room: Room, watch: Watch) -> Iterator[tuple[list[Pages | Server], list[str]]]:
    """Open the door of the pages, and that of the office: the same one, or one of its own, or none.

    Raises:
        OfficeInTheOpen: The office was to answer a network without TLS.
    """
    is_own, is_here = told.admin_port is not None, told.address in LOOPBACK
    if is_own and told.admin_address not in LOOPBACK and not told.certificate:
        raise OfficeInTheOpen
    open_ones = (*ENDPOINTS, *OFFICE) if is_here and not is_own else ENDPOINTS
    with ExitStack() as stack:
        pages = stack.enter_context(Pages(site(room, watch, open_ones), (told.address, told.port), told))
        doors: list[Pages | Server] = [pages]
        said = [f"网页：{pages.url}"]
        if is_own:
            app, address = site(room, watch, (*ENDPOINTS, *OFFICE)), (told.admin_address, told.admin_port)
            doors.append(stack.enter_context(Pages(app, address, told, "--admin-port")))
            said.append(f"管理：{doors[-1].url}{SIGN_IN}")
        else:
            said.append(f"管理：{pages.url}{SIGN_IN}" if is_here else "管理：没有开，用 --admin-port 给它一个端口")
        yield doors, said


def _folder(told: argparse.Namespace) -> Path:
    if told.home:
        return Path(told.home)
    return default_home().with_name("yuanba-sample") if told.sample else _own_home()


def _refuse_nothing(told: argparse.Namespace) -> None:
    """Refuse to begin an empty home where nobody said what is to be in it: a folder may be written wrongly.

    Raises:
        NobodyYet: There is nothing in it.
    """
    folder = _folder(told)
    is_said = told.database or told.sample or told.place
    is_there = os.path.isfile(folder) or store_folder.has_ledger(folder) or store_folder.is_one(folder)
    is_shut = os.path.isdir(folder) and not os.access(folder, os.X_OK)  # what is in it, whoever opens it will be told
    if not (is_said or is_there or is_shut):
        raise NobodyYet(folder)


def _open_home(told: argparse.Namespace) -> keep.Home | Store:
    folder = _folder(told)
    database = getattr(told, "database", "")
    with opening(folder):
        if not database:
            store_folder.refuse(folder)
        if getattr(told, "attachments", ""):
            attachments.begin_in(folder, told.attachments)
        if database:
            return open_store(told.database, folder, SystemClock().now())
        return keep.open_home(folder, SystemClock().now(), Traces(machine_print(folder), default_state()))


def _opened_accounts(told: argparse.Namespace, stack: ExitStack) -> account_verbs.Opened:
    """Open the accounts of a home for a verb of the command line."""
    _refuse_nothing(told)
    home = _open_home(told)
    stack.callback(home.close)
    places = _table(told)
    code = _code(told, _exchange(home), places)
    return account_verbs.Opened(_accounts(home, places, code), SystemClock(), code, home.seal, home.postbox)


def _accounts(home: keep.Home | Store, places: Places, code: str) -> Accounts:
    return Accounts(_register(home), SystemClock(), SystemDice(), places, code)


def _register(home: keep.Home | Store) -> SqlRegister:
    return SqlRegister(home.engine, home.ledger, keep.home_key(home.folder))


@contextmanager
def _relay(
    told: argparse.Namespace,
    exchange: Exchange,
    home: keep.Home | Store,
    counting: Counting,
    watch: Watch,
    worker: Executor,
) -> Iterator[Server | None]:
    """Open the door for packs; a sample has none, for nothing of it may travel."""
    if exchange.directory().own() == NOWHERE:
        yield None
        return
    waiting = home.folder / RELAY
    waiting.mkdir(exist_ok=True)

    def tell(trouble: Trouble | None) -> None:
        if trouble is not None:
            _LOG.warning("a pack was refused: %s", trouble.code)
            watch.count("yuanba_packs_refused_total", code=trouble.code)
            return
        _LOG.info("a pack was taken in")
        watch.count("yuanba_packs_taken_total")
        counting.hear()

    hear = partial(Heard, tell=tell)
    desks: Desks = OneDesk(hear(Relay(exchange)), worker)
    if isinstance(home, Store):
        desks = CountyDesks(_county_desks(exchange, home, worker), home, hear)
    with binding(told.address, told.relay_port, "--relay-port"):
        server = Server(desks, waiting, (told.address, told.relay_port))
    with server:
        yield server


def _county_desks(exchange: Exchange, store: Store, worker: Executor) -> list[tuple[ByCounty, Executor]]:
    """Return desks over one database: the first is the office's own."""
    exchange.prepare()  # what an older program could not read, it left in any of the counties
    desks = [(ByCounty(exchange, store), worker)]
    for number in range(1, DESKS):
        beside = store.at_desk(f"{number}")
        desks.append((ByCounty(_exchange(beside, f"{number}"), beside), one_worker()))
    return desks


def _exchange(home: keep.Home | Store, desk: str = "", clock: Clock | None = None) -> Exchange:
    ports = (home.postbox, home.shelf, home.seal, clock or SystemClock(), SystemDice())
    return exchange_of(*ports, home.folder, keep.REVISION, home.cargo, desk)


def _places(told: argparse.Namespace, home: keep.Home | Store, book: SqlBook) -> Places:
    """Return the table of places; for a sample, fill the home with it if that was not done.

    Raises:
        NoSample: The home has something else.
    """
    own = _exchange(home).directory().own() if told.sample else ""
    if own not in ("", NOWHERE):
        raise NoSample(home.folder)
    if told.sample and (book.counted() is None or not own):
        if is_mixed(home.shelf):
            raise NoSample(home.folder)
        _tell("正在造示例省，几秒钟就好")
        clock = StageClock(LAST_EVENING)
        places = settled(Desk(home.shelf, home.ledger, clock, SystemDice(), seal=home.seal), home.seal.sign)
        enrolled(_exchange(home, clock=clock), home.postbox, home.shelf, clock, places)
        bring_up_to_date(home.shelf, book, SystemClock().now())
    return _table(told)


def _table(told: argparse.Namespace) -> Places:
    if told.sample:
        return Places(SampleProvince().places())
    return table(told.places)


def _code(told: argparse.Namespace, exchange: Exchange, places: Places) -> str:
    """Return whose pages these are: what was said, the sample, or the organisation that the home belongs to.

    Raises:
        NobodyYet: None of them is known.
        PlaceUnknown: There is no such place in the table.
    """
    own = NOWHERE if told.sample else exchange.directory().own()
    code = told.place or own
    if not code:
        raise NobodyYet(_folder(told))
    return known(places, code).code


def _back_up(words: Sequence[str]) -> int:
    parser = Parser(prog="server backup", description="write a home into one file; it may be at work")
    parser.add_argument("--home", type=Path, default=_own_home(), metavar="H")
    parser.add_argument("--database", default="", metavar="URL", help="this PostgreSQL as well, by its own pg_dump")
    parser.add_argument("--to", type=Path, required=True, metavar="F.tar")
    parser.add_argument("--key-to", type=Path, metavar="F.key", help="the key as well; keep it in another place")
    told = parser.parse_args(words)
    is_province, home, to = bool(told.database), told.home, told.to
    with opening(home):
        if told.key_to:
            _keep_key_apart(told)
        made = province_backup.back_up(told.database, home, to) if is_province else backup.back_up(home, to)
    elsewhere = attachments.told(told.home)
    said = {"files": made.files, "bytes": made.size, "sha256": made.sha256, "attachments": elsewhere}
    print(json.dumps(said), flush=True)
    _tell("备份好了，读回核对过" if told.key_to else "备份好了，读回核对过；密钥不在里面，用 --key-to 另存到别处一份")
    if elsewhere:
        _tell(f"附件在 {elsewhere}，不在这份备份里：那边要另外备份")
    return DONE


def _keep_key_apart(told: argparse.Namespace) -> None:
    if not told.database:
        store_folder.refuse(told.home)
    if told.key_to.resolve() == told.to.resolve():
        raise backup.NotThere(told.key_to, "备份要写在那里，密钥要另放一处")
    backup.take_key(told.home, told.key_to)


def _attachments(words: Sequence[str]) -> int:
    says = "move the attachments of a home that nobody has open from its folder into a bucket"
    parser = Parser(prog="server attachments", description=says)
    parser.add_argument("--home", type=Path, default=_own_home(), metavar="H")
    parser.add_argument("--to", required=True, metavar="S3", help="s3://bucket/prefix; keys stand in the environment")
    told = parser.parse_args(words)
    if store_folder.is_one(told.home):
        store_folder.tell(told.home)  # no facts are asked for; a lock in it must not make it look like a home
    with opening(told.home):
        lock = keep.hold(told.home)
    with lock:
        moved = attachments.move_to(told.home, told.to)
    where = attachments.told(told.home)
    print(json.dumps({"files": moved.files, "bytes": moved.size, "attachments": where}), flush=True)
    _tell(f"附件都在 {where} 了，逐件读回核对过；以后照常开服务就行")
    return DONE


def _restore(words: Sequence[str]) -> int:
    about = "put a backup into an empty folder, and an empty database if it is one of a PostgreSQL"
    parser = Parser(prog="server restore", description=about)
    parser.add_argument("--from", type=Path, required=True, metavar="F.tar", dest="file")
    parser.add_argument("--key", type=Path, required=True, metavar="F.key")
    parser.add_argument("--home", type=Path, required=True, metavar="H")
    parser.add_argument("--database", default="", metavar="URL", help="an empty one (createdb -T template0 …)")
    told = parser.parse_args(words)
    if told.database:
        province_backup.restore(told.file, told.key, told.database, told.home, SystemClock().now())
    else:
        backup.restore(told.file, told.key, told.home)
    home = _open_home(told)
    try:
        problems = keep.check(home.engine).problems
    finally:
        home.close()
    elsewhere = attachments.told(told.home)
    said = {"ok": not problems, "problems": problems, "attachments": elsewhere}
    print(json.dumps(said, ensure_ascii=False), flush=True)
    _tell("恢复好了；从这里接着用，别再开原来那一份" + (f"；附件还在 {elsewhere}" if elsewhere else ""))
    return DONE if not problems else REFUSED


def _account(words: Sequence[str]) -> int:
    return account_verbs.account(words, _opened_accounts)


def _audit(words: Sequence[str]) -> int:
    return account_verbs.audit(words, _opened_accounts)


def _found(words: Sequence[str]) -> int:
    parser = Parser(prog="server found", description="found the office whose server this is, once")
    parser.add_argument("--home", type=Path, default=_own_home(), metavar="H")
    _database_argument(parser)
    parser.add_argument(
        "--place", required=True, metavar="CODE", help="53 is a province, 5303 a prefecture, 530302 a county"
    )
    parser.add_argument("--name", required=True, metavar="NAME", help="what the office is called")
    parser.add_argument("--places", type=Path, metavar="F.tsv", help="another table of places, at every start as well")
    parser.set_defaults(sample=False)
    told = parser.parse_args(words)
    known(_table(told), told.place)
    home = _open_home(told)
    try:
        key = _exchange(home).enrolment().found(told.place, told.name)
    finally:
        home.close()
    print(json.dumps({"place": told.place, "name": told.name, "key": key}, ensure_ascii=False), flush=True)
    _tell(f"{told.name}设立好了。数据要另存一份备份：钥匙丢了没有第二把")
    return DONE


def _move(words: Sequence[str]) -> int:
    about = "move a county's rows to another PostgreSQL cluster, while the servers go on"
    parser = Parser(prog="server move", description=about)
    parser.add_argument("--home", type=Path, default=_own_home(), metavar="H")
    parser.add_argument("--database", required=True, metavar="URL", help="the province's")
    parser.add_argument("--county", required=True, type=county, metavar="CODE", help="six digits")
    parser.add_argument("--to", default="", metavar="URL", help="the other one's, as the province's reaches it; here")
    parser.set_defaults(sample=False)
    parser.add_argument("--places", type=Path, metavar="F.tsv", help="another table of places")
    told = parser.parse_args(words)
    if told.to:
        known(_table(told), told.county)
    with opening(told.home):
        store = open_store(told.database, told.home, SystemClock().now())
    try:
        shards.part(store.engine)
        rows = shards.move(store.engine, told.county, told.to)
        away = shards.away(store.engine)
    finally:
        store.close()
    print(json.dumps({"county": told.county, "rows": rows, "away": away}), flush=True)
    _tell(f"{told.county} 搬好了，{rows} 行")
    return DONE


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "found": _found,
    "backup": _back_up,
    "restore": _restore,
    "attachments": _attachments,
    "move": _move,
    "account": _account,
    "audit": _audit,
}


def _own_home() -> Path:
    return default_home().with_name("yuanba-server")


def _wait_for_signals() -> None:
    """Let a signal be waited for from now on. It may come to any thread, and Python hears of it in the main one alone,
    which has to wake up for it now and then.

    Raises:
        KeyboardInterrupt: One has come already; Python drops what interrupts it while it clears up after itself.
    """
    for number in _SIGNALS:
        signal.signal(number, lambda *_: _STOPPED.set())
    if _STOPPED.is_set():
        raise KeyboardInterrupt


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":  # as units of an older program say; `__main__.py` knows how to be stopped while it loads
    sys.exit(main())
