"""The command line of a server: whoever writes it wrongly is told so in a sentence, and nothing is done."""

import argparse
import re
import sys
from typing import NoReturn

CALLED_WRONGLY = 2
_HIGHEST_PORT = 65_535
_SAYS = (
    (r"unrecognized arguments: (.+)", "不认识 {}"),
    (r"the following arguments are required: (.+)", "还差 {}"),
    (r"argument (\S+): expected one argument", "{} 后面还要写"),
    (r"argument (\S+): invalid choice: ('[^']*').*", "{} 后面写的 {} 不在可写的里面"),
    (r"argument (\S+): invalid \S+ value: (.+)", "{} 后面写的 {} 不对"),
    (r"argument (\S+): (.+)", "{}：{}"),
)


class Parser(argparse.ArgumentParser):
    """Reads the words of a verb."""

    def error(self, message: str) -> NoReturn:
        """Show how it is written, say what is wrong, and end."""
        self.print_usage(sys.stderr)
        self.exit(CALLED_WRONGLY, f"命令写得不对：{in_chinese(message)}。什么也没做，数据没有动。写法用 --help 看\n")


def in_chinese(message: str) -> str:
    """Return what the parser of the language itself finds wrong, in a clerk's words where we know them."""
    for pattern, said in _SAYS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return said.format(*found.groups())
    return message


def port(word: str) -> int:
    """Return the number of a door; 0 takes a free one."""
    if not re.fullmatch("[0-9]{1,5}", word) or int(word) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"端口是 0 到 {_HIGHEST_PORT} 的数，{word} 不是")
    return int(word)


def county(word: str) -> str:
    """Return the code of a county."""
    if not re.fullmatch("[0-9]{6}", word):
        raise argparse.ArgumentTypeError(f"县的区划代码是 6 位数，{word} 不是")
    return word
