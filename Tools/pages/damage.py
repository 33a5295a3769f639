"""Pages that are cut off or fail, and browsers that keep no labels or damaged ones."""

from pathlib import Path

from browser import Browser
from pages.steps import fresh, show
from stored import require


def check_damage(browser: Browser, address: str, place: Path) -> None:
    check_broken(browser, address, place)
    check_blocked(browser, address)
    check_full(browser, address)
    check_unreadable(browser, address)


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


def check_blocked(browser: Browser, address: str) -> None:
    script = browser.call("Page.addScriptToEvaluateOnNewDocument", source="""
        Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });""")
    browser.open(address)
    require(browser.run("byID('blocked').checkVisibility()"), "nothing says that the browser keeps no labels")
    browser.run("labels.change('x', [{id: 'a', category: 'cat', label: 1}])")
    require(browser.run("labels.count") == 1, "labelling needs storage")
    browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script["identifier"])
    browser.open(address)
    require(not browser.run("byID('blocked').checkVisibility()"), "a browser that keeps labels is said not to")


def check_full(browser: Browser, address: str) -> None:
    """A label that does not fit is not forgotten when the next one does."""
    fresh(browser, address)
    show(browser, "cat")
    browser.run("""(() => {
        globalThis.setItem = Storage.prototype.setItem;
        Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
        focusCard(cards()[0]);
    })()""")
    browser.press("y")
    require(browser.run("byID('blocked').checkVisibility()"), "nothing says that a label did not fit")
    browser.run("Storage.prototype.setItem = setItem")
    browser.press("y")
    require(browser.run("byID('blocked').checkVisibility()"), "a label that fits hides that another one did not")


def check_unreadable(browser: Browser, address: str) -> None:
    """Entries that cannot be read cost no other label, in whatever order the browser keeps them."""
    fresh(browser, address)
    show(browser, "cat")
    browser.run("focusCard(cards()[0])")
    for key in "yyy":
        browser.press(key)
    browser.run("""for (let place = 0; place < 20; place++) localStorage.setItem(`clip-labels ${report.identity} ["cat","${place}"]`, "[1,")""")
    browser.open(address)
    require(browser.run("labels.count") == 3, "labels are lost behind entries that cannot be read")
    require(browser.run("byID('blocked').checkVisibility()"), "nothing says that entries cannot be read")
    browser.run("labels.change('x', [{id: 'later', category: 'cat', label: 1}])")
    browser.open(address)
    require(browser.run("labels.count") == 4, "a label that was given after entries could not be read is not kept")
    browser.run("labels.markSaved(labels.rows()); localStorage.clear()")
