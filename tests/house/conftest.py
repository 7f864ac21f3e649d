"""The house as its own tests see it: every file of ours, read once."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("app", "db", "sync", "ui")
NOT_OURS = {"__pycache__", "build", ".git", ".venv", ".hypothesis"}


@dataclass(frozen=True)
class Module:
    """One Python file of ours."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)


class House:
    """All files, by floor."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._modules: dict[Path, Module] = {}

    def files(self, *folders: str) -> Iterator[Path]:
        """Return every file of ours beneath these folders; of the whole house if none is named."""
        for folder in folders or (".",):
            for place, inner, names in os.walk(self.root / folder):
                inner[:] = sorted(name for name in inner if name not in NOT_OURS and not name.endswith("_cache"))
                yield from (Path(place) / name for name in sorted(names))

    def modules(self, *folders: str) -> list[Module]:
        """Return the Python files beneath these folders."""
        paths = (path for path in self.files(*folders) if path.suffix == ".py")
        return [self._modules.setdefault(path, Module(path)) for path in paths]


@pytest.fixture(scope="session")
def house() -> House:
    return House(ROOT)
