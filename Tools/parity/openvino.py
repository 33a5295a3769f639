"""A family's bundles for OpenVINO: exported, verified, and compared with the model itself."""

from pathlib import Path

from openclip_export import make_test_models
from openclip_export.openvino_encoders import required_precisions, runnable
from parity import vectors
from parity.tool import Tool

PHOTOS = 8


def check(tool: Tool, folder: Path, models: Path, source: object, photos: list[Path], scratch: Path) -> dict[str, float]:
    """Requires that `models verify` passes in every precision that this CPU has, and that photographs' vectors reach the cosine
    that the stored precision promises; returns their least cosines by stored precision.

    - folder: the model's source, whose name is the family's.
    - source: the model, as `load_source` returns it.
    """
    family, chosen, found = folder.name, photos[:PHOTOS], {}
    expected = vectors.reference_vectors(source, chosen)
    for stored in make_test_models.PRECISIONS["openvino"].get(family, ["fp32"]):
        bundle = models / make_test_models.bundle_name(family, "openvino", stored)
        make_test_models.export_family(folder, models, "openvino", stored)
        precisions = required_precisions(stored)
        for precision in runnable(precisions):
            tool.run("models", "verify", bundle, "--precision", precision.name)
        found[stored] = vectors.check(tool, bundle, stored, chosen, expected, precisions[0].least_cosine, scratch)
    return found
