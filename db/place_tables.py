"""The tables of the book of figures: counted from records, and thrown away and counted again at any time."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Base


class PlaceCellRow(Base):
    """What was counted for one township, month and category."""

    __tablename__ = "place_cell"
    county: Mapped[str] = mapped_column(primary_key=True)
    township: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    planned: Mapped[int]
    taken_up: Mapped[int]
    sittings: Mapped[int]
    consensuses: Mapped[int]
    unanimous: Mapped[int]
    done: Mapped[int]
    underway: Mapped[int]
    households: Mapped[int]
    content: Mapped[int]
    __table_args__ = (Index(None, "month"),)


class PlaceTitleRow(Base):
    """One thing that can be found by its title."""

    __tablename__ = "place_title"
    county: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(primary_key=True)
    consultation_id: Mapped[str]
    township: Mapped[str]
    title: Mapped[str]
    spelt: Mapped[str]
    __table_args__ = (Index(None, "kind", "title", "spelt"),)


class PlaceGramsRow(Base):
    """The signs of a county's titles, one by one and two by two, each once: where to look for some."""

    __tablename__ = "place_grams"
    county: Mapped[str] = mapped_column(primary_key=True)
    grams: Mapped[str]


class PlaceCountRow(Base):
    """A county that was counted: up to which mark, when, and up to when records had come in by then."""

    __tablename__ = "place_count"
    county: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[str]
    at: Mapped[str]
    upto: Mapped[str]
