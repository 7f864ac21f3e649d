"""The tables: one for each kind of record, and those of the journal.

Each record's table has the record's own fields and `versions`: for every field the journal entry that set it,
as JSON {field: [lamport, stream, seq]}, where the field '' stands for all that are not named.
"""

from typing import Any, ClassVar

import msgspec
from sqlalchemy import Boolean, Dialect, ForeignKey, Index, LargeBinary, MetaData, Table, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.dialect import WHOLE, WORDS

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Texts(TypeDecorator[tuple[str, ...]]):
    """A tuple of text, kept as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return the list as JSON."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Return the list as a tuple."""
        return None if value is None else tuple(msgspec.json.decode(value, type=list[str]))


class Base(DeclarativeBase):
    """All tables of a home."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: WORDS, int: WHOLE, bool: Boolean, tuple[str, ...]: Texts}


class RecordRow:
    """What every record's table has."""

    id: Mapped[str] = mapped_column(primary_key=True)
    standing: Mapped[int]
    versions: Mapped[str]


class HamletRow(RecordRow, Base):
    """自然村."""

    __tablename__ = "hamlet"
    village_code: Mapped[str]
    name: Mapped[str]


class UnitRow(RecordRow, Base):
    """单位."""

    __tablename__ = "unit"
    name: Mapped[str] = mapped_column(index=True)
    place_code: Mapped[str | None]


class HouseholdRow(RecordRow, Base):
    """户."""

    __tablename__ = "household"
    village_code: Mapped[str]
    group: Mapped[str]
    head: Mapped[str]


class PersonRow(RecordRow, Base):
    """人."""

    __tablename__ = "person"
    name: Mapped[str]
    village_code: Mapped[str | None] = mapped_column(index=True)
    group: Mapped[str | None]
    role: Mapped[str | None]
    post: Mapped[str | None]
    unit_id: Mapped[str | None]
    household_id: Mapped[str | None]
    phone: Mapped[str | None]
    note: Mapped[str | None]
    merged_into: Mapped[str | None] = mapped_column(index=True)


class TopicRow(RecordRow, Base):
    """议题."""

    __tablename__ = "topic"
    title: Mapped[str]
    village_code: Mapped[str | None] = mapped_column(index=True)
    raised_by: Mapped[str | None]
    raised_on: Mapped[str | None]
    source: Mapped[str | None]
    category: Mapped[str | None]
    summary: Mapped[str | None]
    stage: Mapped[str | None]
    reason: Mapped[str | None]
    screened_on: Mapped[str | None]
    approved_on: Mapped[str | None]
    merged_into: Mapped[str | None]


class ConsultationRow(RecordRow, Base):
    """协商活动."""

    __tablename__ = "consultation"
    title: Mapped[str]
    topic_id: Mapped[str | None] = mapped_column(index=True)
    place_codes: Mapped[tuple[str, ...] | None] = mapped_column(Texts, index=True)
    hamlet: Mapped[str | None]
    practice: Mapped[str | None]
    form: Mapped[str | None]
    category: Mapped[str | None]
    stage: Mapped[str | None] = mapped_column(index=True)
    closed_session: Mapped[bool | None]
    case_number: Mapped[str | None]
    summary: Mapped[str | None]
    reason: Mapped[str | None]


class SittingRow(RecordRow, Base):
    """场次."""

    __tablename__ = "sitting"
    consultation_id: Mapped[str] = mapped_column(index=True)
    ordinal: Mapped[int | None]
    venue: Mapped[str | None]
    starts_at: Mapped[str | None] = mapped_column(index=True)
    host_id: Mapped[str | None]
    host: Mapped[str | None]
    recorder: Mapped[str | None]
    stage: Mapped[str | None]
    opened_at: Mapped[str | None]
    ended_at: Mapped[str | None]
    current_issue_id: Mapped[str | None]
    expected: Mapped[int | None]
    expected_households: Mapped[int | None]
    quorum_rule: Mapped[str | None]
    quorum_base: Mapped[str | None]
    spoken_language: Mapped[str | None]
    note: Mapped[str | None]


