"""The page that shows drawn images to label blind."""

import json
from pathlib import Path

from browser import Browser
from pages.steps import click_named, dialog_text, fresh, load, name_yourself, said, saved_rows
from stored import require


def check_blind(browser: Browser, address: str, place: Path) -> None:
    check_nothing_is_told(browser, address)
    check_labelling(browser, address)
    check_resuming(browser, address)
    check_end(browser, address)
    check_by_image(browser, address)
    check_people(browser, address, place)
    check_other_pairs(browser, address, place)
    check_advice(browser, address)
    check_phone(browser, address)


def check_nothing_is_told(browser: Browser, address: str) -> None:
    fresh(browser, address)
    text = browser.run("document.body.innerText").lower()
    require(not any(word in text for word in ("score", "threshold", "match")), f"the page tells decisions: {text[:300]}")
    ids = browser.run("page.items.map(({id}) => id)")
    require(ids != sorted(ids), "images are not shuffled")
    require(not any(id.lower() in text for id in ids[:20]), "the page tells ids")
    size = browser.run("(() => { const {width, height} = byID('image').getBoundingClientRect(); return [width, height]; })()")
    require(min(size) >= 400, f"the image is shown in {size} pixels")
    guide = browser.run("byID('guide').innerText")
    require(browser.run("categories[0].positive[0]") in guide, f"the guide is: {guide}")


def check_labelling(browser: Browser, address: str) -> None:
    fresh(browser, address)
    for key in ("y", "n", "u"):
        browser.press(key)
    require(browser.run("queue.slice(0, 3).map(labelOfTask)") == [1, 0, "unsure"], "one key does not label")
    require(browser.run("place") == 3, "a label does not lead to the next image")
    browser.press("z")
    require(browser.run("place") == 2 and browser.run("labels.count") == 2, "undo does not lead back")
    browser.press("y", control=True)
    require(browser.run("labelOfTask(queue[2])") == "unsure", "redo does not label again")
    browser.press("ArrowLeft")
    browser.press("1")
    require(browser.run("labelOfTask(queue[place - 1]) !== undefined && isOpen(queue[place])"), "a labelled image is shown again")
    browser.run("goToTask(3)")
    browser.press("ArrowRight")
    require(browser.run("place") == 4 and browser.run("isOpen(queue[3])"), "an image cannot be skipped")
    browser.press("т", "KeyN")
    require(browser.run("labelOfTask(queue[4])") == 0, "keys of a Russian layout do not label")
    browser.point("#answers button:nth-child(1)", click=True)
    require(browser.run("labelOfTask(queue[5])") == 1, "the buttons do not label")
    require("labelled" in browser.run("byID('summary').textContent"), "no progress is shown")
    browser.run("byID('shortcuts').click()")
    browser.press("n")
    require(browser.run("isOpen(queue[6])"), "keys label though they are switched off")
    browser.run("byID('shortcuts').click()")
    browser.press("e")
    require(browser.run("isDialogOpen()"), "the image is not enlarged")
    browser.press("Escape")


def check_resuming(browser: Browser, address: str) -> None:
    labelled = browser.run("labels.count")
    browser.open(address)
    require(browser.run("labels.count") == labelled, "labels do not survive a reload")
    require(browser.run("place") == 3, f"the page resumes at {browser.run('place')}")
    require(browser.run("isOpen(queue[place])"), "the page resumes at a labelled image")
    browser.press("z")
    require(browser.run("labels.count") == labelled - 1, "steps cannot be undone after a reload")
    first = browser.tab(address)
    browser.run("goToTask(nextOpen(0))")
    browser.press("y")
    second = browser.run("labels.count")
    browser.switch(first)
    browser.wait_until(f"labels.count === {second}")
    rows = saved_rows(browser)
    require(len(rows) == browser.run("tasks.length"), "the saved file lacks rows")
    require(list(rows[0])[:5] == ["id", "category", "label", "probability", "round"], f"the columns are {list(rows[0])}")
    require(sum(row["label"] != "" for row in rows) == second, "the saved file lacks labels")
    drawn = {(row["id"], row["category"]): row["probability"] for row in rows}
    told = browser.run("tasks.map(({item, category, probability}) => [item.id, categories[category].name, probability])")
    require(all(drawn[id, category] == probability for id, category, probability in told), "probabilities are changed")


