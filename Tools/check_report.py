#!/usr/bin/env python3
"""Makes a report and a page to label with `clip-cli`, and uses both in Chromium as a person does."""

import argparse
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote

from browser import Browser
from environment import FORGETFUL
from pages.accessibility import check_accessibility, check_graphics
from pages.blind import check_blind
from pages.changed import check_changed, earlier_categories
from pages.damage import check_damage
from pages.keys import check_keys
from pages.many import check_many, check_many_categories
from pages.merging import check_merges
from pages.selecting import check_selecting
from pages.steps import click_named, dialog_text, fresh, load, name_yourself, said, saved_rows, show
from pages.storing import check_storing
from pages.views import HOSTILE, check_views
from pages.windows import check_windows
from stored import HERE, require

CATEGORIES = HERE.parent / "Examples/demo-categories.yaml"
PICTURES = HERE.parent / "build/report"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to look at")
    parser.add_argument("--axe", type=Path, required=True, help="axe.min.js of axe-core")
    arguments = parser.parse_args()
    cli = arguments.cli.absolute()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_pages(cli, arguments.photos.absolute(), place)
        make_comparison(cli, place)
        check_refusals(cli, place)
        check_missing_pictures(cli, place)
        check_spellings(cli, place)
        report, labelling = (place / "report.html").as_uri(), (place / "to-label.html").as_uri()
        with Browser() as browser:
            check_views(browser, report, PICTURES)
            check_storing(browser, report, place)
            check_merges(browser, report, place)
            check_keys(browser, report)
            check_selecting(browser, report)
            check_windows(browser, report)
            check_damage(browser, report, place)
            check_evaluation(browser, report, cli, place)
            check_blind(browser, labelling, place)
            check_sample(browser, labelling, cli, place)
            check_drawn_again(browser, labelling, cli, place)
            check_changed(browser, (place / "changed.html").as_uri(), report, arguments.axe, PICTURES)
            check_access(browser, report, labelling, arguments.axe)
            check_many_categories(browser, place / "report.html", place)
            speed = check_many(browser, place / "report.html", place / "to-label.html", place)
            complaints = browser.complaints()
            require(not complaints, f"the pages complain: {complaints}")
            asked = [address for address in browser.requests() if not address.startswith("file://")]
            require(not asked, f"the pages ask the network: {asked}")
    print(f"The pages work in Chromium ({speed}); pictures of them are in {PICTURES}")


def make_pages(cli: Path, photos: Path, place: Path) -> None:
    shutil.copytree(photos, place / "photos")
    shutil.copy(photos / "cat.png", place / "photos" / HOSTILE)
    (place / "photos/broken.jpg").write_bytes((photos / "temple.jpg").read_bytes()[:3000])
    run(cli, place, "embed", "photos", "--output", "store", "--allow-failures")
    run(cli, place, "classify", "store", "--categories", str(CATEGORIES), "--output", "results.parquet")
    # The photos are found again from another folder, by what the store says of them.
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    run(cli, elsewhere, "report", "../store", "--results", "../results.parquet", "--output", "../report.html")
    run(cli, place, "sample", "store", "--categories", str(CATEGORIES), "--per-category", "12", "--output", "to-label.csv",
        "--report", "to-label.html")


def make_comparison(cli: Path, place: Path) -> None:
    """A report on a store that gained a photograph and lost another since the earlier results, which other categories decided."""
    photos = place / "growing"
    shutil.copytree(place / "photos", photos)
    (photos / "broken.jpg").unlink()
    (photos / "coffee-cup.png").rename(place / "coffee-cup.png")
    (place / "before.yaml").write_text(earlier_categories(CATEGORIES.read_text(encoding="utf-8")), encoding="utf-8")
    run(cli, place, "embed", "growing", "--output", "grown")
    run(cli, place, "classify", "grown", "--categories", "before.yaml", "--output", "before.parquet")
    (place / "coffee-cup.png").rename(photos / "coffee-cup.png")
    (photos / "temple.jpg").unlink()
    run(cli, place, "embed", "growing", "--output", "grown", "--prune")
    run(cli, place, "classify", "grown", "--categories", str(CATEGORIES), "--output", "after.parquet")
    said = run(cli, place, "report", "grown", "--results", "after.parquet", "--compare", "before.parquet", "--output", "changed.html")
    require("Compared with before.parquet: +2 and -" in said, f"a comparison says: {said}")