class AttendanceRow(RecordRow, Base):
    """签到."""

    __tablename__ = "attendance"
    sitting_id: Mapped[str]
    person_id: Mapped[str] = mapped_column(index=True)
    role: Mapped[str | None]
    presence: Mapped[str | None]
    mode: Mapped[str | None]
    invited: Mapped[bool | None]
    arrived_at: Mapped[str | None]
    left_at: Mapped[str | None]
    proxy_name: Mapped[str | None]
    proxy_relation: Mapped[str | None]
    reason: Mapped[str | None]
    counts: Mapped[bool | None]
    __table_args__ = (Index(None, "sitting_id", "person_id"),)


class IssueRow(RecordRow, Base):
    """焦点."""

    __tablename__ = "issue"
    sitting_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    title: Mapped[str]
    note: Mapped[str | None]


class StatementRow(RecordRow, Base):
    """发言."""

    __tablename__ = "statement"
    sitting_id: Mapped[str]
    number: Mapped[int]
    text: Mapped[str]
    kind: Mapped[str | None]
    speaker_id: Mapped[str | None]
    issue_id: Mapped[str | None] = mapped_column(index=True)
    said_at: Mapped[str | None]
    note: Mapped[str | None]
    __table_args__ = (Index(None, "sitting_id", "number"),)


class ConsensusRow(RecordRow, Base):
    """共识."""

    __tablename__ = "consensus"
    sitting_id: Mapped[str] = mapped_column(index=True)
    issue_id: Mapped[str] = mapped_column(index=True)
    text: Mapped[str | None]
    method: Mapped[str | None]
    result: Mapped[str | None]
    agree: Mapped[int | None]
    against: Mapped[int | None]
    abstain: Mapped[int | None]
    silent: Mapped[int | None]
    present: Mapped[int | None]
    expected: Mapped[int | None]
    ratio: Mapped[str | None]
    route: Mapped[str | None]
    settled_at: Mapped[str | None]
    drafted_at: Mapped[str | None]
    second_text: Mapped[str | None]


class ReservationRow(RecordRow, Base):
    """保留意见."""

    __tablename__ = "reservation"
    consensus_id: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    person_id: Mapped[str | None]
    answer: Mapped[str | None]


class ActionRow(RecordRow, Base):
    """任务."""

    __tablename__ = "action"
    sitting_id: Mapped[str] = mapped_column(index=True)
    consultation_id: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    text: Mapped[str]
    consensus_id: Mapped[str | None]
    unit_id: Mapped[str | None]
    person_id: Mapped[str | None]
    support_units: Mapped[tuple[str, ...] | None] = mapped_column(Texts)
    due_on: Mapped[str | None]
    due_words: Mapped[str | None]
    supervisor: Mapped[str | None]
    fund: Mapped[str | None]
    stage: Mapped[str | None]
    done_on: Mapped[str | None]
    note: Mapped[str | None]
    __table_args__ = (Index(None, "stage", "due_on"),)


class ContributionRow(RecordRow, Base):
    """分担."""

    __tablename__ = "contribution"
    action_id: Mapped[str] = mapped_column(index=True)
    party: Mapped[str]
    kind: Mapped[str]
    amount: Mapped[str]
    measure: Mapped[str | None]
    person_id: Mapped[str | None]


class ProgressRow(RecordRow, Base):
    """进展."""

    __tablename__ = "progress"
    action_id: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    said_at: Mapped[str | None]
    stage: Mapped[str | None]
    by: Mapped[str | None]


class RevisitRow(RecordRow, Base):
    """回访."""

    __tablename__ = "revisit"
    consultation_id: Mapped[str] = mapped_column(index=True)
    visited_on: Mapped[str]
    action_id: Mapped[str | None] = mapped_column(index=True)
    very_satisfied: Mapped[int | None]
    satisfied: Mapped[int | None]
    fair: Mapped[int | None]
    dissatisfied: Mapped[int | None]
    unsure: Mapped[int | None]
    text: Mapped[str | None]
    by: Mapped[str | None]


class EditionRow(RecordRow, Base):
    """定稿."""

    __tablename__ = "edition"
    consultation_id: Mapped[str] = mapped_column(index=True)
    sitting_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    record: Mapped[str]
    openings: Mapped[str]
    closure: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    digits: Mapped[str] = mapped_column(index=True)
    device_key: Mapped[str]
    signature: Mapped[str]
    sealed_at: Mapped[str]
    sealed_by: Mapped[str | None]
    spoken_digits: Mapped[str | None]
    previous_id: Mapped[str | None]
    reason: Mapped[str | None]


