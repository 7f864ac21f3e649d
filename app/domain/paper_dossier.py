"""卷宗: what a folder must hold, what is there already, and what is still lacking.

The thirteen parts of a mediation folder and their order: 人民调解文书格式（司法部，2010年12月）.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.paper import Imprint


class Need(StrEnum):
    """Whether a folder may do without a part."""

    MUST = "必须"
    IF_ANY = "按需"


@dataclass(frozen=True, slots=True)
class DossierItem:
    """One part of a folder. `kinds` are the papers that make it up, `found` says what is there of it, `pages` how many.

    `attachments` are the ids of the scans and files that belong here. `gap` says what is lacking and what to do; of a
    part that is there it is empty.
    """

    number: int
    name: str
    need: Need
    kinds: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    found: str = ""
    pages: int = 0
    gap: str = ""

    @property
    def is_present(self) -> bool:
        """Return whether anything of it is there."""
        return bool(self.found)

    @property
    def is_missing(self) -> bool:
        """Return whether the folder cannot be closed because of it."""
        return self.need is Need.MUST and not self.is_present


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a folder is. `name` is what it is called: 调解卷宗, 协商卷宗."""

    name: str
    items: tuple[DossierItem, ...] = ()

    def needed(self) -> tuple[DossierItem, ...]:
        """Return the parts it must have."""
        return tuple(item for item in self.items if item.need is Need.MUST)

    def present(self) -> tuple[DossierItem, ...]:
        """Return the parts that are there, in order."""
        return tuple(item for item in self.items if item.is_present)

    def missing(self) -> tuple[DossierItem, ...]:
        """Return the parts it must have and has not."""
        return tuple(item for item in self.items if item.is_missing)

    def is_complete(self) -> bool:
        """Return whether nothing is lacking."""
        return not self.missing()

    def gaps(self) -> tuple[str, ...]:
        """Return what is lacking, each with what to do about it."""
        return tuple(f"{item.name}：{item.gap}" for item in self.missing())

    def sentence(self) -> str:
        """Return how it stands in one sentence: 必须的6项有4项，还缺当事人身份证明、人民调解协议书."""
        needed, missing = len(self.needed()), self.missing()
        if not missing:
            return f"必须的{needed}项都有了"
        return f"必须的{needed}项有{needed - len(missing)}项，还缺{'、'.join(item.name for item in missing)}"


@dataclass(frozen=True, slots=True)
class DossierIndex:
    """卷内目录 and 封底 (F24): what lies in the folder, and who put it together."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    folder: Completeness = field(default_factory=lambda: Completeness(""))
    keeping: str = ""
    imprint: Imprint = field(default_factory=Imprint)