def check_refusals(cli: Path, place: Path) -> None:
    command = [cli, "report", "store", "--results", "results.csv", "--output", "other.html"]
    refused = subprocess.run(command, cwd=place, capture_output=True, text=True, env=FORGETFUL)
    require(refused.returncode == 2 and "results.parquet" in refused.stderr, f"CSV results give: {refused.stderr}")
    (place / "photos").rename(place / "moved")
    command = [cli, "report", "store", "--results", "results.parquet", "--output", "other.html"]
    refused = subprocess.run(command, cwd=place, capture_output=True, text=True, env=FORGETFUL)
    require(refused.returncode == 3 and "--images" in refused.stderr, f"missing images give: {refused.stderr}")
    require(not (place / "other.html").exists(), "a report without pictures was written")
    run(cli, place, "report", "store", "--results", "results.parquet", "--output", "other.html", "--images", "moved")
    (place / "moved").rename(place / "photos")


def check_missing_pictures(cli: Path, place: Path) -> None:
    """A page to label says how many images it cannot show."""
    (place / "photos/cat.png").rename(place / "cat.png")
    said = run(cli, place, "sample", "store", "--categories", str(CATEGORIES), "--per-category", "100", "--output", "all.csv", "--report", "all.html")
    require("images have no picture: " in said or "images has no picture: " in said, f"a missing picture gives: {said}")
    (place / "cat.png").rename(place / "photos/cat.png")


def check_spellings(cli: Path, place: Path) -> None:
    """However a store's path is spelt, its labels are found again."""
    (place / "link").symlink_to("store")
    found = {}
    for store in ("store", "store/", "./store", "elsewhere/../store", str(place / "store"), "link"):
        run(cli, place, "report", store, "--results", "results.parquet", "--output", "other.html", "--force")
        found[store] = re.search(r'"identity":"(\w+)"', (place / "other.html").read_text(encoding="utf-8"))[1]
    require(len(set(found.values())) == 1, f"labels are kept apart: {found}")


def check_evaluation(browser: Browser, address: str, cli: Path, place: Path) -> None:
    """The saved file is what `evaluate` reads, whatever ids it has; the link to an image leads to it."""
    fresh(browser, address)
    show(browser, "cat")
    browser.run("labelCards(cards().slice(0, 2), 1); labelCards(cards().slice(2), 0)")
    rows = saved_rows(browser, "results-labels.csv")
    require({row["id"] for row in rows[:2]} == {"cat.png", HOSTILE}, f"the labels are {rows[:2]}")
    browser.run("labels.change('x', [{id: cards()[0].card.image.id, category: 'cat', label: 1}])")
    browser.download("byID('save').click()").rename(place / "labels.csv")
    run(cli, place, "evaluate", "store", "--categories", str(CATEGORIES), "--labels", "labels.csv")
    links = browser.run("report.images.map(({id, picture: {link}}) => [id, new URL(link, location.href).pathname])")
    wrong = [id for id, path in links if not Path(unquote(path)).is_file()]
    require(not wrong, f"links lead nowhere: {wrong}")


def check_sample(browser: Browser, address: str, cli: Path, place: Path) -> None:
    """A file that the page to label saves goes into `evaluate`, and into the next round."""
    fresh(browser, address)
    for key in "ynu" * 4:
        browser.press(key)
    saved = browser.download("byID('save').click()")
    require(saved.name == "to-label.csv", f"the labels of to-label.csv are saved as {saved.name}")
    saved.rename(place / "labelled.csv")
    run(cli, place, "evaluate", "store", "--categories", str(CATEGORIES), "--labels", "labelled.csv")
    run(cli, place, "sample", "store", "--categories", str(CATEGORIES), "--per-category", "14", "--labels", "labelled.csv",
        "--output", "next.csv", "--report", "next.html")
    browser.open((place / "next.html").as_uri())
    require(browser.run("tasks.filter(({given}) => given !== undefined).length") >= 12, "the next round has forgotten the labels")
    require(browser.run("isOpen(queue[place])"), "the next round asks again")
    check_earlier_labels(browser, place)


