"""What a report says of the differences between two runs."""

from pathlib import Path

from browser import Browser
from pages.accessibility import check_accessibility
from pages.steps import fresh, label, show
from pages.views import HOSTILE
from stored import require


def check_changed(browser: Browser, address: str, plain: str, axe: Path, pictures: Path) -> None:
    """`plain` is a report without a comparison; the other is of the runs that `earlier_categories` tells apart."""
    browser.open(plain)
    require("Changed" not in browser.run("VIEWS.map(({name}) => name)"), "a report of one run has a view of changes")
    fresh(browser, address)
    check_counts(browser)
    check_cards(browser)
    check_small_changes(browser)
    check_keyboard(browser, address)
    for width, height in ((1440, 900), (390, 844)):
        browser.resize(width, height)
        fresh(browser, address)
        show(browser, "Changed")
        browser.run("focusCard(cards()[0]); openPanel()")
        check_accessibility(browser, axe, f"Changed at {width} pixels")
        browser.run("closePanel(); scrollTo(0, 0)")
        browser.screenshot(pictures / f"changed-{width}.png")
    browser.resize(1440, 900)


def earlier_categories(text: str) -> str:
    """The demonstration's categories as they may have been: no cats, any vehicle is a car, and a category of another name."""
    changes = [
        ('negative: ["a dog", "a wild animal"]', 'negative: ["a dog", "a wild animal"]\n    threshold: 0.99'),
        ('negative: ["a motorcycle", "a bicycle"]', "threshold: 0.1"),
        ("  camera:", "  lens:"),
    ]
    for now, before in changes:
        require(text.count(now) == 1, f"the demonstration's categories have no single '{now}'")
        text = text.replace(now, before)
    return text


def check_counts(browser: Browser) -> None:
    views = browser.run("VIEWS.map(({name, count}) => [name, count])")
    show(browser, "Changed")
    rows = browser.run("[...document.querySelectorAll('main tbody tr')].map((row) => [...row.children].map((cell) => cell.innerText))")
    table = {name: cells for name, *cells in rows}
    require(table["cat"][:3] == ["2", "0", "0"] and table["cat"][3] == "0.990 → 0.100", f"the category 'cat' has {table['cat']}")
    require(table["car"][0] == "0" and int(table["car"][1]) >= 1 and table["car"][3] == "0.100", f"the category 'car' has {table['car']}")
    require(set(table) == {"cat", "car"}, f"the categories that changed are {list(table)}")
    total = sum(int(cells[0]) + int(cells[1]) for cells in table.values())
    require(views[1] == ["Changed", total], f"the list says {views[1]}, and the table {total}")
    text = browser.run("document.querySelector('main').innerText")
    for wanted in ("Since before.parquet: 2 matches gained, ", "1 image is not in before.parquet", "1 image is only in before.parquet",
                   "1 category is not in before.parquet: “camera”.", "1 category is only in before.parquet: “lens”.",
                   "No decision has changed in 9 categories: animal, dog, "):
        require(wanted in text, f"the changes do not say '{wanted}': {text}")


def check_cards(browser: Browser) -> None:
    groups = browser.run("""[...document.querySelectorAll(".group")].map((group) => [group.querySelector("h3").innerText,
        [...group.querySelectorAll(".card")].map((node) => [node.card.image.id, node.querySelector(".decisions").innerText, node.ariaLabel])])""")
    require(groups[0][0].startswith("cat: gained"), f"the first group is {groups[0][0]}")
    require({id for id, _, _ in groups[0][1]} == {"cat.png", HOSTILE}, f"the gained cats are {groups[0][1]}")
    for title, cards in groups:
        before, now = ("below the threshold", "match") if "gained" in title else ("match", "below the threshold")
        for id, shown, read in cards:
            require(shown.split()[0] == "Before" and before in shown.split("Now")[0] and now in shown.split("Now")[1], f"{title}, {id}: {shown}")
            require(f"before: {before}, score " in read and f": {now}, score" in read, f"{title}, {id} is read as {read}")
    require(browser.run("document.querySelectorAll('.card img[onerror]').length") == 0, "an id became markup")
    browser.run("focusCard(cards()[0])")
    sentences = browser.run("[...document.querySelectorAll('#inspector .explanation')].map((node) => node.innerText)")
    require(len(sentences) == 2 and sentences[0].startswith("In “cat”: the score"), f"the details say {sentences}")
    require(sentences[1].startswith("Before: Not in “cat”") and sentences[1].endswith("below the threshold 0.990."), f"the details say {sentences}")
    browser.run("byID('filter').value = 'no such id'; applyFilter()")
    require(browser.run("byID('nothing').checkVisibility()"), "nothing says that no changed image passes the filter")
    browser.run("byID('filter').value = ''; applyFilter()")


def check_small_changes(browser: Browser) -> None:
    """A threshold and a margin that changed by less than the digits that are usually shown have changed."""
    browser.run("""(() => {
        report.changes.categories.find(({category}) => categories[category].name === "cat").earlierThreshold = 0.1003;
        report.changes.neutralMargin = report.neutralMargin + 0.00002;
        showView();
    })()""")
    text = browser.run("document.querySelector('main').innerText")
    require("0.1003 → 0.1000" in text, f"a threshold of 0.1003 that became 0.1 gives: {text}")
    require("neutral margin 0.02002 → 0.02000" in text, f"a margin that was a little higher gives: {text}")
    found = browser.run("[[0.0501, 0.0504], [0.05, 0.05], [1e-30, 0], [-0.00004, 0.00004], [123456, 123457]].map(([one, other]) => toldApart(one, other))")
    require(found[:2] == [["0.0501", "0.0504"], ["0.050", "0.050"]] and all(one != other for one, other in found[2:]), f"numbers are told apart as {found}")


def check_keyboard(browser: Browser, address: str) -> None:
    fresh(browser, address)
    browser.press("]")
    browser.wait_until("current.name === 'Changed'")
    browser.press("j")
    browser.press("y")
    browser.press("n")
    require([label(browser, 0), label(browser, 1)] == [1, 0], "keys do not label changed images")
