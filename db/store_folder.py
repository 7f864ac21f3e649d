"""The folder of a server whose facts lie in a PostgreSQL: it has a key and pictures, and is none of a home.

Once a store was opened with it the file `store` says so. A folder of an older program has none: there is a key in it,
whole and twice, and neither a ledger nor the lock of a home, which is there before the key of any home.
"""

import os
from pathlib import Path

from app.domain.errors import Damaged, NotSaved
from db.blobs import fsync_folder

STORE = "store"
_SAYS = "数据在 PostgreSQL 里，每条命令都要写上 --database 和地址。\n"


class FactsElsewhere(Damaged):
    """Somebody would begin an empty ledger in the folder of a server whose facts lie in a PostgreSQL."""

    code = "E-336"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 是服务器的文件夹，账本不在这里，在 PostgreSQL 里",
            "什么也没写，数据没有动",
            "用 ./run server 的命令，把 --database 和数据库的地址也写上",
        )


class FactsHere(Damaged):
    """Somebody would begin a province on a PostgreSQL in the folder of a home, whose facts lie in a file there."""

    code = "E-350"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 里已经有一本账（ledger.db），数据在这个文件里，不在那个数据库里",
            "什么也没写，数据没有动",
            "接着用这本账，就不写 --database；要用数据库，--home 另写一个空文件夹",
        )


def has_ledger(folder: Path) -> bool:
    """Return whether the ledger of a home lies in a folder."""
    return _has(folder, "ledger.db")


def refuse(folder: Path) -> None:
    """Refuse to open a home in the folder of a store.

    Raises:
        FactsElsewhere: It is one.
    """
    if is_one(folder):
        raise FactsElsewhere(folder)


def is_one(folder: Path) -> bool:
    """Return whether this is the folder of a store."""
    return is_told(folder) or _looks_like_one(folder)


def is_told(folder: Path) -> bool:
    """Return whether a store was opened with this folder."""
    return _has(folder, STORE)


def tell(folder: Path) -> None:
    """Write down that a store was opened with this folder; but not over the ledger of a home, whose owner may have
    written an address by mistake.

    Raises:
        NotSaved: The disk would not take it.
    """
    if is_told(folder) or has_ledger(folder):
        return
    try:
        (folder / STORE).write_text(_SAYS, "utf-8")
        fsync_folder(folder)
    except OSError as error:
        raise NotSaved(str(error)) from error


def _looks_like_one(folder: Path) -> bool:
    has_key = _has(folder, "key") and _has(folder, "key.twin")
    return has_key and not has_ledger(folder) and not _has(folder, "lock")


def _has(folder: Path, name: str) -> bool:
    return os.path.exists(folder / name)  # of a folder that cannot be read others tell
