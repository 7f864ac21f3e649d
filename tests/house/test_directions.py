"""Imports only go down, the repository knows no machine, and the lock is whole."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

MACHINE = re.compile(r"(?<![\w.}*-])/(?:work|home|root|Users|opt)/\w|(?<!\w)C:\\{1,2}Users\\{1,2}\w")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|index-url|find-links", re.IGNORECASE
)
TEXT = {
    ".py",
    ".toml",
    ".md",
    ".txt",
    ".lock",
    ".json",
    ".jsonl",
    ".qss",
    ".cmd",
    ".sh",
    ".js",
    ".mjs",
    ".csv",
    ".svg",
    "",
}
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+) \\$", re.MULTILINE)


def test_every_import_contract_holds(house):
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [sys.executable, lint, "--no-cache"], cwd=house.root, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_file_names_a_machine_or_a_registry(house):
    told = [
        f"{path.relative_to(house.root)}: {found.group()}"
        for path in house.files()
        if path.suffix in TEXT and not path.is_symlink()
        for pattern in (MACHINE, REGISTRY)
        if (found := pattern.search(path.read_text("utf-8", errors="replace").replace("--no-emit-", "")))
        and not (pattern is REGISTRY and path in (Path(__file__), house.root / "run"))
    ]

    assert told == []


def test_every_declared_dependency_is_locked_at_its_version_with_hashes(house):
    project = tomllib.loads((house.root / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    lock = (house.root / "requirements.lock").read_text("utf-8")

    locked = {f"{name}=={version}" for name, version in PINNED.findall(lock)}

    assert {
        re.sub(r"[._]", "-", line.lower().split("==")[0]) + "==" + line.split("==")[1] for line in declared
    } <= locked
    assert len(re.split(r"\n(?=[a-z])", lock)) == len(locked)
    assert all("--hash=sha256:" in part for part in re.split(r"\n(?=[a-z])", lock))
