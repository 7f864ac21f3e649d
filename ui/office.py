"""The headless command line: the program's own paths without a window. JSON lines on stdout, messages on stderr.

It ends with 0 when all went well, 3 when it refused (the sentence is on stderr), 2 when it was called wrongly.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeAlias

from app.desk import Desk
from app.domain.consultation import Consultation
from app.domain.errors import Trouble
from app.ports import Clock, Dice
from db import keep
from db.blobs import lost_attachments
from db.incarnation import Traces
from sync.homes import SeededDice, StageClock, SystemClock, SystemDice, default_home, default_state, machine_print

if TYPE_CHECKING:
    from sync.exchange import Exchange
    from ui.office_exchange import ExchangeDesk

DONE, WRONG_CALL, REFUSED = 0, 2, 3
WHO = "示例干部"
RUNS = "office/runs"
LISTS = ("actions", "topics", "consultations", "supervision", "plan")
BEGUN = ("lock", "key", "ledger.db")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the verb says and return the exit code."""
    told = _parser().parse_args(arguments)
    try:
        return int(told.verb(told))
    except Trouble as trouble:
        _tell(trouble.sentence())
        return REFUSED
    except BrokenPipeError:
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="office", description="院坝 Yuanba without a window")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    work = _verb(verbs, "work", _work, "make believable edits; ACK <id> once each is durable")
    work.add_argument("--seed", default="1", help="the same seed on a new home makes the same edits")
    work.add_argument("--edits", type=_count, default=100, metavar="K")
    load = _verb(verbs, "load", _load, "take benchmark records in")
    load.add_argument("file", type=Path, metavar="FILE.jsonl")
    check = _verb(verbs, "check", _check, "open the home as the program would and look for damage")
    check.add_argument("--deep", action="store_true", help="also replay the journal and compare every row")
    _verb(verbs, "digest", _digest, "one line, equal exactly when the stored facts are equal")
    _verb(verbs, "list", _list, "the consultations with their ids")
    _paper_verbs(verbs)
    _exchange_verbs(verbs)
    demo = _verb(verbs, "demo", _demo, "fill a home with the practice data")
    demo.add_argument("--papers", type=Path, metavar="FOLDER", help="also write every paper of every scenario")
    return parser


Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _paper_verbs(verbs: Verbs) -> None:
    """Say how papers are written, taken back and checked."""
    paper = _verb(verbs, "print", _print, "write one paper of a consultation as PDF")
    paper.add_argument("--consultation", default="", metavar="ID", help="as `list` shows it; some need none")
    paper.add_argument("--paper", required=True, metavar="KIND", help="sign_in_sheet, consensus_paper, calibration, …")
    paper.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="F.pdf",
        help="a .png makes one long picture, for groups on the telephone",
    )
    folder = _verb(verbs, "dossier", _dossier, "write the whole folder of a consultation as one PDF with contents")
    folder.add_argument("--consultation", required=True, metavar="ID", help="as `list` shows it")
    folder.add_argument("--to", type=Path, required=True, metavar="F.pdf")
    word = _verb(verbs, "word", _word, "write one paper of a consultation as a Word file to edit")
    word.add_argument("--consultation", required=True, metavar="ID", help="as `list` shows it")
    word.add_argument("--paper", required=True, metavar="KIND", help="consensus_paper, minutes, …")
    word.add_argument("--template", type=Path, metavar="T.docx", help="instead of templates/KIND.docx of the home")
    word.add_argument("--to", type=Path, required=True, metavar="F.docx")
    excel = _verb(verbs, "excel", _excel, "write a list as an Excel file with typed cells")
    excel.add_argument("--list", required=True, choices=(*LISTS, "attendance", "return"))
    excel.add_argument("--place", default="", metavar="CODE", help="of one county, township or village")
    excel.add_argument("--since", type=date.fromisoformat, default=date.min, metavar="DAY", help="2026-01-01")
    excel.add_argument("--until", type=date.fromisoformat, default=date.max, metavar="DAY", help="that day included")
    excel.add_argument("--consultation", default="", metavar="ID", help="of one consultation; attendance needs it")
    excel.add_argument("--phones", action="store_true", help="attendance with telephones; stays with the host")
    excel.add_argument(
        "--use", default="", choices=("up", "kept"), help="a return that goes above the county, or stays within it"
    )
    excel.add_argument("--to", type=Path, required=True, metavar="F.xlsx")
    template = _verb(verbs, "template", _template, "write a Word template of a paper with its placeholders")
    template.add_argument("--paper", required=True, metavar="KIND", help="consensus_paper, minutes, …")
    template.add_argument("--to", type=Path, required=True, metavar="F.docx")
    scan = _verb(verbs, "scan", _scan, "file photographs and scans of signed paper by the codes on their pages")
    scan.add_argument("files", type=Path, nargs="+", metavar="FILE", help="JPEG, PNG, HEIC, TIFF or PDF")
    record = _verb(verbs, "record", _record, "write the sealed record of a consultation, to be checked anywhere")
    record.add_argument("--consultation", required=True, metavar="ID", help="as `list` shows it")
    record.add_argument("--to", type=Path, required=True, metavar="F.json")
    record.add_argument("--private", action="store_true", help="with the names; stays with township and county")
    verify = _verb(verbs, "verify", _verify, "check a record file, a pack, a picture of a paper, or a code typed in")
    verify.add_argument("what", metavar="FILE|CODE")


