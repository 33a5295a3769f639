"""Speed of decoding JPEG files alone, on one thread."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from peers.turns import in_turns

FILES = 200


def decoding(files: list[Path], turns: int) -> dict[str, list[float]]:
    """Images per second in each turn, by decoder. The files are in memory."""
    import cv2
    import simplejpeg

    cv2.setNumThreads(1)
    contents = [path.read_bytes() for path in files[:FILES]]
    decoders = {
        # By default it decodes fast and inexactly.
        "TurboJPEG": lambda data: simplejpeg.decode_jpeg(data, "RGB", fastdct=False, fastupsample=False),
        "OpenCV": lambda data: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR),
    }
    return in_turns({name: partial(_rate, decode, contents) for name, decode in decoders.items()}, turns)


def _rate(decode: Callable[[bytes], object], contents: list[bytes]) -> float:
    start = time.perf_counter()
    for data in contents:
        decode(data)
    return len(contents) / (time.perf_counter() - start)
