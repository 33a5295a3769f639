"""What the views of a report of the demonstration photographs show, and how they look."""

from pathlib import Path

from browser import Browser
from pages.steps import show
from stored import require

HOSTILE = 'a "b", <img src=x onerror=alert(1)>\n\U0001f63a.png'


def check_views(browser: Browser, address: str, pictures: Path) -> None:
    browser.open(address)
    check_overview(browser, pictures)
    check_failed(browser, pictures)
    check_category(browser, pictures)
    check_scores(browser)
    check_threshold(browser)
    check_details(browser)
    check_similar(browser)


def check_overview(browser: Browser, pictures: Path) -> None:
    views = browser.run("VIEWS.map(({name}) => name)")
    require(views[0] == "Overview" and views[-2:] == ["No category", "Failed"], f"the views are {views}")
    examples = browser.run("[...document.querySelectorAll('.tile')].map((tile) => tile.querySelectorAll('img').length)")
    matches = browser.run("categories.map(({matches}) => matches)")
    require(examples == [min(count, 3) for count in matches], f"the overview shows {examples} examples of {matches} matches")
    legend = browser.run("[...document.querySelectorAll('.legend .key')].map((key) => key.textContent)")
    require(legend[0] == "match" and legend[-1] == "below the threshold", f"the overview's legend is {legend}")
    text = browser.run("document.querySelector('main').innerText")
    for wanted in ("Look.", "Label.", "Save.", "Category file", "Neutral margin", "Written"):
        require(wanted in text, f"the overview does not say '{wanted}'")
    require("clip-cli sample" in browser.run("document.querySelector('.top').innerText"), "nothing beside Save says that labels are no fair sample")
    browser.screenshot(pictures / "overview.png")


def check_failed(browser: Browser, pictures: Path) -> None:
    show(browser, "Failed")
    text = browser.run("document.querySelector('main').innerText")
    require("broken.jpg" in text and "truncated" in text, f"the failed images are: {text}")
    browser.screenshot(pictures / "failed.png")


def check_category(browser: Browser, pictures: Path) -> None:
    show(browser, "cat")
    names = browser.run("cards().map((node) => node.card.image.id)")
    require(set(names[:2]) == {"cat.png", HOSTILE}, f"the first cards of the category 'cat' are {names[:2]}")
    require(browser.run("document.querySelectorAll('.card img[onerror]').length") == 0, "an id became markup")
    # Failures where a picture cannot be decoded.
    browser.run("""Promise.all([...document.querySelectorAll(".card img")].map((image) => {
        image.loading = "eager";
        return image.decode();
    }))""")
    texts = browser.run("[...document.querySelector('.card').querySelectorAll('.ticks button')].map((node) => node.title)")
    require(texts == ["cat", "not cat", "not sure"], f"the buttons of a card are {texts}")
    require(browser.run("categories[0].positive[0]") in browser.run("document.querySelector('.guide').innerText"), "descriptions are not shown")
    require("precision is shown when" in browser.run("byID('estimate').innerText"), "a precision is told before its sample is labelled")
    browser.screenshot(pictures / "category.png")
    for scheme in ("dark", "light"):
        browser.prefer(scheme)
        bright = browser.run("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((sum, value) => sum + Number(value), 0)")
        require(bright < 192 if scheme == "dark" else bright > 576, f"a {scheme} page has the brightness {bright}")
        if scheme == "dark":
            browser.screenshot(pictures / "dark.png")
    show(browser, "car")
    tails = browser.run("cards().map((node) => node.querySelector('.name').lastChild).map((tail) => "
                        "tail.scrollWidth <= tail.clientWidth && tail.textContent)")
    require({"right.png", "-left.png"} <= set(tails), f"the ends of long names are {tails}")