def _exchange_verbs(verbs: Verbs) -> None:
    """Say how packs go and come, and who is who."""
    export = _verb(verbs, "export", _export, "write packs into a folder; ACK <id> for each act that is there for good")
    export.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="a stick, or a folder in its place")
    take = _verb(verbs, "import", _import, "take packs in, each whole or not at all; 3 when one was refused")
    take.add_argument("files", type=Path, nargs="+", metavar="FILE|FOLDER")
    take.add_argument("--look", action="store_true", help="only say what taking them in would do")
    _verb(verbs, "serve-import", _serve_import, "take in each pack whose path comes on stdin; says 0|3 and the digest")
    sync = _verb(verbs, "sync", _sync, "send and fetch over HTTP; ACK <id> for each act that both sides hold")
    sync.add_argument("--url", required=True, metavar="U", help="as http://192.168.1.10:8420")
    serve = _verb(verbs, "serve", _serve, "answer the laptops of one's own network, until interrupted")
    serve.add_argument("--address", default="127.0.0.1", metavar="A")
    serve.add_argument("--port", type=int, default=8420, metavar="P")
    enrol = _verb(verbs, "enrol", _enrol, "become one of a township's computers, or take one in; or tell how it stands")
    _enrol_arguments(enrol)
    erase = _verb(verbs, "erase", _erase, "erase the words about somebody from every copy; tells how far that has come")
    whom = erase.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="ID|NAME", help="somebody of the register")
    whom.add_argument("--record", metavar="KIND:ID", help="one record: statement:…, topic:…, attachment:…")
    erase.add_argument("--reason", choices=("request", "retention"), default="request")
    erase.add_argument("--look", action="store_true", help="only say what would go, what stays, and why")
    simulation = _verb(verbs, "simulate", _simulate, "let counties work with every fault, and check what must hold")
    simulation.add_argument("--seed", type=_count, default=1, metavar="S", help="the first of them")
    simulation.add_argument("--histories", type=_count, default=60, metavar="N")
    simulation.add_argument("--machines", type=int, choices=(2, 3, 4), default=0, help="laptops; drawn if not given")
    simulation.add_argument("--steps", type=_count, default=30, metavar="K", help="steps of each history")
    simulation.add_argument("--trace", action="store_true", help="tell every step of a history that broke a law")


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: object, says: str
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=says, description=says)
    parser.add_argument("--home", type=Path, default=default_home(), metavar="H")
    parser.set_defaults(verb=does)
    return parser


