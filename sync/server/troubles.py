"""What hinders a server before it has begun to serve, in the words of whoever looks after it."""

import errno
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import resources
from app.domain.errors import HomeBusy, NotSaved, Refused, Trouble
from app.domain.place import Place, Places
from app.domain.wording import why_not


class Trust(Protocol):
    """Where certificate and key lie; None for plain HTTP, behind a proxy that speaks TLS."""

    certificate: Path | None
    key: Path | None


class PortTaken(Trouble):
    """Another program answers at the address already."""

    code = "E-320"

    def __init__(self, address: str, port: int, option: str) -> None:
        super().__init__(
            f"{address}:{port} 已经有别的程序在用", "数据都在", f"用 {option} 换一个端口，或者先停下那个程序"
        )


class AddressNotOurs(Trouble):
    """The address belongs to another machine, or is none at all."""

    code = "E-321"

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address} 不是这台机器的地址，门没开成",
            "数据都在",
            "--address 写这台机器自己的 IP；写 0.0.0.0，哪个地址都能来",
        )


class PortBarred(Trouble):
    """The system lets nobody like us answer there: a low port, mostly."""

    code = "E-322"

    def __init__(self, port: int, option: str) -> None:
        super().__init__(
            f"系统不让用端口 {port}", "数据都在", f"1024 以下的要管理员才行：用 {option} 换一个大的，前面放 nginx"
        )


class CertificateUnusable(Trouble):
    """Certificate and key are not there, not to be read, or do not belong together."""

    code = "E-323"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"证书用不了：{why}",
            "门一个也没开，数据都在",
            "--certificate 写证书（PEM），--key 写它的私钥（PEM，不带口令），两个都要写，这个用户要读得到",
        )


class FolderShut(Trouble):
    """The folder of a server cannot be made, or cannot be written into."""

    code = "E-324"

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"{folder} 用不了{_in_brackets(why)}",
            "原来有的一个字没动",
            "看看 --home 写对没有，文件夹是不是归运行服务的用户，磁盘满没满",
        )


class FileUnreadable(Refused):
    """A file that was named is not there, or cannot be read."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file} 读不了（{why}）", "什么也没变", "看看文件名写对没有，这个用户读不读得到")


class TableUnreadable(Refused):
    """The table of places that was named is not there, or none."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"区划表 {file} 读不了：{why}", "数据都在", "一行一个地方：区划代码，一个制表符，名称；存成 UTF-8"
        )


class PlaceUnknown(Refused):
    """No table has the place."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"区划表里没有 {code}", "数据没有动", "看看代码写对没有；别的省，用 --places 带上那个省的区划表"
        )


class NoSample(Refused):
    """The sample would be mixed with what an office has."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 是真的数据，示例省不往里放",
            "数据没有动",
            "看示例省，不写 --home 和 --database，或者另写一个空文件夹",
        )


class ServedAlready(HomeBusy):
    """A server, or a window, has the home open."""

    def __init__(self, folder: Path) -> None:
        Trouble.__init__(
            self,
            f"{folder} 正开着，多半是服务器在运行",
            "数据都在，什么也没动",
            "先停下那一个（systemctl stop yuanba，或在那边按 Ctrl C），再来一次",
        )


@contextmanager
def opening(folder: Path) -> Iterator[None]:
    """Say in the words of whoever looks after a server why its home cannot be opened.

    Raises:
        FolderShut, ServedAlready: That is why.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise FolderShut(folder, "是一个文件，不是文件夹")
        yield
    except HomeBusy as error:
        raise ServedAlready(folder) from error
    except NotSaved as error:
        if type(error) is not NotSaved:  # those that say more say it themselves
            raise
        cause = error.__cause__
        said = "磁盘满了" if "full" in error.cause else ""
        raise FolderShut(folder, why_not(cause) if isinstance(cause, OSError) else said) from error
    except PermissionError as error:
        raise FolderShut(folder, why_not(error)) from error


@contextmanager
def binding(address: str, port: int, option: str) -> Iterator[None]:
    """Say why a door cannot be opened at an address; `option` is where its port is written.

    Raises:
        PortTaken, AddressNotOurs, PortBarred: That is why.
    """
    try:
        yield
    except PermissionError as error:
        raise PortBarred(port, option) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(address, port, option) from error
        raise AddressNotOurs(address) from error


def look_at(trust: Trust) -> None:
    """Refuse a certificate that no door can be opened with, before any is.

    Raises:
        CertificateUnusable: It is one.
    """
    if trust.certificate is None and trust.key is None:
        return
    if trust.certificate is None or trust.key is None:
        raise CertificateUnusable("只写了一半")
    for file in (trust.certificate, trust.key):
        try:
            file.read_bytes()
        except OSError as error:
            raise CertificateUnusable(f"{file} 读不到{_in_brackets(why_not(error))}") from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(trust.certificate, trust.key, lambda: "")
    except (ssl.SSLError, ValueError) as error:
        raise CertificateUnusable("两个文件不是一对，或者不是证书和私钥") from error


def table(file: Path | None) -> Places:
    """Return our table of places, with that of a file added.

    Raises:
        TableUnreadable: There is no such file, or it is no table.
    """
    if file is None:
        return Places(resources.places())
    try:
        return Places(resources.places(), file.read_text("utf-8-sig"))
    except OSError as error:
        raise TableUnreadable(file, why_not(error)) from error
    except UnicodeDecodeError as error:
        raise TableUnreadable(file, "不是 UTF-8") from error
    except ValueError as error:
        raise TableUnreadable(file, "有的行不是“代码、制表符、名称”") from error


def content_of(file: Path) -> bytes:
    """Return what is in a file that was named.

    Raises:
        FileUnreadable: It is not there, or cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnreadable(file, why_not(error)) from error


def known(places: Places, code: str) -> Place:
    """Return a place of the table.

    Raises:
        PlaceUnknown: There is none with this code.
    """
    found = places.get(code)
    if found is None:
        raise PlaceUnknown(code)
    return found


def _in_brackets(why: str) -> str:
    return f"（{why}）" if why else ""
