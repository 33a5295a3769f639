"""What importing ONNX files takes of the computer."""

from onnx_import.files import OnnxFile
from openclip_export.room import BASE, BESIDE_WEIGHTS, STORED_BYTES, Room

COPIES = 5
"""How many times the files in fp32 fit into the most memory that an import takes beyond that: ONNX, ONNX Runtime, OpenVINO and
its compiled networks have copies. Measured with `Tools/peak_memory.py` for ViT-B/32, beyond the 417 MB of a small model: 4.0 for two
files, 4.9 for two files in int8, 5.1 for one graph with both encoders; for ViT-L/14 in two files 4.2."""


def import_room(image: OnnxFile, text: OnnxFile, precision: str) -> Room:
    """What importing an image and a text encoder takes, which may be one file."""
    files = {path: file.is_half for file in (image, text) for path in file.files}
    sizes = {path: path.stat().st_size * (2 if is_half else 1) for path, is_half in files.items()}
    bundle = sum(sizes.values())
    if precision != "fp32" and image is not text:
        quantised = sum(sizes[path] for path in image.files)
        bundle += quantised * STORED_BYTES[precision] // STORED_BYTES["fp32"] - quantised
    return Room(bundle + BESIDE_WEIGHTS, BASE + COPIES * sum(sizes.values()))
