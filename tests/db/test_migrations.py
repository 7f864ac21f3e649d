"""The steps a home has grown by lead exactly to the tables the program knows."""

from datetime import UTC, datetime

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from db.keep import open_home
from db.shelf import reader
from db.tables import Base


def test_a_new_home_has_exactly_the_declared_tables(tmp_path):
    home = open_home(tmp_path / "home", datetime(2026, 3, 30, tzinfo=UTC))
    with reader(home.engine).connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    home.close()

    assert differences == []