def _enrol_arguments(parser: argparse.ArgumentParser) -> None:
    does = parser.add_mutually_exclusive_group()
    does.add_argument("--ask", metavar="ORG", help="ask to be a computer of this organisation, or to stand under it")
    does.add_argument("--accept", type=Path, metavar="FOLDER|FILE", help="accept the request with the digits given")
    does.add_argument("--confirm", metavar="DIGITS", help="the digits that the office read out")
    does.add_argument("--found", metavar="ORG", help="found an office on this computer")
    does.add_argument("--lost", metavar="DEVICE", help="report a computer lost, by its name or number")
    parser.add_argument("--device-name", default="", metavar="NAME", help="what this computer is called")
    parser.add_argument("--name", default="", metavar="NAME", help="what the office is called")
    parser.add_argument("--digits", default="", metavar="48210937", help="as they were read out on the telephone")
    parser.add_argument("--reason", default="", metavar="WORDS", help="why, for those who ask later")
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="the stick")


def _count(words: str) -> int:
    number = int(words)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _say(fact: object) -> None:
    print(json.dumps(fact, ensure_ascii=False), flush=True)


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


@contextmanager
def _opened(folder: Path) -> Iterator[keep.Home]:
    home = keep.open_home(folder, SystemClock().now(), Traces(machine_print(folder), default_state()))
    try:
        yield home
    finally:
        home.close()


@contextmanager
def _found(folder: Path) -> Iterator[keep.Home]:
    """Open a home that is there, or was begun; refuse to make one where somebody mistyped."""
    if not any((folder / name).exists() for name in BEGUN):
        raise Trouble("这里没有院坝的数据", str(folder), "看看 --home 后面写对没有")
    with _opened(folder) as home:
        yield home


def _desk(home: keep.Home, clock: Clock, dice: Dice) -> Desk:
    return Desk(home.shelf, home.ledger, clock, dice, WHO, blobs=home.blobs, seal=home.seal)


def _system_desk(home: keep.Home) -> Desk:
    return _desk(home, SystemClock(), SystemDice())


def _work(told: argparse.Namespace) -> int:
    from ui.office_work import Recorder

    with _opened(told.home) as home:
        # Each run has a number of its own, so that the same seed never mints an id twice in one home.
        run = 1 + int(home.ledger.jotted(RUNS).get(RUNS, "0"))
        home.ledger.jot({RUNS: str(run)})
        began = datetime(2026, 3, 30, 19, 30, tzinfo=timezone(timedelta(hours=8))) + timedelta(days=run)
        clock = StageClock(began)
        desk = _desk(home, clock, SeededDice(f"{told.seed}/{run}"))
        for changes in Recorder(desk, clock, f"{told.seed}/{run}").edits(told.edits):
            print("ACK", changes.id, flush=True)
    return DONE


def _load(told: argparse.Namespace) -> int:
    from ui.office_load import batches, read

    records = read(told.file, _tell)
    with _opened(told.home) as home:
        desk = _system_desk(home)
        began = time.perf_counter()
        taken = [desk.do(batch) for batch in batches(records)]
        seconds = time.perf_counter() - began
    ops = sum(len(list(changes.by_record())) for changes in taken)
    _say({"records": len(records), "ops": ops, "transactions": len(taken), "seconds": round(seconds, 4)})
    return DONE


def _check(told: argparse.Namespace) -> int:
    try:
        with _found(told.home) as home:
            findings = keep.check(home.engine, told.deep)
            if told.deep:
                findings.problems += lost_attachments(home.shelf, home.blobs)
    except Trouble as trouble:
        _tell(trouble.sentence())
        findings = keep.Findings(problems=[trouble.sentence()])
    _say({"ok": not findings.problems, "tokens": findings.tokens, "problems": findings.problems})
    return REFUSED if findings.problems else DONE


def _digest(told: argparse.Namespace) -> int:
    with _found(told.home) as home:
        print(keep.digest(home.engine))
    return DONE


def _list(told: argparse.Namespace) -> int:
    with _found(told.home) as home:
        for consultation in home.shelf.all(Consultation):
            _say({"id": consultation.id, "title": consultation.title, "stage": consultation.stage.value})
    return DONE


