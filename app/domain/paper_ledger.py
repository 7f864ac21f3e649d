"""台账 on paper: any list, turned sideways, with its sums, who signs for it, and what its columns count."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """A column: its header, how wide it is beside the others, and whether what stands in it is set in the middle."""

    header: str
    width: int
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """A list, A4 landscape. The last of `rows` are its sums when `has_sums`; `signers` leave room to sign."""

    title: str
    unit: str = ""
    about: str = ""
    columns: tuple[LedgerHead, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    has_sums: bool = False
    note: str = ""
    signers: tuple[str, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
