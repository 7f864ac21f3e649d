"""Who is who, without a window: asking to be enrolled, accepting, comparing digits, founding, reporting a loss."""

from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import resources
from app.domain.errors import Refused
from app.domain.place import Places
from app.ports import Postbox, Seal, StatementFile
from sync.carriers import place_of
from sync.directory import Directory
from sync.enrolment import Enrolment, request_digits, shown
from sync.letter import read_letters, write_letter

Say = Callable[[object], None]
Tell = Callable[[str], None]


class EnrolmentDesk:
    """What the command line does about who is who, on one open home."""

    def __init__(
        self,
        postbox: Postbox,
        seal: Seal,
        now: datetime,
        home: Path,
        say: Say,
        tell: Tell,
        take_again: Callable[[], object],
    ) -> None:
        self._postbox = postbox
        self._seal = seal
        self._now = now
        self._home = home
        self._say = say
        self._tell = tell
        self._work = Enrolment(postbox, seal, now)
        self._take_again = take_again

    def do(self, told: Namespace) -> None:
        """Do what was asked for."""
        if told.ask:
            self._ask(told.ask, told.device_name, told.to)
        elif told.accept:
            self._accept(told.accept, told.digits, told.to)
        elif told.confirm:
            self._confirm(told.confirm)
        elif told.found:
            self._found(told.found, told.name or name_of(told.found))
        elif told.lost:
            self._lose(told.lost, told.reason)
        else:
            self._state()

    def _ask(self, org: str, name: str, to: Path | None) -> None:
        asked = self._work.ask(org, name)
        file = self._post(asked.to, to, self._work.letter()[1]) if to else ""
        self._say({"digits": asked.digits, "to": asked.to, "file": file, "device": self._work.directory.device_id})
        self._tell(f"打电话给{name_of(asked.to)}，念这 8 位数：{shown(asked.digits)}")

    def _accept(self, source: Path, digits: str, to: Path | None) -> None:
        own = self._work.directory.own()
        letters = read_letters(source, own, self._home / "in")
        accepted = self._work.accept(digits, letters, name_of)
        file = self._post(accepted.org, to or _stick(source), Directory.of(self._postbox).riders(accepted.org))
        told = {"device": accepted.device, "name": accepted.name, "org": accepted.org}
        self._say(told | {"digits": accepted.digits, "file": file})
        self._tell(f"登记好了：{accepted.name}。回念这 8 位数，请对方输进去：{shown(accepted.digits)}")

    def _confirm(self, digits: str) -> None:
        office = self._work.confirm(digits)
        if office:
            self._take_again()
        self._say({"pinned": office})
        self._tell(f"对上了，{name_of(office)}认下了" if office else "记下了，等 U 盘回来自己核对")

    def _found(self, org: str, name: str) -> None:
        key_id = self._work.found(org, name)
        self._say({"org": org, "name": name, "key": key_id})
        self._tell(f"{name}设立好了，这台电脑可以收登记申请。数据文件夹要另存一份备份：钥匙丢了没有第二把")

    def _lose(self, whom: str, reason: str) -> None:
        lost = self._work.lose(whom, reason)
        upto = self._work.directory.revoked_upto(lost.device)
        self._say({"device": lost.device, "name": lost.name, "upto": upto})
        self._tell(f"{lost.name}已报失：收到过的都算数，以后来的先放着等人看")

    def _state(self) -> None:
        """Tell who we are, who is enrolled, and what waits."""
        self._work.tend()
        directory = self._work.directory
        self._say({"device": directory.device_id, "org": directory.own(), "trusted": sorted(directory.sign_keys)})
        for card in directory.devices():
            is_lost = directory.revoked_upto(card.device) is not None
            self._say({"device": card.device, "name": card.name, "org": card.org, "lost": is_lost})
        for said in self._work.waiting():
            self._say({"waits": said.body.device, "name": said.body.name, "org": said.body.org})
        mine = self._work.own_requests()
        if mine and not directory.own():
            self._say({"asked": mine[-1].body.org, "digits": request_digits(mine[-1].raw)})
        if self._work.answer_waits():
            self._tell("回信到了，还没核对：用 --confirm 输对方电话里念的 8 位数")

    def _post(self, to: str, stick: Path, files: list[StatementFile]) -> str:
        device = self._work.directory.device(self._work.directory.device_id)
        sender = (device.org, device.name) if device else ("", "")
        written = write_letter(self._postbox, self._seal, place_of(stick), to, files, self._now, sender=sender)
        return str(written.path)


def refuse_unknown(code: str) -> None:
    """Refuse a place that our table would have if there were one, before anything is founded for good. The places of
    other provinces it does not have.

    Raises:
        Refused: There is no such place.
    """
    places = _places()
    if places.get(code[:2]) is not None and places.get(code) is None:
        raise Refused(f"区划表里没有 {code}", "什么也没变", "看看代码写对没有：乡镇 9 位，县 6 位，州市 4 位，省 2 位")


def _stick(source: Path) -> Path:
    """Return the folder that stands for the stick on which a request came: an answer goes back onto it."""
    if source.is_dir():
        return source
    above = [folder for folder in source.parents if folder.name.upper() == "YUANBA"]
    return above[0].parent if above else source.parent


@cache
def _places() -> Places:
    return Places(resources.places())


def name_of(code: str) -> str:
    """Return what an organisation's code is called, or the code."""
    place = _places().get(code)
    return place.name if place else code