def _print(told: argparse.Namespace) -> int:
    from ui.office_papers import CALIBRATION, EXCHANGE_CHECK, Press, is_known, print_calibration

    if told.paper == EXCHANGE_CHECK:
        return _print_check(told)
    if not is_known(told.paper) or (told.paper != CALIBRATION and not told.consultation):
        _tell(f"没有“{told.paper}”这种文书" if told.consultation else "要用 --consultation 写明是哪次协商")
        return WRONG_CALL
    if told.paper == CALIBRATION:
        _say(asdict(print_calibration(told.to)))
        return DONE
    with _found(told.home) as home:
        printed = Press(_system_desk(home), SystemClock().now().date()).print(told.consultation, told.paper, told.to)
    _say(asdict(printed))
    return DONE


def _print_check(told: argparse.Namespace) -> int:
    import resources
    from app.domain.place import Places
    from ui.exchange.behind import Behind
    from ui.office_papers import EXCHANGE_CHECK, print_content

    with _found(told.home) as home:
        behind = Behind(_exchange_of(home), home.postbox, home.shelf, Places(resources.places()), SystemClock())
        content = behind.check()
    _say({**asdict(print_content(EXCHANGE_CHECK, content, told.to)), "missing": list(content.missing)})
    _tell(content.verdict)
    return DONE


def _record(told: argparse.Namespace) -> int:
    from ui.office_verify import write_record

    with _found(told.home) as home:
        _say(write_record(_system_desk(home), told.consultation, told.to, told.private))
    return DONE


def _verify(told: argparse.Namespace) -> int:
    from app.queries.edition import Verdict
    from ui.office_verify import PACK, facts, verified

    if Path(told.what).suffix.lower() == PACK:
        return _verify_pack(told)
    with _found(told.home) as home:
        finding = verified(_system_desk(home), told.what)
    _say(dict(facts(finding)))
    _tell(finding.sentence())
    return DONE if finding.verdict == Verdict.UNCHANGED else REFUSED


def _verify_pack(told: argparse.Namespace) -> int:
    from ui.office_verify import pack_facts

    with _found(told.home) as home:
        facts = pack_facts(home.postbox, Path(told.what))
    _say(facts)
    _tell("这一包是好的，一个字节没动" if facts["known"] else "这一包是好的，一个字节没动；写它的电脑没有在这里登记过")
    return DONE


def _dossier(told: argparse.Namespace) -> int:
    from ui.office_dossier import write_dossier
    from ui.office_papers import Press

    with _found(told.home) as home:
        press = Press(_system_desk(home), SystemClock().now().date())
        folded = write_dossier(press, home.blobs, told.consultation, told.to)
    _say(asdict(folded))
    return DONE


def _word(told: argparse.Namespace) -> int:
    from ui.office_files import write_word

    with _found(told.home) as home:
        written = write_word(_system_desk(home), told.consultation, told.paper, told.to, told.template, told.home)
    _say(asdict(written))
    return DONE


def _excel(told: argparse.Namespace) -> int:
    from app.queries.ledger_book import Asked
    from ui.office_files import write_excel

    with _found(told.home) as home:
        day = SystemClock().now().date()
        asked = Asked(day, "", told.consultation, told.phones, told.place, told.since, told.until, told.use)
        written = write_excel(_system_desk(home), told.list, told.to, asked)
    _say(asdict(written))
    return DONE


def _template(told: argparse.Namespace) -> int:
    from ui.office_files import write_template

    _say(asdict(write_template(told.paper, told.to)))
    return DONE


def _scan(told: argparse.Namespace) -> int:
    from ui.office_scan import scan

    with _found(told.home) as home:
        return DONE if scan(_system_desk(home), told.files, _say, _tell) else REFUSED


def _exchange_of(home: keep.Home) -> "Exchange":
    from sync.exchange import exchange_of

    ports = (home.postbox, home.shelf, home.seal, SystemClock(), SystemDice())
    return exchange_of(*ports, home.folder, keep.REVISION, home.cargo)


@contextmanager
def _exchanging(told: argparse.Namespace) -> "Iterator[ExchangeDesk]":
    from ui.office_exchange import ExchangeDesk

    with _found(told.home) as home:
        digest = partial(keep.digest, home.engine)
        yield ExchangeDesk(home.postbox, _exchange_of(home), home.folder, digest, _say, _tell)


