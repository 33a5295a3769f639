#!/usr/bin/env python3
"""Builds the wrappers as set-up without PyTorch configures them, and checks what libtorch-c then says.

Only the library that programs link is built, into a temporary folder; nothing is installed.
"""

import ctypes
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

NATIVE = Path(__file__).resolve().parents[1] / "native"
UNAVAILABLE = 7
"""`LTC_UNAVAILABLE` of libtorch-c.h."""
EXPECTED = ("libtorch cannot be loaded", "set-up left it out", "Run 'make setup' in swift-openclip without PYTORCH=no")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        message = first_call(built(Path(folder)))
    if missing := [text for text in EXPECTED if text not in message]:
        sys.exit(f"error: without libtorch, libtorch-c says '{message}', and not {', '.join(map(repr, missing))}")
    print(f"Without libtorch, libtorch-c says: {message}")


def built(folder: Path) -> Path:
    """Configures both wrappers without libtorch in `folder`, builds libtorch-c, and returns the library."""
    arrow = find_spec("pyarrow").submodule_search_locations[0]
    subprocess.run(["cmake", "-S", NATIVE, "-B", folder, "-G", "Ninja", "-Wno-dev", "--log-level=WARNING",
                    "-DCMAKE_BUILD_TYPE=Release", "-DWITH_LIBTORCH=OFF", f"-DARROW={arrow}", f"-DPYTHON={sys.executable}"],
                   check=True)
    subprocess.run(["cmake", "--build", folder, "--target", "libtorch-c"], check=True, stdout=subprocess.DEVNULL)
    return folder / "libtorch-c" / "libtorch-c.so"


def first_call(library: Path) -> str:
    """The message of a function that needs libtorch."""
    functions = ctypes.CDLL(str(library))
    names, count, message = ctypes.POINTER(ctypes.c_char_p)(), ctypes.c_size_t(), ctypes.c_char_p()
    status = functions.ltc_precisions(ctypes.byref(names), ctypes.byref(count), ctypes.byref(message))
    if status != UNAVAILABLE:
        sys.exit(f"error: without libtorch, ltc_precisions has the status {status}; {UNAVAILABLE} was expected")
    return message.value.decode()


if __name__ == "__main__":
    main()
