"""A print queue on loopback that speaks IPP as CUPS does, and fails in every way a printer in a township fails.

A page comes out each time the queue is asked how the job goes, so nothing here takes time. `out` lists what lies in
the tray: of which job which page. Qt's own CUPS plugin finds it as well (`CUPS_SERVER`), with the PPD it wants.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pypdfium2 import PdfDocument

from ui import ipp

NAME = "HP_LaserJet"
PPD = f"""*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "FAKE.PPD"
*Product: "(Fake)"
*Manufacturer: "Fake"
*ModelName: "{NAME}"
*NickName: "{NAME}"
*ShortNickName: "{NAME}"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*cupsFilter: "application/pdf 0 -"
*OpenUI *PageSize/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: A4
*PageSize A4/A4: ""
*CloseUI: *PageSize
*OpenUI *PageRegion/Media Size: PickOne
*OrderDependency: 10 AnySetup *PageRegion
*DefaultPageRegion: A4
*PageRegion A4/A4: ""
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4/A4: "0 0 595 842"
*DefaultPaperDimension: A4
*PaperDimension A4/A4: "595 842"
""".encode()


class Mood(Enum):
    """How the queue behaves."""

    WELL = "takes all"
    HANGS = "takes the call and never answers"
    REFUSES = "answers, and takes no job"
    DIES = "is gone after so many pages"
    JAMS = "ends the job after so many pages"
    EMPTY = "has no more paper after so many pages"
    STANDS = "takes the job and prints nothing"
    GARBAGE = "answers with something else"


@dataclass
class Job:
    """One job: what it is called, its PDF, how many pages are out, where it stands."""

    id: int
    title: str
    asked: dict[str, object]
    pdf: bytes = b""
    pages: int = 0
    done: int = 0
    state: ipp.JobState = ipp.JobState.HELD


@dataclass
class IppPrinter:
    """The queue and the printer behind it."""

    mood: Mood = Mood.WELL
    after: int = 0
    jobs: dict[int, Job] = field(default_factory=dict)
    out: list[tuple[str, int, int]] = field(default_factory=list)
    is_gone: bool = False
    plugged_in: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    duplex: bool = True
    port: int = 0

    def turns(self, mood: Mood, after: int = 0) -> None:
        """Behave so from now on; `after` so many pages more."""
        self.mood, self.after, self.is_gone = mood, len(self.out) + after, False

    def works_again(self) -> None:
        """Somebody has been at the printer."""
        self.turns(Mood.WELL)
        self.plugged_in.set()

    def answer(self, operation: int, asked: ipp.Attributes, data: bytes) -> bytes | None:
        """Return the answer; None is no answer at all."""
        self.asked.append(ipp.Operation(operation).name if operation in tuple(ipp.Operation) else hex(operation))
        if self.mood is Mood.HANGS:
            self.plugged_in.wait(60)
            return None
        if self.is_gone:
            return None
        if self.mood is Mood.GARBAGE:
            return b"<html>proxy says hello</html>" * 3
        return self._answered(operation, asked, data)

    def _answered(self, operation: int, asked: ipp.Attributes, data: bytes) -> bytes | None:
        op = ipp.Operation
        if operation in (op.GET_PRINTERS, op.GET_DEFAULT, 0x000B):
            return _said(0, [(ipp.PRINTER, self._self())])
        if operation == op.CREATE_JOB:
            if self.mood is Mood.REFUSES:
                return _said(0x0506)
            job = Job(len(self.jobs) + 1, str(ipp.first(asked, "job-name")), {k: v[0] for k, v in asked.items()})
            self.jobs[job.id] = job
            return _said(0, [(ipp.JOB, self._told(job))])
        job = self.jobs.get(ipp.number(asked, "job-id"))
        if job is None:
            return _said(0x0406)
        if operation == op.SEND_DOCUMENT:
            job.pdf, job.state = data, ipp.JobState.PENDING
            with PdfDocument(data) as document:
                job.pages = len(document)
        elif operation == op.CANCEL_JOB and not job.state.is_over():
            job.state = ipp.JobState.CANCELED
        elif operation == op.GET_JOB:
            self._goes_on(job)
            if self.is_gone:
                return None
        return _said(0, [(ipp.JOB, self._told(job))])

    def _goes_on(self, job: Job) -> None:
        if job.state.is_over() or not job.pdf or self.mood is Mood.STANDS:
            return
        if self.mood is not Mood.WELL and len(self.out) >= self.after:
            self.is_gone = self.mood is Mood.DIES
            ends = {Mood.JAMS: ipp.JobState.ABORTED, Mood.EMPTY: ipp.JobState.STOPPED}
            job.state = ends.get(self.mood, job.state)
            return
        job.done += 1
        self.out.append((job.title, job.id, job.done))
        job.state = ipp.JobState.COMPLETED if job.done == job.pages else ipp.JobState.PROCESSING

    def _self(self) -> list[ipp.Field]:
        uri = f"ipp://127.0.0.1:{self.port}/printers/{NAME}"
        sides = ("one-sided", "two-sided-long-edge") if self.duplex else ("one-sided",)
        return [
            ipp.Field(ipp.NAME, "printer-name", (NAME,)),
            ipp.Field(ipp.TEXT, "printer-info", ("办公室 激光",)),
            ipp.Field(ipp.URI, "printer-uri-supported", (uri,)),
            ipp.Field(ipp.ENUM, "printer-state", (3,)),
            ipp.Field(ipp.ENUM, "printer-type", (0x1000 | 0x4,)),
            ipp.Field(ipp.BOOLEAN, "printer-is-accepting-jobs", (True,)),
            ipp.Field(ipp.KEYWORD, "printer-state-reasons", ("none",)),
            ipp.Field(ipp.KEYWORD, "sides-supported", sides),
            ipp.Field(ipp.KEYWORD, "media-source-supported", ("tray-1", "manual")),
        ]

    def _told(self, job: Job) -> list[ipp.Field]:
        is_empty = job.state is ipp.JobState.STOPPED
        return [
            ipp.Field(ipp.INTEGER, "job-id", (job.id,)),
            ipp.Field(ipp.ENUM, "job-state", (int(job.state),)),
            ipp.Field(ipp.INTEGER, "job-impressions-completed", (job.done,)),
            ipp.Field(ipp.KEYWORD, "job-printer-state-reasons", ("media-empty-error" if is_empty else "none",)),
        ]

    def texts(self) -> list[str]:
        """Return the first words of every page in the tray, in order."""
        return [_text(self.jobs[job].pdf, page - 1) for _, job, page in self.out]


def _text(pdf: bytes, page: int) -> str:
    with PdfDocument(pdf) as document:
        return str(document[page].get_textpage().get_text_range())


def _said(status: int, groups: list[tuple[int, list[ipp.Field]]] | None = None) -> bytes:
    head = [ipp.Field(ipp.CHARSET, "attributes-charset", ("utf-8",))]
    head.append(ipp.Field(ipp.LANGUAGE, "attributes-natural-language", ("en",)))
    return ipp.packed(status, [(ipp.OPERATION, head), *(groups or [])])


class _Counter(BaseHTTPRequestHandler):
    """Takes what is sent and lets the printer answer."""

    protocol_version = "HTTP/1.1"
    printer: IppPrinter

    def do_POST(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        raw = self._body()
        answer, data = ipp.unpacked(raw)
        asked: ipp.Attributes = {}
        for _, group in answer.groups:
            asked |= group
        said = self.printer.answer(answer.status, asked, data)
        if said is None:
            self.close_connection = True
            return
        self._send(said, "application/ipp")

    def do_GET(self) -> None:
        if self.path.endswith(".ppd"):
            self._send(PPD, "application/vnd.cups-ppd")
        else:
            self.send_error(404)

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """A caller that hung up is no error of ours."""


@contextmanager
def ipp_printer() -> Iterator[IppPrinter]:
    """Plug a printer in for a while."""
    printer = IppPrinter()
    counter = type("Counter", (_Counter,), {"printer": printer})
    server = _Server(("127.0.0.1", 0), counter)
    printer.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield printer
    finally:
        printer.plugged_in.set()
        server.shutdown()
        server.server_close()
