"""The server as a program: `python -m sync.server`.

Loading its parts takes a second, in which nothing is begun yet: whoever stops it then ends it on the spot. Python would
say where it was, or not hear of it at all.
"""

import signal
import sys
from typing import NoReturn


def _start() -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from sync.server.main import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())


if __name__ == "__main__":
    _start()
