"""What the codes on a picture say, read in a child of this program, for checking a paper without filing it."""

import json
import subprocess
import sys
from pathlib import Path

from app.domain.errors import PictureRefused

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MIB = 1200
PATIENCE_S = 30.0
MOST_PAGES, MOST_TEXTS, LONGEST = 20, 40, 4000
MOST_RECORDS, RECORD_MOST = 8, 16 * 1024 * 1024


def code_texts(file: Path, patience_s: float = PATIENCE_S) -> list[str]:
    """Return the text of every QR code in a picture or PDF, each once, and of the record files a PDF carries with it.

    Raises:
        PictureRefused: The file cannot be read, or not within the time and memory it is given.
    """
    call = [sys.executable, "-m", "app.scanning.texts", str(file.resolve())]
    try:
        done = subprocess.run(call, cwd=ROOT, capture_output=True, timeout=patience_s, check=False)
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise PictureRefused(file.name, "broken") from error
    if "refused" in told:
        raise PictureRefused(file.name, told["refused"])
    return [str(text) for text in told["texts"]]


def main(path: str) -> int:
    """Read one file and say what its codes say."""
    from app.scanning.child import restrain

    restrain(MEMORY_MIB)
    from app.scanning.decode import CannotRead

    try:
        told: dict[str, object] = {"texts": _texts(Path(path)) + _records(Path(path))}
    except CannotRead as trouble:
        told = {"refused": trouble.why}
    except MemoryError:
        told = {"refused": "memory"}
    print(json.dumps(told))
    return 0


def _texts(path: Path) -> list[str]:
    import numpy as np
    import zxingcpp
    from PIL import Image

    from app.scanning.codes import QR, looks
    from app.scanning.decode import opened

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, before anything is decoded (decode.py)
    source, found = opened(path), dict[str, None]()
    for number in range(min(source.count, MOST_PAGES)):
        for looked, _ in looks(source.picture(number).image.convert("L")):
            read = zxingcpp.read_barcodes(np.asarray(looked), formats=QR)
            found |= dict.fromkeys(code.text[:LONGEST] for code in read)
            if read:
                break
    return list(found)[:MOST_TEXTS]


def _records(path: Path) -> list[str]:
    """Return the JSON files attached to a PDF; what cannot be read is none."""
    import pikepdf

    try:
        with path.open("rb") as file:
            if b"%PDF-" not in file.read(1024):
                return []
        with pikepdf.open(path) as document:
            named = [(name, attached) for name, attached in document.attachments.items() if name.endswith(".json")]
            raw = [attached.get_file().read_bytes() for _, attached in named[:MOST_RECORDS]]
        return [content.decode() for content in raw if len(content) <= RECORD_MOST]
    except (pikepdf.PdfError, UnicodeDecodeError, OSError):
        return []


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
