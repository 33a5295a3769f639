"""Runs a module through this library's own C wrapper, as Swift does."""

import ctypes
from pathlib import Path

import numpy as np

LIBRARY = "libtorch-c.so.3"
CPU = 1
LARGEST_PART = 8
"""As `ModelBundle` runs towers that consist of operators."""
UINT8, FLOAT32 = (1, 8), (2, 32)
"""Type code and bits, as DLPack numbers them."""


class Device(ctypes.Structure):
    """DLDevice."""

    _fields_ = [("type", ctypes.c_int32), ("id", ctypes.c_int32)]


class DataType(ctypes.Structure):
    """DLDataType."""

    _fields_ = [("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16)]


class Tensor(ctypes.Structure):
    """DLTensor, with which DLManagedTensor begins."""

    _fields_ = [("data", ctypes.c_void_p), ("device", Device), ("dimensions", ctypes.c_int32), ("type", DataType),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.POINTER(ctypes.c_int64)),
                ("offset", ctypes.c_uint64)]


class Module:
    """A TorchScript module on the CPU. Raises RuntimeError with the wrapper's message."""

    def __init__(self, path: Path, threads: int, precision: str) -> None:
        self._library = ctypes.CDLL(LIBRARY)
        self._handle = ctypes.c_void_p()
        self._call("ltc_set_intra_op_threads", ctypes.c_int32(threads))
        self._call("ltc_module_load", str(path).encode(), b"cpu", precision.encode(), ctypes.byref(self._handle))

    def run(self, pixels: np.ndarray) -> np.ndarray:
        """uint8 [B, H, W, 3], contiguous, to float32 [B, D]."""
        shape = (ctypes.c_int64 * pixels.ndim)(*pixels.shape)
        code, bits = UINT8
        tensor = Tensor(pixels.ctypes.data, Device(CPU, 0), pixels.ndim, DataType(code, bits, 1), shape, None, 0)
        output = ctypes.POINTER(Tensor)()
        self._call("ltc_module_run_parts", self._handle, ctypes.byref(tensor), ctypes.c_size_t(LARGEST_PART),
                   ctypes.byref(output))
        try:
            return _copy(output.contents)
        finally:
            self._library.ltc_tensor_free(output)

    def _call(self, name: str, *arguments: object) -> None:
        message = ctypes.c_char_p()
        if getattr(self._library, name)(*arguments, ctypes.byref(message)) != 0:
            raise RuntimeError(f"{name}: {(message.value or b'no message').decode()}")


def _copy(tensor: Tensor) -> np.ndarray:
    if (tensor.type.code, tensor.type.bits) != FLOAT32:
        raise RuntimeError("the module does not return float32")
    shape = tensor.shape[:tensor.dimensions]
    address = ctypes.cast(tensor.data + tensor.offset, ctypes.POINTER(ctypes.c_float))
    return np.ctypeslib.as_array(address, shape).copy()