def check_earlier_labels(browser: Browser, place: Path) -> None:
    """Labels of earlier rounds contradict a file as those of this page do, but nobody knows whether they are the labeller's own."""
    name_yourself(browser, "Ben")
    id, category = browser.run("(({item, category}) => [item.id, categories[category].name])(tasks.find(({given}) => given === 1))")
    row = '"' + id.replace('"', '""') + f'",{category}'
    load(browser, place, "anna.csv", f"id,category,label,annotator\n{row},1,Anna\n")
    require(dialog_text(browser) == "" and "1 label compared" in said(browser), f"Ben, who has labelled nothing, is told: {dialog_text(browser)}")
    load(browser, place, "anna.csv", f"id,category,label,annotator\n{row},0,Anna\n")
    text = dialog_text(browser)
    require("0 new, 0 the same, 1 contradicts yours" in text and "Agreement" not in text, f"a label of an earlier round gives: {text}")
    click_named(browser, "Load")
    require(browser.run("byID('review-disputed').textContent") == "1 disagreement", "disagreement with an earlier round is not counted")
    browser.point("#review-disputed", click=True)
    text = browser.run("byID('opinions').textContent")
    require("Anna: " in text and "an earlier round: " in text and "you: " not in text, f"disagreement with an earlier round is shown as: {text}")
    name_yourself(browser, "")


def check_drawn_again(browser: Browser, address: str, cli: Path, place: Path) -> None:
    """Labels of images that another draw into the same file left out are not saved with those of that draw."""
    fresh(browser, address)
    browser.run("labels.change('made', tasks.map((task) => ({ id: task.item.id, category: categories[task.category].name, label: 1 })))")
    (place / "again").mkdir()
    run(cli, place, "sample", "store", "--categories", str(CATEGORIES), "--per-category", "3", "--seed", "9", "--output", "again/to-label.csv",
        "--report", "again.html")
    again = (place / "again.html").as_uri()
    browser.open(again)
    others = browser.run("labelsElsewhere().length")
    require(others > 0 and browser.run("labels.unsavedCount === labels.count"), f"of another draw, {others} labels are known")
    saved_rows(browser, "to-label.csv")
    require(browser.run("labels.unsavedCount") == others, f"{others} labels that the saved file lacks give: {browser.run('byID(`progress`).textContent')}")
    browser.open(address)
    saved_rows(browser)
    require(browser.run("labels.unsavedCount") == 0, "labels are not saved by the page that shows them")
    browser.run("labels.change('made', tasks.map((task) => ({ id: task.item.id, category: categories[task.category].name, label: 0 })))")
    browser.open(again)
    browser.point("#elsewhere", click=True)
    require(browser.run("labels.count > 0 && labels.rows().every(({id, category}) => knows(id, category))"), "labels that are not shown are not removed")
    saved_rows(browser)
    require(browser.run("labels.unsavedCount") == 0, "removed labels stay unsaved")


def check_access(browser: Browser, report: str, labelling: str, axe: Path) -> None:
    for width, height in ((1440, 900), (390, 844)):
        browser.resize(width, height)
        fresh(browser, report)
        for view in ("Overview", "cat", "dog", "No category", "Failed"):
            show(browser, view)
            browser.run("isGallery() && openPanel()")
            check_accessibility(browser, axe, f"{view} at {width} pixels")
        show(browser, "cat")
        check_graphics(browser)
        browser.run("labelCards(cards().slice(0, 3), 1); labelCards([cards()[3]], 0); select(cards().slice(0, 3))")
        check_accessibility(browser, axe, f"labels at {width} pixels")
        browser.press("?")
        check_accessibility(browser, axe, f"help at {width} pixels")
        browser.press("Escape")
        browser.screenshot(PICTURES / f"report-{width}.png")
        fresh(browser, labelling)
        check_accessibility(browser, axe, f"labelling at {width} pixels")
        browser.screenshot(PICTURES / f"labelling-{width}.png")
    browser.resize(1440, 900)


def run(cli: Path, folder: Path, *arguments: str) -> str:
    result = subprocess.run([cli, *arguments], cwd=folder, capture_output=True, text=True, env=FORGETFUL)
    require(result.returncode == 0, f"clip-cli {arguments[0]}: {result.stderr}")
    return result.stdout


if __name__ == "__main__":
    main()