def _export(told: argparse.Namespace) -> int:
    with _exchanging(told) as desk:
        desk.export(told)
    return DONE


def _import(told: argparse.Namespace) -> int:
    with _exchanging(told) as desk:
        return DONE if desk.take(told.files, is_look=told.look) else REFUSED


def _serve_import(told: argparse.Namespace) -> int:
    from ui.office_exchange import lines_of_stdin

    with _exchanging(told) as desk:
        desk.serve_import(lines_of_stdin())
    return DONE


def _sync(told: argparse.Namespace) -> int:
    with _exchanging(told) as desk:
        desk.sync(told)
    return DONE


def _serve(told: argparse.Namespace) -> int:
    until = Event()
    with suppress(KeyboardInterrupt), _exchanging(told) as desk:
        desk.serve(told, until)
    return DONE


def _enrol(told: argparse.Namespace) -> int:
    from sync.inbox import Inbox
    from ui.office_enrol import EnrolmentDesk, refuse_unknown

    if code := told.ask or told.found:
        refuse_unknown(code)
    # Work begins before enrolment, and an office may be founded on a new computer: both make a home.
    with (_opened if told.ask or told.found else _found)(told.home) as home:
        again = Inbox(home.postbox, home.seal, SystemClock()).take_again
        EnrolmentDesk(home.postbox, home.seal, SystemClock().now(), told.home, _say, _tell, again).do(told)
    return DONE


def _erase(told: argparse.Namespace) -> int:
    from ui.erasing import ErasureDesk
    from ui.office_erase import EraseVerb

    with _found(told.home) as home:
        desk = _system_desk(home)
        EraseVerb(desk, ErasureDesk(desk, _exchange_of(home), home.postbox), _say, _tell).do(told)
    return DONE


def _simulate(told: argparse.Namespace) -> int:
    from ui.office_simulate import simulate

    machines, steps = told.machines, told.steps
    broken = simulate(told.seed, told.histories, _say, steps=steps, machines=machines, with_trace=told.trace)
    return REFUSED if broken else DONE


def _demo(told: argparse.Namespace) -> int:
    from ui.rehearsal import PLAYED, rehearse

    with _opened(told.home) as home:
        desk = _system_desk(home)
        if not desk.jotted(PLAYED):
            if desk.ask(lambda shelf: shelf.count(Consultation)):
                raise Trouble("这里已经有数据，练习数据不往里放", str(told.home), "换一个空文件夹")
            began = time.perf_counter()
            played = rehearse(home.shelf, home.ledger, SystemDice(), SystemClock().now())
            seconds = round(time.perf_counter() - began, 2)
            _say({"home": str(told.home), "acts": played.acts, "seconds": seconds, "evening": played.evening})
        consultations = desk.ask(lambda shelf: shelf.all(Consultation))
        for consultation in consultations:
            _say({"id": consultation.id, "title": consultation.title, "stage": consultation.stage.value})
        if told.papers is not None:
            _print_all(desk, consultations, told.papers)
    return DONE


def _print_all(desk: Desk, consultations: list[Consultation], folder: Path) -> None:
    """Write the papers of the consultations into a folder, under their names; before a meeting those it needs."""
    from app.queries.sitting import sitting_of
    from ui.office_papers import Press

    press = Press(desk, SystemClock().now().date())
    for consultation in consultations:
        if desk.ask(sitting_of, consultation.id) is None:
            continue

        for printed in press.print_all(consultation.id, partial(_file_of, folder, consultation.title)):
            _say(asdict(printed))


def _file_of(folder: Path, title: str, kind: str) -> Path:
    """Return where a paper goes: its consultation and its name, without signs a disk may not take."""
    from app.printing import PAPERS

    name = re.sub(r"[^\w]+", "_", f"{title}_{PAPERS[kind].name}").rstrip("_")
    return folder / f"{name}.pdf"


if __name__ == "__main__":
    sys.exit(main())
