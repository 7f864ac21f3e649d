"""Asking others whether a PDF is fit for the archive: two validators that are not ours, where the machine has them.

pikepdf's (veraPDF's rules; needs its extra `pdfa`) knows 2b and 3b. Apache PDFBox's preflight (Debian's
`libpdfbox2-java` and `libjaxb-api-java`) knows only the older and stricter 1b, so it is shown the same file
declared as such.
"""

import importlib.util
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

JAVA = Path("/usr/share/java")
JARS = [
    JAVA / f"{name}.jar"
    for name in (
        "preflight",
        "pdfbox2",
        "xmpbox",
        "fontbox2",
        "commons-logging",
        "commons-io",
        "javax.activation",
        "jaxb-api",
    )
]
HAS_RULES = all(importlib.util.find_spec(name) for name in ("jsonschema", "referencing"))
HAS_PREFLIGHT = shutil.which("java") is not None and all(jar.exists() for jar in JARS)


def findings(pdf: bytes, flavour: str = "2b") -> list[str]:
    """Return what pikepdf's validator has against a file."""
    from pikepdf.pdfa import validate_written

    return [str(finding) for finding in validate_written(BytesIO(pdf), flavour).findings]


def preflight(pdf: bytes, folder: Path) -> str:
    """Return what PDFBox says about a file: valid, or what is wrong."""
    path = folder / "paper.pdf"
    older = re.sub(rb"^%PDF-1\.7", b"%PDF-1.4", pdf).replace(b"<pdfaid:part>2", b"<pdfaid:part>1")
    path.write_bytes(older)
    classes = ":".join(map(str, JARS))
    command = ["java", "-cp", classes, "org.apache.pdfbox.preflight.Validator_A1b", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return said.stdout + said.stderr
