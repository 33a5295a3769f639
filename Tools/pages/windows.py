"""The report in windows of several sizes, on a touch screen and on paper."""

from browser import Browser
from pages.steps import fresh, show
from stored import require


def check_windows(browser: Browser, address: str) -> None:
    check_phone(browser, address)
    check_zoom(browser, address)
    check_print(browser, address)


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