def check_scores(browser: Browser) -> None:
    show(browser, "dog")
    order = browser.run("[...document.querySelectorAll('.groups > *')].map((part) => part.innerText.split('\\n')[0])")
    held = [place for place, text in enumerate(order) if text.startswith("Above the threshold, but held back")]
    line = next(place for place, text in enumerate(order) if text.startswith("threshold"))
    require(len(held) == 1 and held[0] < line, f"images that are held back are not above the threshold's line: {order}")
    keys = browser.run("[...document.querySelectorAll('figcaption .key')].map((key) => key.textContent)")
    require("match" not in keys and "held back" in keys, f"a category without matches has the legend {keys}")
    for name in browser.run("categories.map(({name}) => name)"):
        show(browser, name)
        wrong = browser.run("""(() => {
            const line = document.querySelector("#histogram svg g .threshold").x1.baseVal.value;
            const boxes = (kind) => [...document.querySelectorAll(`#histogram rect.${kind}`)].map(({x, width}) => [x.baseVal.value, width.baseVal.value]);
            return boxes("match").filter(([x]) => x < line - 0.01).length + boxes("below").filter(([x, width]) => x + width > line + 1.01).length;
        })()""")
        require(wrong == 0, f"{name}: {wrong} bars are on the wrong side of the threshold")
    text = browser.run("categories.map((_, index) => [...report.images[0].scores.values()].map(explanation).join(' ')).join(' ')")
    require("+ margin 0.000" not in text and "e-" not in text, f"an explanation has odd numbers: {text[:200]}")


def check_threshold(browser: Browser) -> None:
    show(browser, "cat")
    found = browser.run("""(() => {
        const slider = byID("threshold");
        const results = [];
        for (const value of [0, Number(slider.max)]) {
            slider.value = value;
            slider.dispatchEvent(new Event("input"));
            results.push([byID("tried").textContent, triedThreshold]);
        }
        const exact = triableThresholds(categories[0]).every((threshold) => {
            const counted = report.images.filter((image) => { const score = image.scores.get(0);
                return score.score >= threshold && (score.neutral === null || score.positive - score.neutral >= report.neutralMargin); }).length;
            return counted === countsAt(categories[0], threshold).matches;
        });
        byID("tried-reset").click();
        return { results, exact, last: byID("tried").textContent };
    })()""")
    require(found["exact"], "the counts of other thresholds are not those of the images")
    require("0 matches" in found["results"][1][0], f"the highest threshold gives {found['results'][1]}")
    require("2 matches" in found["last"], f"the category's own threshold gives {found['last']}")


def check_details(browser: Browser) -> None:
    for width in (1300, 800):
        browser.resize(width, 900)
        show(browser, "No category")
        browser.run("focusCard(cards()[0]); openPanel()")
        ends = browser.run("[...document.querySelectorAll('.label-button')].map((button) => button.getBoundingClientRect().right)")
        require(ends and max(ends) <= width, f"label buttons end at {max(ends)} of {width} pixels")
        browser.run("closePanel()")
        show(browser, "Overview")
    browser.resize(1440, 900)
    show(browser, "cat")
    browser.run("focusCard(cards()[0])")
    rows = browser.run("document.querySelectorAll('#inspector tbody tr').length")
    require(rows == browser.run("categories.length"), f"the details have {rows} rows")
    browser.run("byID('scale').click()")
    require(browser.run("byID('scale').ariaPressed") == "true", "the scale's button does not say its state")
    browser.run("byID('scale').click()")


def check_similar(browser: Browser) -> None:
    """The details show the images with the nearest vectors, which are a click away in whatever view they are."""
    show(browser, "cat")
    browser.run("focusCard(cards()[0])")
    copy = browser.run("report.images[currentCard.card.image.similar[0]].id")
    require({copy, browser.run("currentCard.card.image.id")} == {"cat.png", HOSTILE}, f"the image most similar to its copy is {copy}")
    names = browser.run("[...document.querySelectorAll('.similar button')].map((node) => node.ariaLabel)")
    require(len(names) == 6 and all(name.startswith("Similar: ") for name in names), f"the similar images are {names}")
    # The copy does not pass the filter, and the sixth image is in another view.
    browser.run("byID('filter').value = 'cat.png'; applyFilter()")
    for place in (1, 6):
        wanted = browser.run(f"report.images[currentCard.card.image.similar[{place - 1}]].id")
        browser.point(f".similar button:nth-of-type({place})", click=True)
        require(browser.run("document.activeElement === currentCard && currentCard.card.image.id") == wanted, f"similar image {place} is not shown")
        require(browser.run("currentCard.checkVisibility()"), f"similar image {place} is hidden")