class CorrectionRow(RecordRow, Base):
    """更正."""

    __tablename__ = "correction"
    consultation_id: Mapped[str]
    sitting_id: Mapped[str] = mapped_column(index=True)
    edition_id: Mapped[str]
    reason: Mapped[str]
    asked_by: Mapped[str | None]
    opened_at: Mapped[str | None]
    opened_by: Mapped[str | None]


class PrintoutRow(RecordRow, Base):
    """印件."""

    __tablename__ = "printout"
    consultation_id: Mapped[str] = mapped_column(index=True)
    sitting_id: Mapped[str] = mapped_column(index=True)
    paper: Mapped[str]
    version: Mapped[int | None]
    copies: Mapped[int | None]
    pages: Mapped[int | None]
    sha256: Mapped[str | None]
    printed_at: Mapped[str | None]
    where: Mapped[str | None]
    is_reprint: Mapped[bool | None]


class NoticeRow(RecordRow, Base):
    """公示."""

    __tablename__ = "notice"
    consultation_id: Mapped[str] = mapped_column(index=True)
    sitting_id: Mapped[str]
    posted_on: Mapped[str]
    until: Mapped[str] = mapped_column(index=True)
    edition_id: Mapped[str | None]
    version: Mapped[int | None]
    where: Mapped[str | None]
    phone: Mapped[str | None]
    shown: Mapped[str | None]


class AttachmentRow(RecordRow, Base):
    """附件."""

    __tablename__ = "attachment"
    consultation_id: Mapped[str] = mapped_column(index=True)
    blob: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sitting_id: Mapped[str | None]
    edition_id: Mapped[str | None]
    action_id: Mapped[str | None] = mapped_column(index=True)
    paper: Mapped[str | None]
    version: Mapped[int | None]
    page: Mapped[int | None]
    pages: Mapped[int | None]
    thumbnail: Mapped[str | None]
    digest: Mapped[str | None]
    taken_at: Mapped[str | None]
    note: Mapped[str | None]


class RulingRow(RecordRow, Base):
    """定夺."""

    __tablename__ = "ruling"
    kind: Mapped[str]
    record_id: Mapped[str] = mapped_column(index=True)
    fields: Mapped[tuple[str, ...]] = mapped_column(Texts)
    chosen: Mapped[tuple[str, ...] | None] = mapped_column(Texts)
    others: Mapped[tuple[str, ...] | None] = mapped_column(Texts)
    reason: Mapped[str | None]
    decided_at: Mapped[str | None]
    by: Mapped[str | None]


TABLES: dict[str, Table] = {name: table for name, table in Base.metadata.tables.items() if "versions" in table.c}


class StreamRow(Base):
    """One incarnation of one device: whose entries are numbered without a gap. Ours has its key; others do not.

    `branch` is empty, or `~` and eight digits of the sealing act with which a copied or restored laptop went its way.
    """

    __tablename__ = "stream"
    no: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str]
    incarnation: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    private_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    began_at: Mapped[str]
    is_current: Mapped[bool]
    branch: Mapped[str] = mapped_column(default="", server_default="")


class ChangeSetRow(Base):
    """One act. `toggles` is what takes it back (or does it again, once undone); NULL for acts of other machines."""

    __tablename__ = "change_set"
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    who: Mapped[str]
    at: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    toggles: Mapped[bytes | None] = mapped_column(LargeBinary)


