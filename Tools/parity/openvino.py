"""A family's bundles for OpenVINO: exported, verified, and compared with the model itself."""

from pathlib import Path

from openclip_export import make_test_models
from openclip_export.openvino_encoders import required_precisions, runnable
from parity import vectors
from parity.tool import Tool


def check(tool: Tool, folder: Path, models: Path, source: object, photos: list[Path], scratch: Path) -> dict[str, float]:
    """Exports a family for OpenVINO, and requires what `vectors.check_all` does of each bundle; returns its least cosines.

    - folder: the model's source, whose name is the family's.
    - source: the model, as `load_source` returns it.
    """
    family, found = folder.name, {}
    for stored in make_test_models.PRECISIONS["openvino"].get(family, ["fp32"]):
        bundle = models / make_test_models.bundle_name(family, "openvino", stored)
        make_test_models.export_family(folder, models, "openvino", stored)
        found |= vectors.check_all(tool, bundle, runnable(required_precisions(stored)), photos, source, scratch)
    return found
