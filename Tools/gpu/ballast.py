"""Holds the memory of an NVIDIA GPU until standard input ends, as another program would.

Usage: ballast.py INDEX LEAVE, where LEAVE is how many MiB stay free. It prints how many MiB it holds, and needs nothing
but the driver.
"""

import ctypes
import sys

MEBIBYTE = 1 << 20


def main() -> None:
    index, leave = map(int, sys.argv[1:])
    driver = ctypes.CDLL("libcuda.so.1")
    device, context, address = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_uint64()
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    _require(driver.cuInit(0), "cuInit")
    _require(driver.cuDeviceGet(ctypes.byref(device), index), "cuDeviceGet")
    _require(driver.cuDevicePrimaryCtxRetain(ctypes.byref(context), device), "cuDevicePrimaryCtxRetain")
    _require(driver.cuCtxSetCurrent(context), "cuCtxSetCurrent")
    _require(driver.cuMemGetInfo_v2(ctypes.byref(free), ctypes.byref(total)), "cuMemGetInfo")
    held = max(free.value - leave * MEBIBYTE, 0)
    _require(driver.cuMemAlloc_v2(ctypes.byref(address), ctypes.c_size_t(held)), "cuMemAlloc")
    print(held // MEBIBYTE, flush=True)
    sys.stdin.read()


def _require(status: int, call: str) -> None:
    if status != 0:
        raise SystemExit(f"error: {call} returned {status}")


if __name__ == "__main__":
    main()
