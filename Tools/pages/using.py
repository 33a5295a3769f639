"""Using the report with keys of several layouts, a mouse, a finger, and in windows of several sizes."""

from pathlib import Path

from browser import Browser
from pages.steps import click_named, current_card, fresh, label, show
from stored import require

# What keyboards send: the letter, and the place of the key.
LAYOUTS = {
    "German": [("y", "KeyZ", 1), ("n", "KeyN", 0), ("u", "KeyU", "unsure"), ("1", "Digit1", 1)],
    "French": [("y", "KeyY", 1), ("n", "KeyN", 0), ("&", "Digit1", 1), ("à", "Digit0", 0)],
    "Russian": [("н", "KeyY", 1), ("т", "KeyN", 0), ("г", "KeyU", "unsure"), ("1", "Digit1", 1)],
    "Greek": [("υ", "KeyY", 1), ("ν", "KeyN", 0), ("θ", "KeyU", "unsure"), ("0", "Numpad0", 0)],
    "Dvorak": [("y", "KeyT", 1), ("n", "KeyL", 0), ("u", "KeyF", "unsure"), ("0", "Digit0", 0)],
}
BRACKETS = {"US": ("[", "]"), "German": ("ü", "+"), "French": ("Dead", "$"), "Russian": ("х", "ъ")}


def check_using(browser: Browser, address: str, place: Path) -> None:
    check_layouts(browser, address)
    check_shortcuts_off(browser, address)
    check_one_current_image(browser, address)
    check_focus(browser, address)
    check_selecting(browser, address)
    check_filters(browser, address)
    check_phone(browser, address)
    check_zoom(browser, address)
    check_print(browser, address)
    check_broken(browser, address, place)


def check_layouts(browser: Browser, address: str) -> None:
    for layout, keys in LAYOUTS.items():
        fresh(browser, address)
        show(browser, "cat")
        browser.run("focusCard(cards()[0])")
        for key, code, _ in keys:
            browser.press(key, code)
        found = [label(browser, card) for card in range(len(keys))]
        require(found == [value for _, _, value in keys], f"a {layout} keyboard labels {found}")
    for layout, (back, on) in BRACKETS.items():
        show(browser, "cat")
        browser.press(on, "BracketRight")
        browser.wait_until("current.name === 'animal'")
        browser.press(back, "BracketLeft")
        browser.wait_until("current.name === 'cat'")