def check_end(browser: Browser, address: str) -> None:
    """After the last image: reached by mouse and by key, read out, and without an image to enlarge."""
    fresh(browser, address)
    browser.press("n")
    browser.press("Backspace")
    require(browser.run("labels.count") == 1, "a key that no help names undoes")
    browser.run("goToTask(queue.length - 1)")
    browser.point("#skip-image", click=True)
    require(browser.run("document.activeElement.id") == "finished-text", "the end is not read out")
    number = browser.run("tasks.length") - 1
    text = browser.run("byID('finished').innerText")
    require(f"{number} labels are missing" in text, f"the end says: {text}")
    browser.press("e")
    require(not browser.run("byID('broken').checkVisibility() || isDialogOpen()"), "e breaks the page after the last image")
    browser.point("#finished-open", click=True)
    require(browser.run("place") == 1, "the button does not lead to the first image without a label")
    browser.run("labels.change('made', tasks.map((task) => ({ id: task.item.id, category: categories[task.category].name, label: 0 })))")
    browser.run("goToTask(queue.length)")
    require("All images are labelled" in browser.run("byID('finished').innerText"), "nothing says that all images are labelled")


def check_by_image(browser: Browser, address: str) -> None:
    fresh(browser, address)
    shared = browser.run("page.items.findIndex(({tasks}) => tasks.length > 1)")
    if shared < 0:
        return
    browser.run("(() => { byID('order').value = 'image'; byID('order').dispatchEvent(new Event('change')); })()")
    browser.run(f"goToTask(queue.findIndex(({{item}}) => item === page.items[{shared}]))")
    number = browser.run(f"page.items[{shared}].tasks.length")
    require(browser.run("byID('others').children.length") == number, "the image's other categories are not shown")
    for _ in range(number):
        require(browser.run(f"queue[place].item === page.items[{shared}]"), "an image is left before all its categories are labelled")
        browser.press("y")
    require(browser.run(f"queue[place].item !== page.items[{shared}]"), "an image is not left when all its categories are labelled")
    browser.open(address)
    require(browser.run("isByImage"), "the order is forgotten")


def check_people(browser: Browser, address: str, place: Path) -> None:
    fresh(browser, address)
    name_yourself(browser, "Ben")
    for key in "yyn":
        browser.press(key)
    rows = saved_rows(browser, "to-label-Ben.csv")
    require({row["annotator"] for row in rows if row["label"]} == {"Ben"}, "the file does not say who labelled")
    told = browser.run("queue.slice(0, 4).map(({item, category, probability}) => [item.id, categories[category].name, probability])")
    answers = ("1", "0", "0", "1")
    text = "".join(f"{id},{category},{answer},{probability},1,Anna\n" for (id, category, probability), answer in zip(told, answers))
    load(browser, place, "anna.csv", "id,category,label,probability,round,annotator\n" + text)
    require("1 new, 2 the same, 1 contradicts yours" in dialog_text(browser), f"another person's file gives: {dialog_text(browser)}")
    click_named(browser, "Load")
    require(browser.run("labels.count") == 4, f"labels are not merged: {said(browser)}")
    require(browser.run("byID('review-disputed').textContent") == "1 disagreement", "disagreement is not counted")
    browser.point("#review-disputed", click=True)
    require(browser.run("queue.length") == 1 and "Anna" in browser.run("byID('opinions').textContent"), "disagreement is not shown")
    browser.press("n")
    require(browser.run("tasks.filter(isDisputed).length") == 0, "disagreement cannot be resolved")
    name_yourself(browser, "")


