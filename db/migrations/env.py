"""Alembic's entry: migrations run on the connection that the keeper hands over."""

from alembic import context

import db.account_tables
import db.ground
import db.place_tables  # noqa: F401  their tables grow with the others
from db.dialect import is_server
from db.settling import settle
from db.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
    if is_server(connection):
        settle(connection)
