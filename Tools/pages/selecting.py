"""Which images of the report the mouse and keys make current, select and label, with filters and without."""

from browser import Browser
from pages.steps import click_card, current_card, filter_by, fresh, label, show
from stored import require


def check_selecting(browser: Browser, address: str) -> None:
    check_one_current_image(browser, address)
    check_clicks(browser, address)
    check_several(browser, address)
    check_whole_groups(browser, address)
    check_filters(browser, address)
    check_labels_with_filters(browser, address)
    check_selection_with_filters(browser, address)


def check_one_current_image(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.run("focusCard(cards()[0])")
    browser.run("cards()[2].scrollIntoView()")
    x, y = browser.run("(() => { const box = cards()[2].getBoundingClientRect(); return [box.x + 40, box.y + 40]; })()")
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    shown = browser.run("document.querySelector('#inspector .full-id').textContent")
    require(shown == browser.run("cards()[0].card.image.id"), "pointing shows another image than keys label")
    require(browser.run("[...document.querySelectorAll('.card.current')].length") == 1, "there is not one current image")
    browser.press("y")
    require(label(browser, 0) == 1 and current_card(browser) == 1, "the current image is not labelled")
    shown = browser.run("document.querySelector('#inspector .full-id').textContent")
    require(shown == browser.run("cards()[1].card.image.id"), "the details do not follow")
    browser.press("e")
    require(browser.run("document.querySelector('dialog[open] img').getBoundingClientRect().height") > 400, "e does not enlarge")
    require(browser.run("document.querySelector('dialog[open] a')?.href.endsWith('.png') ?? false"), "there is no link to the original")
    browser.press("Escape")
    require(browser.run("document.activeElement === currentCard && !isDialogOpen()"), "Esc does not close the enlarged image")


def check_clicks(browser: Browser, address: str) -> None:
    for width in (1440, 800):
        browser.resize(width, 900)
        fresh(browser, address)
        show(browser, "cat")
        click_card(browser, 2)
        require(current_card(browser) == 2 and browser.run("isPanelOpen()"), "a click does not show the details")
        require(not browser.run("isDialogOpen()"), f"at {width} pixels the first click on a picture enlarges it")
        click_card(browser, 2)
        require(browser.run("isDialogOpen()"), "a click on the current picture does not enlarge it")
        browser.press("Escape")
    browser.resize(1440, 900)


def check_several(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    click_card(browser, 1, control=True)
    require(selected(browser) == [1], f"Ctrl+click selects {selected(browser)}")
    require("1 image selected" in browser.run("byID('batch').innerText"), "nothing says that one image is selected")
    click_card(browser, 3, control=True)
    require(selected(browser) == [1, 3], f"another Ctrl+click gives {selected(browser)}")
    click_card(browser, 1, control=True)
    require(selected(browser) == [3], f"Ctrl+click on a selected image gives {selected(browser)}")
    click_card(browser, 0)
    require(selected(browser) == [], "a click leaves others selected")
    click_card(browser, 2, control=True)
    require(selected(browser) == [0, 2], f"a click and Ctrl+click select {selected(browser)}")
    click_card(browser, 1)
    click_card(browser, 4, shift=True)
    require(selected(browser) == [1, 2, 3, 4], f"Shift+click selects {selected(browser)}")
    click_card(browser, 2, shift=True)
    require(selected(browser) == [1, 2], f"another Shift+click gives {selected(browser)}")
    click_card(browser, 0)
    for number in (2, 3, 4):
        browser.press("ArrowRight", shift=True)
        require(selected(browser) == [*range(number)], f"{number - 1} times Shift+arrow select {selected(browser)}")
    browser.press("ArrowLeft", shift=True)
    require(selected(browser) == [0, 1, 2], f"Shift+arrow back gives {selected(browser)}")
    browser.press("Escape")
    require(selected(browser) == [], "Esc does not end the selection")
    click_card(browser, 1)
    for key in ("x", "ArrowRight", "ArrowRight", "x"):
        browser.press(key)
    require(selected(browser) == [1, 3], f"x selects {selected(browser)}")
    browser.press("y")
    require([label(browser, card) for card in range(5)] == [None, 1, None, 1, None], "a key does not label the selected images alone")
    require(selected(browser) == [], "labelled images stay selected")
    browser.press("a", control=True)
    require(browser.run("selected.size === visibleCards().length"), "Ctrl+A does not select all")
    show(browser, "No category")
    browser.run("(() => { const other = visibleCards().find(({card}) => card.category !== visibleCards()[0].card.category);"
                "select([visibleCards()[0], other]); })()")
    browser.press("y")
    title = browser.run("byID('undo').title")
    require("2 images: belongs" in title, f"labels of two categories are called {title}")


def selected(browser: Browser) -> list[int]:
    """The positions of the selected cards."""
    return browser.run("cards().flatMap((node, place) => selected.has(node) && node.matches('.selected') ? [place] : [])")


def check_whole_groups(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.point(".group:not([hidden]) .rest", click=True)
    require(label(browser, 0) == 1, "the rest is not labelled")
    estimate = browser.run("byID('estimate').textContent")
    require("precision 2 of 2 matches (every match is labelled)" in estimate, f"where all matches are labelled, the precision is: {estimate}")
    browser.run("[...document.querySelectorAll('.rest:not([hidden])')].forEach((button) => button.click())")
    require("All" in browser.run("byID('estimate').textContent"), "nothing says that a category is done")
    require(browser.run("!document.querySelector(`.nav-tick[data-index='${current.index}']`).hidden"), "the list does not say that a category is done")


def check_filters(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.press("/")
    browser.call("Input.insertText", text="MOTOR")
    names = browser.run("visibleCards().map((node) => node.card.image.id)")
    require(names and all("motor" in name for name in names), f"the filter lets through {names}")
    require("found" in browser.run("document.querySelector('[data-found]').textContent"), "nothing says where else the text is found")
    browser.press("Escape")
    require(browser.run("byID('filter').value") == "", "Esc does not clear the filter")
    for key, value, test in (("outcome", "below", "score.outcome === BELOW"), ("least", "0.05", "score.score >= 0.05"),
                             ("label", "open", "labels.get(image.id, 'cat') === undefined")):
        filter_by(browser, key, value)
        require(browser.run(f"visibleCards().every(({{card: {{image, score}}}}) => {test})"), f"the filter {key} does not filter")
    show(browser, "animal")
    require(browser.run("visibleCards().length === cards().length"), "filters stay on in another category")
    filter_by(browser, "order", "low")
    order = browser.run("[...document.querySelectorAll('.group:last-of-type .card')].map(({card}) => card.score.score)")
    require(order == sorted(order), f"the lowest scores first are {order[:5]}")
    browser.run("(() => { const box = byID('find-category'); box.value = 'mot'; box.dispatchEvent(new Event('input')); })()")
    require(browser.run("[...document.querySelectorAll('nav li:not([hidden]) .nav-name')].map((node) => node.textContent)") == ["motorcycle"],
            "categories are not found by name")


def check_labels_with_filters(browser: Browser, address: str) -> None:
    """A label that makes an image leave the filter does so by key and by mouse, and the next key labels a visible image."""
    fresh(browser, address)
    show(browser, "cat")
    filter_by(browser, "label", "open")
    browser.run("focusCard(visibleCards().at(-1))")
    last = current_card(browser)
    browser.press("n")
    require(browser.run("!currentCard.parentNode.hidden && document.activeElement === currentCard"), "the current image is hidden")
    browser.press("y")
    require(label(browser, last) == 0 and browser.run("labels.count") == 2, "a key labels a hidden image")
    at = browser.run("visibleCards().indexOf(currentCard)")
    browser.press("k")
    require(browser.run("visibleCards().indexOf(currentCard)") == at - 1, "k does not move on")
    browser.run("visibleCards()[1].querySelector('button.no').id = 'made'")
    following = browser.run("cards().indexOf(visibleCards()[2])")
    browser.point("#made", click=True)
    require(browser.run("byID('made').closest('li').hidden"), "by mouse, a label leaves an image in the filter")
    require(current_card(browser) == following and browser.run("document.activeElement === currentCard"), "the image after a hidden one is not current")
    browser.press("z")
    require(not browser.run("byID('made').closest('li').hidden"), "an image whose label is undone stays hidden")
    filter_by(browser, "label", "all")
    browser.press("/")
    browser.call("Input.insertText", text="co")
    groups = """[...document.querySelectorAll('.group:not([hidden])')].filter((group) => group.querySelector('.rest:not([hidden])'))
        .map((group) => [group.querySelector('.rest').textContent, group.querySelectorAll('li:not([hidden])').length])"""
    told = browser.run(groups)
    require(told and all(f"the {'one' if number == 1 else number} " in text for text, number in told), f"with a filter, buttons say {told}")
    before = browser.run("labels.count")
    browser.point(".group:not([hidden]) .rest:not([hidden])", click=True)
    require(browser.run("labels.count") == before + told[0][1], "the button labels another number of images than it says")


def check_selection_with_filters(browser: Browser, address: str) -> None:
    """After a selection, in whatever order it was made, the image behind all of it is current."""
    fresh(browser, address)
    show(browser, "cat")
    filter_by(browser, "label", "open")
    browser.run("focusCard(visibleCards()[4])")
    for key in "xkxy":
        browser.press(key)
    require([label(browser, card) for card in range(3, 7)] == [1, 1, None, None], "a key does not label the selected images")
    require(browser.run("!currentCard.parentNode.hidden"), "an image that has left the filter is current")
    require(current_card(browser) == 5, f"after the images 3 and 4, {current_card(browser)} is current")
    browser.press("n")
    require([label(browser, card) for card in range(3, 7)] == [1, 1, 0, None], "a key changes the label of a hidden image")
