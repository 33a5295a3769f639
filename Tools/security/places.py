"""Names that lead elsewhere, and folders of others: nothing is written outside, and what is remembered is the user's own."""

import io
import json
import os
import stat
import tarfile
import uuid
import zipfile
from pathlib import Path

from stored import require, vectors

from security.tool import Tool

MARK = uuid.uuid4().hex
"""Part of names in the folder for temporary files, which no other program uses."""
NAMES = ["../../escape.png", f"/tmp/{MARK}.png", "a/../../../escape.png", "..\\..\\escape.png", "x" * 5000 + ".png", "a/" * 300 + "b.png"]
CATEGORIES = {"threshold": -1, "categories": {"../../escape": {"positive": ["a cat"]}, f"/tmp/{MARK}": {"positive": ["a dog"]}}}


def check_places(tool: Tool, photo: bytes) -> str:
    """Runs every command that writes over ids that are paths, in a folder whose surroundings must stay as they are."""
    outside = tool.place / "outside"
    inside = outside / "a/b/c"
    inside.mkdir(parents=True)
    (outside / "secret.png").write_bytes(photo)
    within = Tool(tool.cli, tool.model, inside)
    make_archives(inside, photo, outside / "secret.png")
    (inside / "categories.json").write_text(json.dumps(CATEGORIES))
    before = files(outside, inside)
    count = run_commands(within)
    require(files(outside, inside) == before, f"written outside: {sorted(files(outside, inside) ^ before)}")
    require(not list(Path("/tmp").glob(f"*{MARK}*")), "written into /tmp")
    check_cache(tool)
    check_models(tool)
    return f"places: {len(NAMES)} names in 2 archives, {count} commands"


def files(outside: Path, inside: Path) -> set[Path]:
    return {path for path in outside.rglob("*") if inside not in path.parents}


def make_archives(inside: Path, photo: bytes, secret: Path) -> None:
    with tarfile.open(inside / "names.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        for name in NAMES:
            member = tarfile.TarInfo(name)
            member.size = len(photo)
            archive.addfile(member, io.BytesIO(photo))
        for kind, name in ((tarfile.SYMTYPE, "symbolic.png"), (tarfile.LNKTYPE, "hard.png")):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, str(secret)
            archive.addfile(member)
    with zipfile.ZipFile(inside / "names.zip", "w") as archive:
        for name in NAMES:
            archive.writestr(zipfile.ZipInfo(name), photo)
        link = zipfile.ZipInfo("symbolic.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(secret))


def run_commands(tool: Tool) -> int:
    model = ["--model", tool.model]
    scored = ["tar-store", "--categories", "categories.json", *model]
    commands = [
        ["embed", "names.tar", "--output", "tar-store", "--allow-failures", *model],
        ["embed", "names.zip", "--output", "zip-store", "--allow-failures", *model],
        ["store", "compact", "tar-store"],
        ["store", "export", "tar-store", "--output", "exported"],
        ["classify", *scored, "--output", "results.parquet"],
        ["score", *scored, "--output", "scores.jsonl"],
        ["report", "tar-store", "--results", "results.parquet", "--output", "report.html"],
        ["sample", *scored, "--per-category", "3", "--output", "labels.csv", "--report", "label.html"],
        ["diff", "tar-store", "categories.json", "categories.json", "--output", "diff.csv", *model],
    ]
    for words in commands:
        outcome = tool.run(*words)
        require(outcome.status == 0, f"{words} ends with {outcome.status}: {outcome.text}")
    stored = vectors(tool.place / "tar-store").keys() | vectors(tool.place / "zip-store").keys()
    require(not any("symbolic" in id or "hard" in id for id in stored), f"a link led out of an archive: {stored}")
    require(NAMES[0] in stored, f"ids are not the names: {stored}")
    return len(commands)


def check_cache(tool: Tool) -> None:
    """Only the user may read what is remembered, whatever the umask; what others may have written is not used."""
    cache = tool.place / "cache"
    mask = os.umask(0)
    try:
        for _ in range(2):
            outcome = tool.run("search", "outside/a/b/c/tar-store", "a private text", "--model", tool.model, env={"OPENCLIP_CACHE": str(cache)})
            require(outcome.status == 0, f"search: {outcome.text}")
    finally:
        os.umask(mask)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [cache, *cache.rglob("*")]}
    wrong = {path: oct(mode) for path, mode in modes.items() if mode & 0o077}
    require(len(modes) > 1 and not wrong, f"others may read the cache: {wrong or modes}")


def check_models(tool: Tool) -> None:
    """A model that others may have placed is not run, nor one beside it; one that is named by its path was chosen by the user."""
    home = tool.place / "home"
    models = home / "swift-openclip/models"
    models.mkdir(parents=True)
    installed = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "swift-openclip/models/default"
    source = installed if tool.model == "default" else Path(tool.model).absolute()
    (models / "mine").symlink_to(source)
    within = Tool(tool.cli, tool.model, tool.place / "here")
    within.place.mkdir()
    variables = {"XDG_CACHE_HOME": str(home)}
    store = tool.place / "outside/a/b/c/tar-store"
    commands = [
        ["tokenize", "a cat"],
        ["encode-text", "a cat", "--output", "text.npy", "--force"],
        ["search", store, "a cat"],
        ["embed", tool.place / "outside/secret.png", "--output", "store"],
    ]

    def require_run(model: object) -> None:
        for words in commands:
            outcome = within.run(*words, "--model", model, env=variables)
            require(outcome.status == 0, f"{words[0]} does not run the model {model}: {outcome.text}")

    def require_refused(model: object, reason: str, *options: str, only: str | None = None) -> None:
        for words in commands:
            if only in (None, words[0]):
                outcome = within.run(*words, "--model", model, *options, env=variables)
                refused = outcome.status == 3 and reason in outcome.text
                require(refused, f"{words[0]} takes the model {model} {options}: {outcome.status} {outcome.text}")

    require_run("mine")
    models.chmod(0o777)
    require_refused("mine", "may be written by everybody")
    require_run(models / "mine")
    models.chmod(0o755)
    # The manifest is that of another model: what is not refused for its owner, is refused for that.
    planted = [within.place / "mine", models / "mine-openvino", models / "mine-int8"]
    for folder in planted:
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        (folder / "model.json").write_text("{}")
    require_refused("mine", "It is in the working directory: pass ./mine")
    (planted[0] / "model.json").unlink()
    require_run("mine")
    for engine in (["openvino"], ["torch", "--precision", "auto"]):
        require_refused("mine", "as a bundle of the same model", "--engine", *engine, only="embed")
    if os.geteuid() == 0:
        for folder in (models, planted[0], planted[1]):
            folder.chmod(0o755)
            os.chown(folder, 12345, -1)
        require_refused("mine", f"{models} belongs to another user")
        os.chown(models, 0, -1)
        require_refused("mine", "mine-openvino belongs to another user", "--engine", "openvino", only="embed")
        (planted[0] / "model.json").write_text("{}")
        require_refused("mine", "mine belongs to another user")
