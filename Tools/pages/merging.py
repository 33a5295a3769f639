"""Labels of several people: what they agree on, and who disagrees."""

from pathlib import Path

from browser import Browser
from pages.steps import click_named, dialog_text, filter_by, fresh, label, load, name_yourself, said, show
from stored import require


def check_merges(browser: Browser, address: str, place: Path) -> None:
    check_merging(browser, address, place)
    check_agreeing(browser, address, place)
    for is_own_first in (True, False):
        check_people_in_one_file(browser, address, place, is_own_first)
    check_overview(browser, address)


def check_merging(browser: Browser, address: str, place: Path) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.run("labelCards(cards().slice(0, 4), 1)")
    ids = browser.run("cards().map(({card}) => card.image.id)")
    rows = "".join(f"{each},cat,{value},Anna\n" for each, value in zip([ids[2], ids[3], ids[4]], (1, 0, 0)))
    load(browser, place, "anna.csv", "id,category,label,annotator\n" + rows)
    text = dialog_text(browser)
    require("1 new, 1 the same, 1 contradicts yours" in text, f"another person's file gives: {text}")
    require("1 of 2 labels (50 %)" in text, f"agreement is not reported: {text}")
    click_named(browser, "Load")
    require(label(browser, 3) == 1 and label(browser, 4) == 0, "merging overwrites, or takes nothing")
    filter_by(browser, "label", "disputed")
    require(browser.run("visibleCards().map((node) => cards().indexOf(node))") == [3], "disagreement is not found")
    require("Anna" in browser.run("cards()[3].querySelector('.verdict').textContent"), "nothing says who disagrees")
    browser.press("z")
    require(browser.run("labels.count") == 4 and not browser.run("labels.isDisputed(cards()[3].card.image.id, 'cat')"), "merging is not one step")


def check_agreeing(browser: Browser, address: str, place: Path) -> None:
    """Agreement is reported where people agree on everything, and a person's labels do not agree with themselves."""
    fresh(browser, address)
    show(browser, "cat")
    browser.run("labelCards(cards().slice(0, 2), 1)")
    ids = browser.run("cards().map(({card}) => card.image.id)")
    text = "id,category,label,annotator\n" + "".join(f"{each},cat,1,Anna\n" for each in (ids[0], ids[2]))
    text = text.replace(ids[0], '"' + ids[0].replace('"', '""') + '"')
    load(browser, place, "anna.csv", text)
    require("Agreement with Anna: 1 of 1 label (100 %)" in dialog_text(browser), f"a file that agrees gives: {dialog_text(browser)}")
    click_named(browser, "Load")
    require("1 label loaded, 1 label compared" in said(browser), f"loading it says: {said(browser)}")
    browser.run("labelCards([cards()[1]], 0)")
    load(browser, place, "anna.csv", text)
    require("Agreement with Anna: 1 of 1 label" in dialog_text(browser), f"labels taken from Anna count as agreement: {dialog_text(browser)}")
    click_named(browser, "Cancel")


def check_people_in_one_file(browser: Browser, address: str, place: Path, is_own_first: bool) -> None:
    """Each row is by the person that it names."""
    fresh(browser, address)
    show(browser, "cat")
    name_yourself(browser, "Ben")
    browser.run("labelCards(cards().slice(2, 6), 1)")
    ids = browser.run("cards().map(({card}) => card.image.id)")
    rows = [f"{ids[2]},cat,1,Ben\n", f"{ids[3]},cat,0,Ben\n", f"{ids[4]},cat,0,Anna\n", f"{ids[5]},cat,1,Anna\n", f"{ids[6]},cat,1,Cleo\n"]
    load(browser, place, "merged.csv", "id,category,label,annotator\n" + "".join(rows if is_own_first else rows[::-1]))
    text = dialog_text(browser)
    require("1 new, 2 the same, 2 contradict yours" in text, f"a merged file gives: {text}")
    require("Agreement with Anna: 1 of 2 labels (50 %)" in text and "with Ben" not in text, f"agreement with oneself is reported: {text}")
    click_named(browser, "Load")
    disputed = browser.run("cards().flatMap(({card}, place) => labels.isDisputed(card.image.id, 'cat') ? [place] : [])")
    require(disputed == [4], f"a merged file whose first row is {'mine' if is_own_first else 'not mine'} makes {disputed} disputed")
    name_yourself(browser, "")


def check_overview(browser: Browser, address: str) -> None:
    """The overview follows labels of another tab."""
    fresh(browser, address)
    show(browser, "Overview")
    first = browser.tab(address)
    show(browser, "animal")
    browser.run("focusCard(cards()[0])")
    browser.press("y")
    second = browser.session
    browser.switch(first)
    browser.wait_until("labels.count === 1")
    require("1 labelled" in browser.run("document.querySelectorAll('.tile')[VIEWS.find(({name}) => name === 'animal').index].innerText"),
            "the overview does not show another tab's label")
    browser.switch(second)
