#!/usr/bin/env python3
"""Makes a report of the demonstration photographs with `clip-cli` and uses it in Chromium as a person does."""

import argparse
import csv
import shutil
import subprocess
import tempfile
from pathlib import Path

from browser import Browser
from environment import FORGETFUL
from stored import HERE, require

CATEGORIES = HERE.parent / "Examples/demo-categories.yaml"
PICTURES = HERE.parent / "build/report"
HOSTILE = 'a "b", <img src=x onerror=alert(1)>\n\U0001f63a.png'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", type=Path, required=True, help="the built clip-cli")
    parser.add_argument("--photos", type=Path, required=True, help="photographs to look at")
    arguments = parser.parse_args()
    cli = arguments.cli.absolute()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_report(cli, arguments.photos.absolute(), place)
        check_refusals(cli, place)
        with Browser() as browser:
            browser.open((place / "report.html").as_uri())
            check_views(browser)
            check_ticks(browser)
            check_labels(browser, cli, place)
            check_appearance(browser)
            complaints = browser.complaints()
            require(not complaints, f"the page complains: {complaints}")
            asked = [address for address in browser.requests() if not address.startswith("file://")]
            require(not asked, f"the page asks the network: {asked}")
    print(f"The report works in Chromium; pictures of it are in {PICTURES}")


def make_report(cli: Path, photos: Path, place: Path) -> None:
    shutil.copytree(photos, place / "photos")
    shutil.copy(photos / "cat.png", place / "photos" / HOSTILE)
    (place / "photos/broken.jpg").write_bytes((photos / "temple.jpg").read_bytes()[:3000])
    run(cli, place, "embed", "photos", "--output", "store", "--allow-failures")
    run(cli, place, "classify", "store", "--categories", str(CATEGORIES), "--output", "results.parquet")
    # The photos are found again from another folder, by what the store says of them.
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    run(cli, elsewhere, "report", "../store", "--results", "../results.parquet", "--output", "../report.html")


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


def check_views(browser: Browser) -> None:
    views = browser.run("VIEWS.map(({name}) => name)")
    require(views[0] == "Overview" and views[-2:] == ["No category", "Failed"], f"the views are {views}")
    examples = browser.run("[...document.querySelectorAll('.tile')].map((tile) => tile.querySelectorAll('img').length)")
    matches = browser.run("categories.map(({matches}) => matches)")
    require(examples == [min(count, 3) for count in matches], f"the overview shows {examples} examples of {matches} matches")
    legend = browser.run("[...document.querySelectorAll('.legend .key')].map((key) => key.textContent)")
    require(legend[0] == "match" and legend[-1] == "below the threshold", f"the overview's legend is {legend}")
    browser.screenshot(PICTURES / "overview.png")
    show(browser, views.index("Failed"))
    text = browser.run("document.querySelector('main').innerText")
    require("broken.jpg" in text and "truncated" in text, f"the failed images are: {text}")
    browser.screenshot(PICTURES / "failed.png")
    show(browser, views.index("cat"))
    names = browser.run("cards().map((node) => node.card.image.id)")
    require(set(names[:2]) == {"cat.png", HOSTILE}, f"the first cards of the category 'cat' are {names[:2]}")
    require(browser.run("document.querySelectorAll('.card img[onerror]').length") == 0, "an id became markup")
    # Failures where a picture cannot be decoded.
    browser.run("""Promise.all([...document.querySelectorAll(".card img")].map((image) => {
        image.loading = "eager";
        return image.decode();
    }))""")
    require(browser.run("document.querySelectorAll('#histogram rect').length") > 0, "there is no histogram")
    browser.screenshot(PICTURES / "category.png")
    show(browser, views.index("dog"))
    order = browser.run("[...document.querySelectorAll('.groups > *')].map((part) => part.innerText.split('\\n')[0])")
    held = [place for place, text in enumerate(order) if text.startswith("Above the threshold, but held back")]
    line = next(place for place, text in enumerate(order) if text.startswith("threshold"))
    require(len(held) == 1 and held[0] < line, f"images that are held back are not above the threshold's line: {order}")
    keys = browser.run("[...document.querySelectorAll('figcaption .key')].map((key) => key.textContent)")
    require("match" not in keys and "held back" in keys, f"a category without matches has the legend {keys}")
    browser.resize(1300, 900)
    show(browser, views.index("No category"))
    browser.run("inspect(cards()[0].card)")
    ends = browser.run("[...document.querySelectorAll('.label-button')].map((button) => button.getBoundingClientRect().right)")
    require(ends and max(ends) <= 1300, f"label buttons end at {max(ends)} of 1300 pixels")
    show(browser, views.index("car"))
    tails = browser.run("cards().map((node) => node.querySelector('.name').lastChild).map((tail) => "
                        "tail.scrollWidth <= tail.clientWidth && tail.textContent)")
    require({"right.png", "-left.png"} <= set(tails), f"the ends of long names are {tails}")
    browser.resize(1440, 900)
    show(browser, views.index("cat"))


