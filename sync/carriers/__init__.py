"""Carriers: how packs get from one machine to another. They move files and know nothing of what is in them.

disk      the few system calls a carrier makes, handed in
stick     where packs can be carried to: sticks as the machine shows them, a folder that stands in for one
folder    a pack written out, so that it is whole or not there
incoming  packs found, fetched, and removed once receipted
"""

from sync.carriers.disk import Disk, RealDisk, Status
from sync.carriers.folder import Written, pack_name, write_out
from sync.carriers.incoming import Found, fetch, leftovers, remove_receipted, take_from
from sync.carriers.stick import Place, Watch, place_of, sticks

__all__ = [
    "Disk",
    "Found",
    "Place",
    "RealDisk",
    "Status",
    "Watch",
    "Written",
    "fetch",
    "leftovers",
    "pack_name",
    "place_of",
    "remove_receipted",
    "sticks",
    "take_from",
    "write_out",
]