class EntryRow(Base):
    """One op of the journal: one record in one act. `body` is {"s": fields set, "b": base versions or null}.

    Seldom besides: "c" the correction it was made under, "v" what a sealing had seen, "x" fields that hold the public
    form of a text, "p" the audiences whose parts have come in (ours are whole and have none), "e" fields whose values
    were erased.
    """

    __tablename__ = "entry"
    stream: Mapped[int] = mapped_column(ForeignKey("stream.no"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    lamport: Mapped[int]
    set_id: Mapped[str]
    kind: Mapped[str]
    record_id: Mapped[str]
    who: Mapped[str]
    wall: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index(None, "record_id"),)


class NoteRow(Base):
    """A note of this machine alone: half-typed words, settings, where it was. No fact, no version, never travels."""

    __tablename__ = "note"
    name: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class ActRow(Base):
    """One act of sealing: the entries of a stream up to `last` went into segments. Two with one `after` are a fork."""

    __tablename__ = "sealing"
    id: Mapped[str] = mapped_column(primary_key=True)
    stream: Mapped[int] = mapped_column(ForeignKey("stream.no"), index=True)
    after: Mapped[str | None]
    last: Mapped[int | None]


class SegmentRow(Base):
    """One sealed segment, as it travels. `state`: own, taken, relayed (not for us), or why it waits."""

    __tablename__ = "segment"
    id: Mapped[str] = mapped_column(primary_key=True)
    stream: Mapped[int] = mapped_column(ForeignKey("stream.no"))
    region: Mapped[str]
    audience: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]
    acts: Mapped[tuple[str, ...]] = mapped_column(Texts)
    after: Mapped[str | None]
    plain_digest: Mapped[str | None]
    size: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    taken_at: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index(None, "stream", "audience", "last"), Index(None, "region", "taken_at"))


class ReceivedRow(Base):
    """Which organisation has said that it holds a segment: received, stored or applied."""

    __tablename__ = "received"
    segment: Mapped[str] = mapped_column(primary_key=True)
    org: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    custody: Mapped[str]
    at: Mapped[str]


class StatementFileRow(Base):
    """A signed statement as it travels: a card, a request, a certificate, a grant, a revocation, a receipt; `no`
    counts them as they came, for clocks order nothing."""

    __tablename__ = "statement_file"
    id: Mapped[str] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    subject: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[str]
    __table_args__ = (Index(None, "subject", "kind"),)


class IdentityRow(Base):
    """A secret that opens segments: of this device (org ''), or of an organisation it belongs to."""

    __tablename__ = "identity"
    key_id: Mapped[str] = mapped_column(primary_key=True)
    org: Mapped[str]
    use: Mapped[str]
    public: Mapped[str]
    secret: Mapped[str]
    at: Mapped[str]


class PackageRow(Base):
    """第 n 包: what once went out together, by which carrier."""

    __tablename__ = "package"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str]
    carrier: Mapped[str]
    to_org: Mapped[str]
    items: Mapped[int]
    size: Mapped[int]
    segments: Mapped[tuple[str, ...]] = mapped_column(Texts)


class ArrivalRow(Base):
    """A pack that was taken in: from whom, and what it brought."""

    __tablename__ = "arrival"
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str]
    carrier: Mapped[str]
    sender: Mapped[str]
    told: Mapped[bytes] = mapped_column(LargeBinary)


class FreightRow(Base):
    """A picture or file that travels: for whom, how far it has come, and its author's letter. `have` numbers the
    sealed pieces that lie here."""

    __tablename__ = "freight"
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str]
    region: Mapped[str]
    audience: Mapped[str]
    act: Mapped[str]
    among: Mapped[int]
    size: Mapped[int]
    state: Mapped[str]
    have: Mapped[str]
    letter: Mapped[bytes] = mapped_column(LargeBinary)


class ContestRow(Base):
    """A field that two sides have changed without knowing of each other; derived from the journal."""

    __tablename__ = "contest"
    kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    is_by_rule: Mapped[bool]


class WaitingRow(Base):
    """A record that cannot be shown yet: its making has not come, or this version does not know its kind or a field."""

    __tablename__ = "waiting"
    kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(primary_key=True)
    why: Mapped[str]


class WithheldRow(Base):
    """An entry that is kept and not applied, with the reason; derived from the journal."""

    __tablename__ = "withheld"
    stream: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    record_id: Mapped[str]
    why: Mapped[str]
    __table_args__ = (Index(None, "record_id"),)


class GuardRow(Base):
    """A record that a sealing holds fast; derived from the closure of the edition."""

    __tablename__ = "guard"
    record_id: Mapped[str] = mapped_column(primary_key=True)
    edition_id: Mapped[str] = mapped_column(primary_key=True)
