"""Labels of the report: undo, redo, two tabs, reload, and files that are loaded."""

from pathlib import Path

from browser import Browser
from pages.steps import click_named, dialog_text, fresh, label, load, said, saved_rows, show
from stored import require


def check_storing(browser: Browser, address: str, place: Path) -> None:
    check_undo(browser, address)
    check_saving(browser, address)
    check_removing(browser, address)
    check_drawn(browser, address, place)
    check_nothing_left(browser, address, place)
    check_tabs(browser, address)
    check_loading(browser, address, place)
    check_forms(browser, address, place)


def check_undo(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.run("focusCard(cards()[0])")
    for key in "ynu":
        browser.press(key)
    require([label(browser, card) for card in range(3)] == [1, 0, "unsure"], "y, n and u do not label")
    browser.press("z", control=True)
    require(label(browser, 2) is None, "Ctrl+Z does not undo")
    browser.open(address)
    show(browser, "cat")
    require([label(browser, card) for card in range(3)] == [1, 0, None], "labels do not survive a reload")
    browser.press("z")
    require(label(browser, 1) is None, "steps cannot be undone after a reload")
    browser.press("y", control=True)
    browser.press("z", control=True, shift=True)
    require(label(browser, 1) == 0 and label(browser, 2) == "unsure", "Ctrl+Y and Ctrl+Shift+Z do not redo")
    browser.point("#undo", click=True)
    browser.point("#redo", click=True)
    require(label(browser, 2) == "unsure", "the buttons do not undo and redo")
    browser.run("select(visibleCards())")
    browser.press("y")
    require(browser.run("visibleCards().every(({card}) => labels.get(card.image.id, 'cat') === 1)"), "a selection is not labelled")
    browser.press("z")
    require([label(browser, card) for card in range(4)] == [1, 0, "unsure", None], "a selection's labels are not one step")


def check_saving(browser: Browser, address: str) -> None:
    require("3 not saved" in browser.run("byID('progress').textContent"), "nothing says how many labels are not saved")
    before = browser.questions
    # Browsers ask only about pages that somebody used.
    browser.point("h1", click=True)
    browser.open(address)
    require(browser.questions == before + 1, "leaving with unsaved labels is not asked about")
    rows = saved_rows(browser)
    require([row["label"] for row in rows] == ["1", "0", "unsure"], f"the saved labels are {rows}")
    require(list(rows[0]) == ["id", "category", "label"], f"the columns are {list(rows[0])}")
    require("not saved" not in browser.run("byID('progress').textContent"), "saved labels count as unsaved")
    browser.open(address)
    require(browser.questions == before + 1, "leaving with saved labels is asked about")


def check_removing(browser: Browser, address: str) -> None:
    """A label that a file has is not saved when it is gone, even if it was changed in between."""
    fresh(browser, address)
    show(browser, "cat")
    browser.run("labelCards(cards().slice(0, 2), 1)")
    saved_rows(browser)
    browser.run("cards()[0].querySelector('.ticks .no').id = 'changed'")
    for _ in range(2):
        browser.point("#changed", click=True)
    require(label(browser, 0) is None and "1 not saved" in progress(browser), f"a saved label that was changed and removed gives: {progress(browser)}")
    before = browser.questions
    browser.open(address)
    require(browser.questions == before + 1, "leaving is not asked about though the file has a label that is removed")
    require(len(saved_rows(browser)) == 1 and "not saved" not in progress(browser), f"after saving again, the page says: {progress(browser)}")
    show(browser, "cat")
    browser.run("labelCards([cards()[3]], 0); labelCards([cards()[3]], 0, { toggles: true })")
    require("not saved" not in progress(browser), f"a label that no file has and that is removed gives: {progress(browser)}")
    browser.run("""localStorage.setItem(`clip-labels ${report.identity} ["cat","older"]`, '[1,5,"Anna",null,null]')""")
    browser.open(address)
    require(browser.run("[labels.get('older', 'cat'), labels.annotator('older', 'cat')]") == [1, "Anna"] and "not saved" not in progress(browser),
            f"a label that an earlier version of the page kept gives: {progress(browser)}")


def check_drawn(browser: Browser, address: str, place: Path) -> None:
    """With which probability an image was drawn does not depend on its label."""
    for is_saved_between in (False, True):
        fresh(browser, address)
        show(browser, "cat")
        first, second = browser.run("cards().map(({card}) => card.image.id)")[2:4]
        load(browser, place, "drawn.csv", f"id,category,label,probability,round\n{first},cat,1,0.25,3\n{second},cat,0,0.5,3\n")
        browser.run("inspect(cards()[2].card)")
        for step in range(3):
            browser.run("document.querySelector('.label-button[data-key=\"label cat\"]').click()")
            if step == 1 and is_saved_between:
                saved_rows(browser)
        row = saved_rows(browser)[0]
        require((row["label"], row.get("probability"), row.get("round")) == ("1", "0.25", "3"), f"a drawn image labelled again is saved as {row}")


def check_nothing_left(browser: Browser, address: str, place: Path) -> None:
    """Without labels, nothing stays unsaved: not after loading is undone, nor after all are removed and that is saved."""
    fresh(browser, address)
    show(browser, "cat")
    first, second = browser.run("cards().map(({card}) => card.image.id)")[2:4]
    text = f"id,category,label\n{first},cat,1\n{second},cat,0\n"
    load(browser, place, "more.csv", text)
    browser.press("z")
    require(progress(browser) == "0 labels" and browser.run("byID('save').disabled"), f"after loading is undone, the page says: {progress(browser)}")
    load(browser, place, "more.csv", text)
    require(len(saved_rows(browser)) == 2, "loaded labels are not saved")
    browser.press("z")
    require("2 not saved" in progress(browser), f"after loading is undone that was saved, the page says: {progress(browser)}")
    browser.press("s")
    require("still have theirs" in said(browser) and progress(browser) == "0 labels", f"saving without labels gives: {said(browser)} {progress(browser)}")
    before = browser.questions
    browser.point("h1", click=True)
    browser.open(address)
    require(browser.questions == before, "leaving is asked about though there are no labels")


def progress(browser: Browser) -> str:
    """What the page says of its labels."""
    return browser.run("byID('progress').textContent")


def check_tabs(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    first = browser.tab(address)
    show(browser, "cat")
    browser.run("labelCards([cards()[0]], 1)")
    second = browser.session
    browser.switch(first)
    browser.wait_until("labels.count === 1")
    require(browser.run("cards()[0].querySelector('button.yes').ariaPressed") == "true", "a tab does not show another tab's label")
    browser.run("labelCards([cards()[1]], 0)")
    browser.switch(second)
    browser.wait_until("labels.count === 2")
    browser.run("labelCards([cards()[1]], 1)")
    browser.switch(first)
    browser.wait_until("labels.get(cards()[1].card.image.id, 'cat') === 1")
    browser.press("z")
    require(label(browser, 1) == 1 and "changed since" in said(browser), "undo overwrites another tab's label")
    browser.open(address)
    require(browser.run("labels.count") == 2, "two tabs lose labels")


def check_loading(browser: Browser, address: str, place: Path) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.run("labelCards([cards()[0]], 1)")
    ids = browser.run("cards().map(({card}) => card.image.id)")
    load(browser, place, "more.csv", "id,category,label\n" + "".join(f'"{each}",cat,0\n'.replace('""', '"') for each in ids[4:7]))
    require("3 labels loaded" in said(browser), f"loading says: {said(browser)}")
    browser.press("z")
    require(browser.run("labels.count") == 1, "loading is not one step")
    browser.press("r")
    require(browser.run("labels.count") == 4, "loading cannot be redone")
    browser.press("z")
    load(browser, place, "unknown.csv", f"id,category,label\n{ids[4]},cat,0\nnowhere.jpg,cat,1\n{ids[4]},dgo,1\n")
    text = dialog_text(browser)
    require("dgo" in text and "not on this page" in text, f"unknown images and categories give: {text}")
    click_named(browser, "Load")
    require(browser.run("labels.count") == 2, "labels of unknown images are loaded though all images are shown")
    load(browser, place, "both.csv", f"id,category,label\n{ids[5]},cat,0\n{ids[5]},cat,1\n")
    require("rows 1 and 2" in browser.run("document.querySelector('dialog[open]').textContent"), f"a file that contradicts itself gives: {dialog_text(browser)}")
    click_named(browser, "Cancel")
    require(browser.run("labels.count") == 2, "a cancelled file is loaded")


def check_forms(browser: Browser, address: str, place: Path) -> None:
    fresh(browser, address)
    show(browser, "cat")
    first, second = browser.run("cards().map(({card}) => card.image.id)")[2:4]
    forms = {
        "tabs.tsv": f"ID\tCategory\tLabel\n{first}\tcat\tYES\n{second}\tcat\tFalse\n",
        "semicolons.csv": f"\ufeffsep=;\nid;category;label\n{first};cat;1.0\n{second};cat;0\n",
        "drawn.csv": f"id,category,label,probability,round\n{first},cat,1,0.012345678901234567,1\n{second},cat,0,0.5,2\nx,cat,,0.5,2\n",
    }
    for name, text in forms.items():
        load(browser, place, name, text)
        require([label(browser, 2), label(browser, 3)] == [1, 0], f"{name} is not read: {said(browser)}")
        if name != "drawn.csv":
            browser.press("z")
    rows = saved_rows(browser)
    require([row["probability"] for row in rows] == ["0.012345678901234567", "0.5"], f"probabilities are saved as {rows}")
    fresh(browser, address)
    load(browser, place, "complete.csv", f"id,category\n{first},cat\n{second},\n")
    found = browser.run(f"categories.map(({{name}}) => [labels.get({first!r}, name), labels.get({second!r}, name)])")
    require(all(pair == [1 if index == 0 else 0, 0] for index, pair in enumerate(found)), f"fully labelled images give {found}")
    for text, reason in (("id,category\na,cat\n,cat", "row 2"), ("id,category,label\na,cat,maybe", "row 1"), ("a,b,c\n", "first line"),
                         ("id,categories,score_cat\na,cat,1\n", "results")):
        load(browser, place, "wrong.csv", text)
        require(reason in said(browser), f"{text!r} gives: {said(browser)}")
