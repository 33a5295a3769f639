"""A family's bundles for OpenVINO: exported, verified, and compared with the model itself."""

from pathlib import Path

from openclip_export import make_test_models
from openclip_export.openvino_encoders import required_precisions, runnable
from parity import vectors, zero_shot
from parity.tool import Tool

PHOTOS = 8


def check(tool: Tool, folder: Path, models: Path, source: object, photos: list[Path], scratch: Path) -> dict[str, float]:
    """Requires that `models verify` passes in every precision that this CPU has, that photographs' vectors reach the cosine
    which that precision promises, and that zero-shot vectors agree; returns the least cosines of photographs by precision.

    - folder: the model's source, whose name is the family's.
    - source: the model, as `load_source` returns it.
    """
    family, chosen, found = folder.name, photos[:PHOTOS], {}
    expected = vectors.reference_vectors(source, chosen)
    for stored in make_test_models.PRECISIONS["openvino"].get(family, ["fp32"]):
        bundle = models / make_test_models.bundle_name(family, "openvino", stored)
        make_test_models.export_family(folder, models, "openvino", stored)
        for precision in runnable(required_precisions(stored)):
            tool.run("models", "verify", bundle, "--precision", precision.name)
            found[precision.name] = vectors.check(tool, bundle, precision.name, chosen, expected, precision.least_cosine, scratch)
        if stored == "fp32":
            zero_shot.check(tool, bundle, source.reference, source.tokenizer, scratch)
    return found
