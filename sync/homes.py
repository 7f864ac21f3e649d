"""Homes: where a person's data lies on each platform, which machine it lies on, and the clock and dice of a desk."""

import hashlib
import os
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

FOLDER = "yuanba"


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return this moment, with this machine's offset from UTC."""
        return datetime.now().astimezone()


class SystemDice:
    """The random bits of this machine."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def bits(self, count: int) -> int:
        """Return a number of that many random bits."""
        return self._random.getrandbits(count)


class SeededDice:
    """Random bits that come again from the same seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def bits(self, count: int) -> int:
        """Return the next number of that many bits."""
        return self._random.getrandbits(count)


@dataclass(slots=True)
class StageClock:
    """A clock that is set by hand and goes on by `step` each time it is looked at."""

    moment: datetime
    step: timedelta = field(default=timedelta(0))

    def now(self) -> datetime:
        """Return the moment it shows, then go on."""
        shown = self.moment
        self.moment = shown + self.step
        return shown

    def set(self, moment: datetime) -> None:
        """Show this moment from now on."""
        self.moment = moment


def default_home(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """Return the folder of this person's home in the platform's data folder; it need not exist yet."""
    told = os.environ if environment is None else environment
    if platform == "win32":
        return Path(told.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / FOLDER
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / FOLDER
    wanted = told.get("XDG_DATA_HOME", "")
    # An empty or relative XDG_DATA_HOME counts as not set (XDG Base Directory Specification).
    return (Path(wanted) if os.path.isabs(wanted) else Path.home() / ".local" / "share") / FOLDER


def default_state(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """Return the folder for what belongs to this person on this machine and goes along with no copy of a home."""
    told = os.environ if environment is None else environment
    if platform == "win32":
        return Path(told.get("APPDATA") or Path.home() / "AppData" / "Roaming") / FOLDER
    if platform == "darwin":
        return Path.home() / "Library" / "Preferences" / FOLDER
    wanted = told.get("XDG_STATE_HOME", "")
    return (Path(wanted) if os.path.isabs(wanted) else Path.home() / ".local" / "state") / FOLDER


def machine_print(folder: Path) -> str:
    """Return a hash of this machine's id and the volume a folder lies on; '' on a machine that does not tell its id."""
    machine = _machine_id()
    if not machine:
        return ""
    try:
        there = folder if folder.exists() else folder.parent
        volume = there.stat().st_dev if sys.platform == "win32" else os.statvfs(there).f_fsid
    except OSError:
        return ""
    return hashlib.sha256(f"yuanba {machine} {volume}".encode()).hexdigest()[:32]


def _machine_id() -> str:
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
    for file in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        try:
            return file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
    return ""
