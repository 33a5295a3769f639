"""Images that a worker reads from addresses, as `embed` does."""

from pathlib import Path

import pyarrow
import pyarrow.parquet
from environment import FORGETFUL
from served import BUCKET, CREDENTIALS, serve_bucket, serve_folder
from stored import make_images, require
from workers.client import OUTCOME, Worker
from workers.expected import embedded

IMAGES = 20


def check_uris(cli: Path, model: str, photos: Path, folder: Path) -> int:
    """Ends the program unless addresses on loopback, some of them wrong, give what they give `embed`.

    So they do where web servers in private networks must not be read: then only files and the object store are.

    Returns:
        The number of addresses.
    """
    make_images(photos, folder / "images", IMAGES)
    (folder / "broken.jpg").write_bytes(b"not an image")
    names = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
    web, endpoint = serve_folder(folder), serve_bucket(folder, names)
    bases = (web, f"s3://{BUCKET}", folder.as_uri())
    uris = [f"{base}/{name}" for name in [*names, "missing.jpg"] for base in bases]
    table = pyarrow.table({"id": [f"{number}" for number in range(len(uris))], "uri": uris})
    pyarrow.parquet.write_table(table, folder / "uris.parquet")
    worker = Worker(cli, model, FORGETFUL | CREDENTIALS)
    for policy in ("listed", "never"):
        options = [*endpoint, "--private-networks", policy]
        store = folder / policy
        expected = embedded(cli, model, folder / "uris.parquet", store, "--image-column", "uri", *options)
        failed = [row for row in expected.values() if row["stage"] is not None]
        wrong = {"listed": 2 * len(bases), "never": len(names) + 1 + 2 * 2}[policy]
        require(len(failed) == wrong, f"{policy}: {len(failed)} of {len(uris)} fail, not {wrong}: {failed[:3]}")
        for batch in worker.batches(table, 16, *options):
            for row in batch.to_pylist():
                for column in OUTCOME:
                    found, wanted = row[column], expected[row["id"]][column]
                    require(found == wanted, f"{uris[int(row['id'])]}, {policy}: {column} is {found}, not {wanted}")
    return len(uris)