def check_other_pairs(browser: Browser, address: str, place: Path) -> None:
    """Labels of images that were drawn, but for other categories, are left out, and the page says so."""
    fresh(browser, address)
    id, category = browser.run("""page.items.flatMap(({id, tasks}) => categories.map(({name}, index) => [id, name, index])
        .filter(([, , index]) => !tasks.some(([category]) => category === index)))[0].slice(0, 2)""")
    drawn = browser.run("[tasks[0].item.id, categories[tasks[0].category].name]")
    rows = "".join(",".join('"' + text.replace('"', '""') + '"' for text in pair) + ",1\n" for pair in ((id, category), drawn))
    load(browser, place, "others.csv", "id,category,label\n" + rows)
    require("1 label that this page does not ask for is left out" in dialog_text(browser), f"a pair that was not drawn gives: {dialog_text(browser)}")
    click_named(browser, "Load")
    require(browser.run("labels.count") == 1 and "1 label loaded" in said(browser), f"a pair that was not drawn is loaded: {said(browser)}")
    require(sum(row["label"] != "" for row in saved_rows(browser)) == 1, "the saved file has another number of labels than the page says")


def check_advice(browser: Browser, address: str) -> None:
    """The precision of 100 matches, of which 40 were labelled: as worked out by hand, and narrower with more labels."""
    fresh(browser, address)
    found = browser.run("precisionOf([{size: 60, labelled: 30, members: 27, open: 0}, {size: 40, labelled: 10, members: 5, open: 5}])")
    pooled = (40 * (0.6 * 27 / 30 + 0.4 * 5 / 10) + 0.5) / 41
    shares = ((27 + pooled) / 31, (5 + pooled) / 11)
    value = (27 + 30 * shares[0] + 5 + 30 * shares[1]) / 100
    variance = 0.36 * 0.5 * shares[0] * (1 - shares[0]) / 31 + 0.16 * 0.75 * shares[1] * (1 - shares[1]) / 11
    require(abs(found["value"] - value) < 1e-12, f"the precision is {found['value']}, not {value}")
    require(abs(found["half"] - 1.96 * variance ** 0.5) < 1e-12, f"the half-width is {found['half']}")
    require(browser.run("precisionOf([{size: 60, labelled: 9, members: 9, open: 0}])") is None, "nine labels give an estimate")
    found = {"half": 0.1, "labelled": 40, "matches": 1000}
    more = browser.run(f"moreFor({json.dumps(found)}, 0.05)")
    reached = [browser.run(f"halfWith({json.dumps(found)}, {number})") for number in (more - 1, more)]
    require(reached[0] > 0.05 >= reached[1], f"{more} more labels give {reached}")
    for share in (0.25, 1):
        browser.run(f"""(() => {{
            const ofCategory = tasksOf[0].filter((_, at) => at < tasksOf[0].length * {share});
            labels.change("made", ofCategory.map((task, at) => ({{ id: task.item.id, category: categories[0].name, label: at % 5 === 0 ? 0 : 1 }})));
            goToTask(nextOpen(0) ?? queue.length);
        }})()""")
    text = browser.run("byID('advice').innerText")
    require(browser.run("matchingCells(0).reduce((sum, cell) => sum + cell.labelled, 0)") < 10 or "precision" in text, f"the advice is: {text}")


def check_phone(browser: Browser, address: str) -> None:
    browser.resize(390, 844, touch=True)
    fresh(browser, address)
    require(browser.run("document.documentElement.scrollWidth") <= 390, "the page is wider than a phone")
    boxes = browser.run("[byID('image'), byID('answers')].map((node) => { const {top, bottom} = node.getBoundingClientRect(); return [top, bottom]; })")
    require(boxes[0][1] - boxes[0][0] >= 200 and boxes[1][1] <= 844, f"the image and the answers are at {boxes}")
    browser.tap("#answers button:nth-child(3)")
    browser.wait_until("labels.count === 1")
    browser.resize(720, 450)
    require(browser.run("byID('image').getBoundingClientRect().height") >= 180, "at 200 % zoom the image is small")
    browser.resize(1440, 900)
