"""The pages with 2,000 images: how long they take to open, and to answer a key."""

import base64
import io
import json
import random
import re
from pathlib import Path

from browser import Browser
from pages.steps import fresh, show
from PIL import Image
from stored import require

COUNT = 2000
# Milliseconds, some ten times what two idle cores take, to find work that grows with the square of the number of images;
# of keys, the quarter that other programs disturb least.
OPENING = 15_000
KEY = 400


def made(page: Path, output: Path, change: object, side: int) -> str:
    """A page with 2,000 images, made from a real one: `change` changes its data."""
    text = page.read_text(encoding="utf-8")
    data = re.search(r'(<script id="data"[^>]*>)(.*?)(</script>)', text, re.S)
    known = json.loads(data[2])
    change(known)
    pictures = [picture(side, seed) for seed in range(40)]
    lines = "".join(pictures[place % 40] + "\n" for place in range(COUNT))
    text = text.replace(data[2], json.dumps(known).replace("<", "\\u003c"))
    text = re.sub(r'(<script id="thumbnails"[^>]*>\n).*?(</script>)', lambda found: found[1] + lines + found[2], text, flags=re.S)
    output.write_text(text, encoding="utf-8")
    return output.as_uri()


def picture(side: int, seed: int) -> str:
    """A JPEG file that is about as large as one of a photograph."""
    noise = Image.frombytes("RGB", (side // 14, side // 14), random.Random(seed).randbytes(3 * (side // 14) ** 2))
    file = io.BytesIO()
    noise.resize((side, side * 3 // 4), Image.Resampling.BICUBIC).save(file, "JPEG", quality=75)
    return base64.b64encode(file.getvalue()).decode()


def more_report(data: dict) -> None:
    """Gives one category 2,000 cards."""
    first = data["images"][0]
    data["images"] = [first | {"id": f"photos/{place}.jpg", "picture": {"thumbnail": place}} for place in range(COUNT)]
    data["categories"] = data["categories"][:1]
    data["categories"][0]["cards"] = [[place, 0, 0] for place in range(COUNT)]
    data["unmatched"] = []
    for image in data["images"]:
        image["scores"] = [score for score in first["scores"] if score[0] == 0]
    data["identity"] += " many"


def more_tasks(data: dict) -> None:
    """Draws 2,000 images for two categories."""
    cells = [{"size": 5000, "isMatch": True}, {"size": 95000, "isMatch": False}]
    data["categories"] = [{"name": name, "positive": [f"a photo of a {name}"], "negative": [], "cells": cells} for name in ("cat", "dog")]
    data["items"] = [{"id": f"photos/{place}.jpg", "picture": {"thumbnail": place},
                      "tasks": [[category, "0.1" if place % 2 else "0.01", 1, place % 2, None] for category in (0, 1)]}
                     for place in random.Random(1).sample(range(COUNT), COUNT)]
    data["identity"] += " many"


def more_categories(data: dict) -> None:
    """Repeats a category until there are 60, with long names."""
    first = data["categories"][0]
    data["categories"] = [first | {"name": f"a category with a long name, number {place}",
                                   "cards": [[image, place, random] for image, _, random in first["cards"]]} for place in range(60)]
    for image in data["images"]:
        score = next(score for score in image["scores"] if score[0] == 0)
        image["scores"] = [[place, *score[1:]] for place in range(60)]
    data["unmatched"] = []
    data["identity"] += " categories"


def check_many_categories(browser: Browser, report: Path, place: Path) -> None:
    """What is the same with 60 categories as with 12: the way to the images, and the labels in the details."""
    browser.open(made(report, place / "many-categories.html", more_categories, 64))
    show(browser, browser.run("VIEWS[1].name"))
    browser.run("byID('skip').focus()")
    stops = 0
    while not browser.run("document.activeElement.classList.contains('card')") and stops < 40:
        browser.press("Tab")
        stops += 1
    require(stops < 25, f"with 60 categories {stops} focus stops precede the first image")
    for width in (1440, 1300, 800, 390):
        browser.resize(width, 900)
        browser.run("openPanel()")
        right = browser.run("Math.max(...[...document.querySelectorAll('.label-button')].map((node) => node.getBoundingClientRect().right))")
        require(right <= width, f"with 60 categories label buttons end at {right} of {width} pixels")
    browser.resize(1440, 900)
    require(browser.run("byID('find-category').checkVisibility()"), "60 categories cannot be searched")


def check_many(browser: Browser, report: Path, labelling: Path, place: Path) -> str:
    """Measures both pages, and says what it found."""
    found = []
    address = made(report, place / "many-report.html", more_report, 320)
    opened = opening(browser, address)
    show(browser, browser.run("VIEWS[1].name"))
    browser.run("focusCard(cards()[0])")
    keys = sorted(seconds_of_keys(browser, "yn"))
    found.append(("report", opened, keys))
    address = made(labelling, place / "many-labelling.html", more_tasks, 640)
    opened = opening(browser, address)
    found.append(("labelling", opened, sorted(seconds_of_keys(browser, "ynu"))))
    for name, opened, keys in found:
        require(opened < OPENING, f"the {name} page of {COUNT} images opens in {opened:.0f} ms")
        require(keys[len(keys) // 4] < KEY, f"a key on the {name} page of {COUNT} images takes {keys[len(keys) // 4]:.0f} ms")
    return ", ".join(f"{name} {opened:.0f} ms to open, {keys[len(keys) // 4]:.0f} ms a key ({keys[-1]:.0f} at most)" for name, opened, keys in found)


def opening(browser: Browser, address: str) -> float:
    """Milliseconds until a page has loaded."""
    fresh(browser, address)
    return browser.run("(() => { const {loadEventEnd, startTime} = performance.getEntriesByType('navigation')[0]; return loadEventEnd - startTime; })()")


def seconds_of_keys(browser: Browser, keys: str) -> list[float]:
    """Milliseconds from each of 60 keys to the next painted frame."""
    browser.run("""globalThis.keyTimes = []; document.addEventListener("keydown", () => {
        const start = performance.now();
        requestAnimationFrame(() => setTimeout(() => keyTimes.push(performance.now() - start)));
    }, { capture: true })""")
    for place in range(60):
        browser.press(keys[place % len(keys)])
        browser.wait_until(f"keyTimes.length === {place + 1}")
    return browser.run("keyTimes")
