"""Makes small collections in the form in which people get them."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pyarrow
import pyarrow.parquet
from PIL import Image

from stored import HERE

HEIC = HERE.parent / "Tests/CLIPImageFormatsTests/Fixtures"
SUBJECTS = {"cat": "cat.png", "coffee": "coffee-cup.png", "motorcycle": "motorcycle-left.png"}
EDIT = b'<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict/></plist>\n'
MOVIE = b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(64)
HUB_FEATURES = {"info": {"features": {"image": {"_type": "Image"}, "label": {"_type": "ClassLabel", "names": [*SUBJECTS]}}}}


class Photos:
    """Photographs of the subjects, and slightly different ones."""

    def __init__(self, folder: Path):
        self.images = {name: Image.open(folder / file).convert("RGB") for name, file in SUBJECTS.items()}

    def encoded(self, subject: str, number: int, kind: str = "JPEG") -> bytes:
        """A photograph; others of the same subject differ in their crops."""
        image = self.images[subject]
        left = number * image.width // 100
        crop = image.crop((left, 0, image.width, image.height - left))
        crop.thumbnail((240, 240))
        stream = io.BytesIO()
        crop.save(stream, kind)
        return stream.getvalue()


def make_kaggle(photos: Photos, folder: Path) -> None:
    """A zip file with a folder for each class, and unlabelled images."""
    with zipfile.ZipFile(folder / "archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for subject in SUBJECTS:
            for number in range(3):
                archive.writestr(f"pets/train/{subject}/{subject}.{number}.jpg", photos.encoded(subject, number))
        for number, subject in enumerate(SUBJECTS):
            archive.writestr(f"pets/test/{number}.jpg", photos.encoded(subject, 4))
        archive.writestr("pets/sample_submission.csv", "id,label\n0,cat\n")
        archive.writestr("__MACOSX/pets/train/cat/._cat.0.jpg", bytes(32))


def make_takeout(photos: Photos, folder: Path) -> None:
    """Two zip files of one export: years and albums, the latter with copies; a JSON file beside each image, or elsewhere."""
    root = "Takeout/Google Photos"
    first = {
        f"{root}/Photos from 2019/IMG_20190714_101500.jpg": photos.encoded("cat", 0),
        f"{root}/Photos from 2019/IMG_20190714_101500.jpg.supplemental-metadata.json": _facts("IMG_20190714_101500.jpg"),
        f"{root}/Photos from 2019/IMG_20190714_101500-edited.jpg": photos.encoded("cat", 20),
        f"{root}/Photos from 2019/café.v2.jpg": photos.encoded("coffee", 0),
        f"{root}/Photos from 2019/VID_20190714_102000.mp4": MOVIE,
        "Takeout/archive_browser.html": b"<!DOCTYPE html>",
    }
    second = {
        f"{root}/Photos from 2019/café.v2.jpg.supplemental-metadata.json": _facts("café.v2.jpg"),
        f"{root}/Photos from 2020/バイク.jpg": photos.encoded("motorcycle", 0),
        f"{root}/Photos from 2020/バイク.jpg.json": _facts("バイク.jpg"),
        f"{root}/Zürich – été/metadata.json": json.dumps({"title": "Zürich – été"}).encode(),
        f"{root}/Zürich – été/IMG_20190714_101500.jpg": photos.encoded("cat", 0),
        f"{root}/Zürich – été/IMG_20190714_101500.jpg.supplemental-metadata.json": _facts("IMG_20190714_101500.jpg"),
    }
    for part, files in enumerate((first, second), 1):
        with zipfile.ZipFile(folder / f"takeout-20260105T101500Z-{part:03}.zip", "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)


def _facts(title: str) -> bytes:
    return json.dumps({"title": title, "photoTakenTime": {"timestamp": "1563099300"}}, ensure_ascii=False).encode()


def make_iphone(photos: Photos, folder: Path) -> None:
    """The folder that a phone shows when it is plugged in: photos, their movies, edits, and screenshots."""
    roll = folder / "DCIM/100APPLE"
    roll.mkdir(parents=True)
    shutil.copy(HEIC / "heic-turned-6-420-38x30.heic", roll / "IMG_0001.HEIC")
    (roll / "IMG_0001.MOV").write_bytes(MOVIE)
    (roll / "IMG_0001.AAE").write_bytes(EDIT)
    shutil.copy(HEIC / "heic-rgb-8-420-38x30.heic", roll / "IMG_E0001.HEIC")
    (roll / "IMG_0002.JPG").write_bytes(photos.encoded("cat", 0))
    (roll / "IMG_0002.AAE").write_bytes(EDIT)
    (roll / "IMG_0003.PNG").write_bytes(photos.encoded("coffee", 0, "PNG"))
    (roll / "IMG_0004.MOV").write_bytes(MOVIE)
    # Programs that copy photos from a phone may name HEIC files like this.
    shutil.copy(HEIC / "heic-tiles-8-420-130x70.heic", roll / "IMG_0005.JPG")


def make_hugging_face(photos: Photos, folder: Path) -> None:
    """A snapshot in the cache: links to files that are named by their hashes."""
    snapshot = folder / "datasets--ann--pets/snapshots/0a1b2c"
    blobs = folder / "datasets--ann--pets/blobs"
    (snapshot / "data").mkdir(parents=True)
    blobs.mkdir()
    image = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    schema = pyarrow.schema([("image", image), ("label", pyarrow.int64())], {"huggingface": json.dumps(HUB_FEATURES)})
    for shard in range(2):
        rows = [({"bytes": photos.encoded(subject, shard), "path": f"{subject}_{shard}.jpg"}, label)
                for label, subject in enumerate(SUBJECTS)]  # fmt: skip
        blob = blobs / f"{shard:064x}"
        pyarrow.parquet.write_table(pyarrow.table([*map(list, zip(*rows))], schema), blob)
        (snapshot / f"data/train-{shard:05}-of-00002.parquet").symlink_to(f"../../../blobs/{blob.name}")
    (snapshot / "README.md").write_text("---\ndataset_info: {}\n---\n# Pets\n")
    (folder / "pets").symlink_to(snapshot)


def make_database(photos: Photos, folder: Path) -> str:
    """The files that a table names, and the statements that make the table."""
    images = folder / "images"
    images.mkdir()
    values = []
    for number, subject in enumerate(SUBJECTS, 1):
        path = images / f"{number:04}.jpg"
        path.write_bytes(photos.encoded(subject, 0))
        values.append(f"({number}, 'images/{path.name}', '2026-01-0{number}', false)")
    return ("CREATE TABLE photos (id bigint PRIMARY KEY, path text NOT NULL, taken_at date, hidden boolean);"
            f"INSERT INTO photos VALUES {', '.join(values)}, (4, 'images/private.jpg', NULL, true);")


MAKERS = {
    "A Kaggle data set": make_kaggle,
    "A Google Takeout": make_takeout,
    "An iPhone's photos": make_iphone,
    "A Hugging Face data set": make_hugging_face,
}
