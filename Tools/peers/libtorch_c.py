"""Runs a module through this library's own C wrapper, as Swift does."""

import ctypes
from pathlib import Path

import numpy as np

LIBRARY = "libtorch-c.so.3"
OUT_OF_MEMORY = 4
"""The status of the header, LTC_OUT_OF_MEMORY."""
CPU = 1
LARGEST_PART, LARGEST_GPU_PART = 8, 128
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


class OutOfMemory(RuntimeError):
    """The machine or the device has too little memory."""


def torch_version() -> str:
    """The version of libtorch that the wrapper was built for."""
    library = ctypes.CDLL(LIBRARY)
    library.ltc_torch_version.restype = ctypes.c_char_p
    return library.ltc_torch_version().decode()


def devices() -> list[str]:
    """As `clip-cli models devices` lists them: "cpu", then "cuda:<index> <name>"."""
    names, count = ctypes.POINTER(ctypes.c_char_p)(), ctypes.c_size_t()
    _call(ctypes.CDLL(LIBRARY), "ltc_devices", ctypes.byref(names), ctypes.byref(count))
    return [name.decode() for name in names[:count.value]]


class Module:
    """A TorchScript module on one device. Raises RuntimeError with the wrapper's message."""

    def __init__(self, path: Path, threads: int, precision: str, device: str = "cpu") -> None:
        self._library = ctypes.CDLL(LIBRARY)
        self._handle = ctypes.c_void_p()
        self._largest_part = LARGEST_PART if device == "cpu" else LARGEST_GPU_PART
        self._call("ltc_set_intra_op_threads", ctypes.c_int32(threads))
        self._call("ltc_module_load", str(path).encode(), device.encode(), precision.encode(),
                   ctypes.byref(self._handle))

    def run(self, pixels: np.ndarray) -> np.ndarray:
        """uint8 [B, H, W, 3], contiguous, to float32 [B, D]."""
        shape = (ctypes.c_int64 * pixels.ndim)(*pixels.shape)
        code, bits = UINT8
        tensor = Tensor(pixels.ctypes.data, Device(CPU, 0), pixels.ndim, DataType(code, bits, 1), shape, None, 0)
        output = ctypes.POINTER(Tensor)()
        self._call("ltc_module_run_parts", self._handle, ctypes.byref(tensor), ctypes.c_size_t(self._largest_part),
                   ctypes.byref(output))
        try:
            return _copy(output.contents)
        finally:
            self._library.ltc_tensor_free(output)

    def _call(self, name: str, *arguments: object) -> None:
        _call(self._library, name, *arguments)


def _call(library: ctypes.CDLL, name: str, *arguments: object) -> None:
    message = ctypes.c_char_p()
    if status := getattr(library, name)(*arguments, ctypes.byref(message)):
        kind = OutOfMemory if status == OUT_OF_MEMORY else RuntimeError
        raise kind(f"{name}: {(message.value or b'no message').decode()}")


def _copy(tensor: Tensor) -> np.ndarray:
    if (tensor.type.code, tensor.type.bits) != FLOAT32:
        raise RuntimeError("the module does not return float32")
    shape = tensor.shape[:tensor.dimensions]
    address = ctypes.cast(tensor.data + tensor.offset, ctypes.POINTER(ctypes.c_float))
    return np.ctypeslib.as_array(address, shape).copy()
