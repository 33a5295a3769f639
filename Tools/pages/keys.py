"""Using the report with keys of several layouts."""

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


def check_keys(browser: Browser, address: str) -> None:
    check_layouts(browser, address)
    check_shortcuts_off(browser, address)
    check_focus(browser, address)


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
