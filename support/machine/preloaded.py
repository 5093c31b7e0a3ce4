"""A fault of the machine for one program under test: a small library that replaces a call of the system."""

import os
import tempfile
from pathlib import Path

from support import processes


class Preloaded:
    """To be used with `with`, which gives the environment to start the program with. `name` is that of a C file in this
    folder."""

    def __init__(self, name):
        self._source = Path(__file__).with_name(f"{name}.c")

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="preloaded.")
        library = Path(self._folder.name, "library.so")
        processes.run(["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, self._source]
                      ).check_returncode()
        # Other libraries may be preloaded already.
        preload = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(library)]))
        return os.environ | {"LD_PRELOAD": preload}

    def __exit__(self, *_):
        self._folder.cleanup()
