"""What county and province keep their ledger in."""

import pytest

from db.keep import open_home
from tests.postgres import open_fresh


@pytest.fixture(params=["files", "servers"])
def upper(request):
    """How county and province open theirs: a file each, or a PostgreSQL."""
    return open_fresh if request.param == "servers" else open_home
