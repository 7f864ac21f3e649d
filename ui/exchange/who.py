"""Who is who on the screens of the exchange: a computer as people call it, whose it is, what its level is called."""

from app.domain.place import Level, Places
from sync.directory import Directory, level_of
from ui.words import tr

SHORT: dict[Level, str] = {
    Level.TOWNSHIP: "乡里",
    Level.COUNTY: "县里",
    Level.PREFECTURE: "州里",
    Level.PROVINCE: "省里",
}


def place_words(org: str) -> str:
    """Return what people call an office by its level: 县里."""
    return tr(SHORT[level_of(org)])


def unit_name(org: str, directory: Directory, places: Places) -> str:
    """Return the name of an organisation: as its card says, or as the State's table does."""
    card = directory.org(org)
    place = places.get(org)
    return card.name if card else place.display_name if place else org


def computer_place(stream: str, directory: Directory) -> str:
    """Return how a computer is called on a button: 本机, 县里, 桃园村笔记本."""
    device = stream.partition("/")[0]
    if device == directory.device_id:
        return tr("本机")
    card = directory.device(device)
    if card is None:
        return tr("别处")
    return card.name if level_of(card.org) is Level.TOWNSHIP else place_words(card.org)


def computer_unit(stream: str, directory: Directory, places: Places) -> str:
    """Return whose a computer is; '' for one that nobody has vouched for."""
    card = directory.device(stream.partition("/")[0])
    return unit_name(card.org, directory, places) if card else ""