def check_ticks(browser: Browser) -> None:
    browser.point(".card button.right", click=True)
    require(pressed(browser, 0) == ["true", "false"], "a click does not tick")
    browser.point(".card button.right", click=True)
    require(pressed(browser, 0) == ["false", "false"], "a second click does not take the tick back")
    browser.run("cards()[0].focus()")
    for key in "yn":
        browser.press(key)
    require(pressed(browser, 0) == ["true", "false"] and pressed(browser, 1) == ["false", "true"], "y and n do not tick")
    # The third card is no match: 1 says that it belongs all the same, so the decision is wrong.
    browser.press("1")
    require(pressed(browser, 2) == ["false", "true"], "1 on a near miss is not wrong")
    browser.press("0")
    browser.press("u")
    require(pressed(browser, 3) == ["false", "false"], "u does not undo")
    require(browser.run("cards().indexOf(document.activeElement)") == 3, "u does not lead back")
    browser.press("k")
    browser.press("ArrowRight")
    require(browser.run("cards().indexOf(document.activeElement)") == 3, "keys do not move")
    browser.press("ArrowDown")
    browser.press("ArrowUp")
    require(browser.run("cards().indexOf(document.activeElement)") == 3, "up does not lead back from down")
    # Time for the page to scroll another card under the mouse.
    browser.run("new Promise((done) => setTimeout(done, 300))")
    shown = browser.run("document.querySelector('#inspector .full-id').textContent")
    require(shown == browser.run("cards()[3].card.image.id"), f"the details are those of {shown}")
    browser.point(".card:nth-child(1)")
    rows = browser.run("document.querySelectorAll('#inspector tbody tr').length")
    require(rows == browser.run("categories.length"), f"the details have {rows} rows")
    browser.press("/")
    browser.call("Input.insertText", text="MOTOR")
    names = browser.run("visibleCards().map((node) => node.card.image.id)")
    require(names and all("motor" in name for name in names), f"the filter lets through {names}")
    browser.run("byID('filter').value = ''; applyFilter()")


def check_labels(browser: Browser, cli: Path, place: Path) -> None:
    browser.open((place / "report.html").as_uri())
    require(browser.run("labels.count") == 3, "ticks do not survive a reload")
    saved = browser.download("byID('save').click()")
    with open(saved, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    require(rows[0] == ["id", "category", "label"], f"the header is {rows[0]}")
    first, second, third = rows[1:]
    require({first[0], second[0]} == {"cat.png", HOSTILE}, f"the labels are of {first[0]!r} and {second[0]!r}")
    require([first[1:], second[1:]] == [["cat", "1"], ["cat", "0"]], f"the labels are {rows}")
    require(third[1:] == ["cat", "1"], f"the label of the near miss is {third}")
    shutil.copy(saved, place / "labels.csv")
    run(cli, place, "evaluate", "store", "--categories", str(CATEGORIES), "--labels", "labels.csv")
    browser.run("localStorage.clear()")
    browser.open((place / "report.html").as_uri())
    require(browser.run("labels.count") == 0, "ticks survive their removal")
    node = browser.call("DOM.getDocument", depth=-1)["root"]["nodeId"]
    field = browser.call("DOM.querySelector", nodeId=node, selector="#file")["nodeId"]
    browser.call("DOM.setFileInputFiles", nodeId=field, files=[str(place / "labels.csv")])
    browser.run("new Promise((done) => { const wait = () => labels.count ? done() : setTimeout(wait, 20); wait(); })")
    require(browser.run("formatCSV([['id', 'category', 'label'], ...labels.rows()])").encode() == saved.read_bytes(),
            "labels are not the same after they were loaded")
    message = browser.run("(() => { try { parseLabels('id,category\\na,b'); } catch (error) { return error.message; } })()")
    require("id,category,label" in message, f"a file that is no labels file gives: {message}")
    message = browser.run(
        "(() => { try { parseLabels('id,category,label\\na,b,constructor'); } catch (error) { return error.message; } })()")
    require("row 2" in str(message), f"a word that is no label gives: {message}")


def check_appearance(browser: Browser) -> None:
    def brightness() -> float:
        color = browser.run("""(() => {
            const canvas = document.createElement("canvas").getContext("2d");
            canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
            canvas.fillRect(0, 0, 1, 1);
            return [...canvas.getImageData(0, 0, 1, 1).data];
        })()""")
        return sum(color[:3]) / 3

    browser.prefer("dark")
    require(brightness() < 64, "the page is not dark where the system is")
    browser.press("t")
    require(brightness() > 192, "t does not make a dark page light")
    browser.press("t")
    show(browser, 1)
    browser.run("cards()[0].focus()")
    browser.screenshot(PICTURES / "dark.png")
    browser.resize(420, 860)
    for name in ("light", "dark"):
        browser.run(f"document.documentElement.dataset.theme = '{name}'")
        browser.screenshot(PICTURES / f"narrow-{name}.png")
    width = browser.run("document.documentElement.scrollWidth")
    require(width <= 420, f"a narrow page is {width} pixels wide")


def show(browser: Browser, view: int) -> None:
    browser.run(f"""new Promise((done) => {{
        addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(done, 100)), {{ once: true }});
        location.hash = VIEWS[{view}].hash;
    }})""")


def pressed(browser: Browser, card: int) -> list[str]:
    return browser.run(f"[...cards()[{card}].querySelectorAll('.ticks button')].map((button) => button.ariaPressed)")


def run(cli: Path, folder: Path, *arguments: str) -> None:
    result = subprocess.run([cli, *arguments], cwd=folder, capture_output=True, text=True, env=FORGETFUL)
    require(result.returncode == 0, f"clip-cli {arguments[0]}: {result.stderr}")


if __name__ == "__main__":
    main()
