"""Townships ready for a rush: each a laptop of its own, enrolled, its busy week sealed and packed as it would go out.

Made by as many processes as there are cores and kept in `build/speed`, so that a rush begins with bytes on the disk
and costs its machine nothing but the server. All homes, keys, signatures and seals are those of the real program.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from io import BytesIO
from itertools import groupby, repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import numpy as np
from msgspec import structs
from PIL import Image
from sqlalchemy import Connection, select

from app.commands.attachment import FileScans
from app.domain.attachment import Placed, Placing, Scan
from db import keep
from db.backup import LEDGER
from db.province import open_store
from db.scope import OWNER, at, county_of, within
from db.tables import Base, StreamRow
from sync import enrolment
from sync.directory import read_said
from sync.exchange import Asked
from sync.piece import PIECE
from tests.postgres import Cluster
from tests.speed.county import BUILD
from tests.speed.exchange import recorded
from tests.speed.workload import inserts, jsonl
from tests.sync.fleet import Machine, enrolled
from tests.sync.offices import COUNTY, PROVINCE

COUNTIES = 129
PAGE = (1654, 2339)
"""A4 as our scans are kept: 200 points an inch."""
DONE = "ready.json"


class Township(msgspec.Struct, frozen=True):
    """What a laptop has to send: its packs in their order, what it says of itself, and what must be receipted."""

    org: str
    question: bytes
    stream: str
    upto: dict[str, int]
    packs: list[str]


class Ready(msgspec.Struct, frozen=True):
    """A server's home to be copied, and the townships that are about to call it; names are those within `folder`."""

    server: str
    townships: list[Township]
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many townships call whom, and how many scanned pages each has: pictures go no higher than the county."""

    townships: int
    to: str = PROVINCE
    scans: int = 0
    counties_at_most: int = COUNTIES

    def counties(self) -> dict[str, list[str]]:
        """Return the townships by county."""
        if self.to == COUNTY:
            return {COUNTY: [f"{COUNTY}{number:03}" for number in range(1, self.townships + 1)]}
        some = range(min(self.counties_at_most, self.townships))
        codes = [f"53{1 + number % 16:02}{1 + number // 16:02}" for number in some]
        numbers = {code: range(at, self.townships, len(codes)) for at, code in enumerate(codes)}
        return {code: [f"{code}{100 + at:03}" for at, _ in enumerate(its)] for code, its in numbers.items()}

    @property
    def name(self) -> str:
        """Return what it is kept under."""
        few = f"-{self.counties_at_most}" if self.counties_at_most < COUNTIES else ""
        return f"rush-{self.to}-{self.townships}-{self.scans}{few}"


def ready(plan: Plan) -> Ready:
    """Return the townships of a plan, made now unless they were made before."""
    folder = BUILD / plan.name
    if not (folder / DONE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with patch.object(enrolment, "COST", 4):
            made = _made(plan, folder)
        for code in plan.counties():
            shutil.rmtree(folder / f"{code} up")
            if code != plan.to:
                shutil.rmtree(folder / code)
        (folder / DONE).write_bytes(msgspec.json.encode(made))
    return structs.replace(msgspec.json.decode((folder / DONE).read_bytes(), type=Ready), folder=str(folder))


def _made(plan: Plan, folder: Path) -> Ready:
    province = Machine(folder / PROVINCE, "省")
    province.work.found(PROVINCE, "示例省")
    counties = plan.counties()
    for code in counties:
        _join(folder / code, code, province)
    orgs = [org for some in counties.values() for org in some]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        list(pool.map(_enrol, repeat(folder), counties, counties.values()))
        for code in counties:
            province.takes_from(folder / f"{code} up")
        province.close()
        townships = list(pool.map(partial(_packed, folder, plan), enumerate(orgs), chunksize=4))
    return Ready(plan.to, townships)


def _join(folder: Path, code: str, province: Machine) -> None:
    """Found a county and put it under the province."""
    county = Machine(folder, f"县{code}")
    county.work.found(code, f"示例县{code}")
    asked = county.work.ask(PROVINCE, "值班电脑")
    cards = [said.raw for said in county.exchange.directory().said("card")]
    told = province.work.accept(asked.digits, [asked.request.raw, *cards])
    county.work.confirm(told.digits)
    county.work.take([file.raw for file in province.exchange.directory().riders(code)])
    province.work.take([file.raw for file in county.exchange.directory().riders(PROVINCE)])
    county.close()


def _enrol(folder: Path, code: str, orgs: Sequence[str]) -> None:
    """Enrol a laptop of each township of a county, and let the county tell the province of them."""
    county = Machine(folder / code, f"县{code}", 1)
    with patch.object(enrolment, "COST", 4):
        for org in orgs:
            stick = folder / f"{org} stick"
            stick.mkdir()
            laptop = Machine(folder / org, org)
            enrolled(laptop, county, stick, org)
            laptop.close()
            shutil.rmtree(stick)
    up = folder / f"{code} up"
    up.mkdir()
    county.writes_to(up)
    county.close()


def _packed(folder: Path, plan: Plan, numbered: tuple[int, str]) -> Township:
    """Let a laptop record its week, seal it and pack it; its home is no longer needed then."""
    number, org = numbered
    laptop = Machine(folder / org, org, 1)
    laptop.clock.at += timedelta(days=1)
    week = folder / f"{org}.jsonl"
    week.write_bytes(jsonl([{**record, "region": org} for record in inserts("W1", number)]))
    recorded(laptop, week)
    week.unlink()
    _scanned(laptop, plan.scans)
    exchange = laptop.exchange
    exchange.prepare()
    question = msgspec.json.encode(Asked(org, exchange.device(), exchange.receipt_digits()))
    load = exchange.outbox.load_for(plan.to)
    packs = []
    for number, part in enumerate(exchange.outbox.packs(load, PIECE), 1):
        pack = folder / f"{org}-{number}.yb"
        with pack.open("wb") as file:
            exchange.outbox.write(part, file, number)
        packs.append(pack.name)
    upto: dict[str, int] = {}
    for parcel in load.parcels:
        upto[parcel.audience] = max(upto.get(parcel.audience, 0), parcel.last)
    stream = laptop.home.postbox.stream()
    laptop.close()
    shutil.rmtree(folder / org)
    return Township(org, question, stream, upto, packs)


def _scanned(laptop: Machine, count: int) -> None:
    """File so many signed pages, as the scanner leaves them: a straight page, evenly lit, and its small picture."""
    placed = []
    for page, small in _pages(count):
        blob, thumbnail = laptop.desk.blobs.put(page), laptop.desk.blobs.put(small)
        scan = Scan("一页.jpg", None, blob, thumbnail, len(page), sha256(page).hexdigest())
        placed.append(Placed(scan, Placing.ASIDE, ""))
    if placed:
        laptop.desk.do(FileScans(tuple(placed)))


@cache
def _pages(count: int) -> tuple[tuple[bytes, bytes], ...]:
    """Return pages of strokes on white paper, JPEG of some 300 kB, each with its thumbnail."""
    return tuple(_drawn(count))


def _drawn(count: int) -> Iterator[tuple[bytes, bytes]]:
    for number in range(count):
        dice = np.random.default_rng(number)
        strokes = dice.random((PAGE[1] // 8, PAGE[0] // 8)) < 0.22
        ink = np.kron(strokes, np.ones((8, 8), dtype=bool))
        paper = np.where(ink, 60, 245) + dice.normal(0, 3, ink.shape)
        page = Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8)).convert("RGB")
        small = page.resize((240, 340))
        yield _jpeg(page, 84), _jpeg(small, 60)


def _jpeg(page: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    page.save(out, "JPEG", quality=quality, optimize=True, dpi=(200, 200))
    return out.getvalue()


def moved_to(cluster: Cluster, home: Path) -> str:
    """Put the facts of a home's file into a PostgreSQL, and return where: the same office, on another store. What was
    said of a county and its townships lies under that county, as if its packs had come there."""
    cluster.make("office")
    url = cluster.url("office")
    now = datetime.now(UTC)
    file = home.rename(home.with_name(f"{home.name} in a file"))
    shutil.copytree(file, home, ignore=shutil.ignore_patterns(f"{LEDGER}*"))
    here, there = keep.open_home(file, now), open_store(url, home, now)
    with within(OWNER), here.engine.connect() as source, there.engine.begin() as into:
        into.exec_driver_sql(f"TRUNCATE {StreamRow.__tablename__} RESTART IDENTITY CASCADE")
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in source.execute(select(table)).mappings()]
            for county, some in groupby(sorted(rows, key=_county), _county):
                at(into, county)
                into.execute(table.insert(), list(some))
            at(into, "")
        _count_on(into)
    here.close()
    there.close()
    return url


def _county(row: Mapping[str, Any]) -> str:
    """Return the county that a row is kept under: that of whom a statement speaks, for all else the office's own."""
    said = read_said(row["raw"]) if "raw" in row else None
    org = getattr(said.body, "org", "") if said else ""
    return county_of(org) if len(org) > len(PROVINCE) else ""


def _count_on(connection: Connection) -> None:
    """Let the counters of a database go on from what was put in."""
    for table, column in connection.exec_driver_sql(
        "SELECT table_name, column_name FROM information_schema.columns WHERE pg_get_serial_sequence("
        " quote_ident(table_name), column_name) IS NOT NULL AND table_schema = 'public'"
    ).all():
        last = f'(SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}")'
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), {last}, false)")
