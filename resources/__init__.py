"""The one way to what ships with the program: fonts, icons, places, practices, laws, calendar, help."""

import lzma
import tomllib
from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).parent


def path(name: str) -> Path:
    """Return where a resource lies, for readers that want a file; `name` is like `icons/house.svg`.

    Raises:
        FileNotFoundError: Nothing of this name ships with the program.
    """
    found = _ROOT / name
    if not found.exists():
        raise FileNotFoundError(f"no resource named {name}")
    return found


def read_bytes(name: str) -> bytes:
    """Return a resource as it lies on disk."""
    return path(name).read_bytes()


def read_text(name: str) -> str:
    """Return a resource that is UTF-8 text."""
    return path(name).read_text("utf-8")


def places(province: str = "53") -> str:
    """Return the divisions of a province, one `code, name` per line with a tab between; 53 is Yunnan."""
    return lzma.decompress(read_bytes(f"places/{province}.tsv.xz")).decode("utf-8")


def practices() -> list[Mapping[str, object]]:
    """Return all practices as read from their files, in the order of their file names."""
    return _tables("practices")


def laws() -> list[Mapping[str, object]]:
    """Return what papers quote of the laws, each with its version, in the order of the file names."""
    return _tables("law")


def holiday_notices() -> list[Mapping[str, object]]:
    """Return the State Council's holiday notices, one per known year."""
    return _tables("calendar")


def private_words() -> Mapping[str, object]:
    """Return the words a public notice hides: health, family, and aid where somebody is named."""
    return tomllib.loads(read_text("masks/private_words.toml"))


def _tables(folder: str) -> list[Mapping[str, object]]:
    return [tomllib.loads(file.read_text("utf-8")) for file in sorted((_ROOT / folder).glob("*.toml"))]


def sample_province() -> Mapping[str, object]:
    """Return the names and topics of which the sample province is made; all of it is invented."""
    return tomllib.loads(read_text("province/sample.toml"))