def check_shortcuts_off(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.press("?")
    browser.point("#shortcuts", click=True)
    click_named(browser, "Close")
    browser.run("focusCard(cards()[0])")
    for key in "ynu10zsx":
        browser.press(key)
    require(browser.run("labels.count") == 0, "keys label though they are switched off")
    browser.press("ArrowRight")
    require(current_card(browser) == 1, "arrow keys do not move when other keys are off")
    browser.open(address)
    require(not browser.run("byID('shortcuts').checked"), "the choice is forgotten at a reload")
    browser.run("byID('shortcuts').click()")


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


def check_focus(browser: Browser, address: str) -> None:
    fresh(browser, address)
    browser.press("Tab")
    browser.press("Enter")
    show(browser, "cat")
    browser.run("document.activeElement.blur()")
    browser.run("document.getElementById('skip').focus()")
    browser.press("Enter")
    require(browser.run("current.name === 'cat' && document.activeElement === currentCard"), "the skip link leaves the category")
    browser.run("document.getElementById('skip').focus()")
    stops = 0
    while not browser.run("document.activeElement.classList.contains('card')") and stops < 40:
        browser.press("Tab")
        stops += 1
    require(stops < 25, f"{stops} focus stops precede the first image")
    browser.run("inspect(cards()[0].card); document.querySelector('.label-button').focus()")
    browser.press("Enter")
    require(browser.run("document.activeElement.classList.contains('label-button')"), "labelling in the details loses the focus")
    browser.run("document.querySelector('nav a[aria-current]').focus()")
    browser.press("ArrowDown")
    browser.press("Enter")
    browser.wait_until("current.name === 'animal'")


def check_selecting(browser: Browser, address: str) -> None:
    fresh(browser, address)
    show(browser, "cat")
    browser.run("focusCard(cards()[1])")
    browser.press("ArrowRight", shift=True)
    browser.press("x")
    require(browser.run("selected.size") in (0, 2), "Shift and arrows do not select")
    browser.run("focusCard(cards()[1])")
    browser.press("a", control=True)
    require(browser.run("selected.size === visibleCards().length"), "Ctrl+A does not select all")
    browser.press("Escape")
    require(browser.run("selected.size") == 0, "Esc does not end the selection")
    browser.run("document.querySelector('.group:not([hidden]) .rest').click()")
    require(label(browser, 0) == 1, "the rest is not labelled")
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
        browser.run(f"""(() => {{ const box = document.querySelector("[data-filter={key}]"); box.value = "{value}";
            box.dispatchEvent(new Event("change")); box.dispatchEvent(new Event("input")); }})()""")
        require(browser.run(f"visibleCards().every(({{card: {{image, score}}}}) => {test})"), f"the filter {key} does not filter")
    show(browser, "animal")
    require(browser.run("visibleCards().length === cards().length"), "filters stay on in another category")
    browser.run("(() => { const box = document.querySelector('[data-filter=order]'); box.value = 'low'; box.dispatchEvent(new Event('change')); })()")
    order = browser.run("[...document.querySelectorAll('.group:last-of-type .card')].map(({card}) => card.score.score)")
    require(order == sorted(order), f"the lowest scores first are {order[:5]}")
    browser.run("(() => { const box = byID('find-category'); box.value = 'mot'; box.dispatchEvent(new Event('input')); })()")
    require(browser.run("[...document.querySelectorAll('nav li:not([hidden]) .nav-name')].map((node) => node.textContent)") == ["motorcycle"],
            "categories are not found by name")


def check_phone(browser: Browser, address: str) -> None:
    browser.resize(390, 844, touch=True)
    fresh(browser, address)
    show(browser, "cat")
    browser.run("cards()[1].scrollIntoView({block: 'end'})")
    browser.tap("li:nth-child(2) .card button.no, .group:nth-of-type(2) .card button.no")
    browser.wait_until("labels.count === 1")
    require(not browser.run("isPanelOpen()"), "a tap on a button opens the details under the finger")
    require(browser.run("document.documentElement.scrollWidth") <= 390, "the page is wider than a phone")
    small = browser.run("""[...document.querySelectorAll("button, select, nav a, .tile, input:not([type=checkbox], #filter, #file)")].filter((node) => node.checkVisibility()
        && node.getBoundingClientRect().height < 37.9 && !node.closest("#inspector")).map((node) => node.outerHTML.slice(0, 80))""")
    require(not small, f"these are low for a finger: {small[:4]}")
    low = browser.run("Math.min(...[...document.querySelectorAll('.ticks button')].map((node) => node.getBoundingClientRect().height))")
    require(low >= 43.9, f"label buttons are {low} pixels high")
    browser.run("cards()[0].scrollIntoView()")
    browser.tap(".card .picture")
    browser.wait_until("isPanelOpen()")
    browser.resize(1440, 900)


def check_zoom(browser: Browser, address: str) -> None:
    # A window of 1440 by 900 at 200 %.
    browser.resize(720, 450)
    fresh(browser, address)
    show(browser, "cat")
    browser.run("focusCard(cards()[1])")
    browser.run("focusCard(cards()[0])")
    box = browser.run("(() => { const {top, bottom} = currentCard.getBoundingClientRect(); return [top, bottom]; })()")
    seen = min(box[1], 450) - max(box[0], 0)
    require(seen >= 240, f"at 200 % zoom {seen} pixels of the current image are seen")
    require(browser.run("document.documentElement.scrollWidth") <= 720, "the page scrolls sideways at 200 % zoom")
    browser.resize(1440, 900)


def check_print(browser: Browser, address: str) -> None:
    browser.prefer("dark")
    fresh(browser, address)
    show(browser, "cat")
    browser.call("Emulation.setEmulatedMedia", media="print")
    hidden = browser.run("['#inspector', '.tools', 'nav', '.ticks'].filter((each) => document.querySelector(each).checkVisibility())")
    require(not hidden, f"these are printed: {hidden}")
    color = browser.run("getComputedStyle(document.querySelector('.card')).backgroundColor")
    require(color == "rgb(255, 255, 255)", f"cards are printed on {color}")
    browser.call("Emulation.setEmulatedMedia", media="")
    browser.prefer("light")


def check_broken(browser: Browser, address: str, place: Path) -> None:
    page = Path(address.removeprefix("file://")).read_text(encoding="utf-8")
    for name in ('<script id="data"', "function startKeys"):
        cut = place / "cut.html"
        cut.write_text(page[:page.index(name) + 100], encoding="utf-8")
        browser.open(cut.as_uri())
        require(browser.run("document.querySelector('.starting').checkVisibility()"), f"a file that ends at {name} does not say so")
        require(not browser.run("[...document.querySelectorAll('button')].some((node) => node.checkVisibility())"), "a cut file looks alive")
    browser.open(address)
    require(not browser.run("document.querySelector('.starting').checkVisibility()"), "a whole page is called incomplete")
    browser.run("setTimeout(() => { throw new Error('made to fail'); }); new Promise((done) => setTimeout(done, 50))")
    require(browser.run("byID('broken').checkVisibility() && byID('broken').innerText.includes('made to fail')"),
            "an error of the script is not shown")
    browser.events = [event for event in browser.events if "made to fail" not in str(event)]
