"""Steps that checks of the pages share."""

import csv
from pathlib import Path

from browser import Browser
from stored import require


def fresh(browser: Browser, address: str) -> None:
    """Opens a page in a browser that remembers nothing of it."""
    browser.open(address)
    browser.run("labels.markSaved(labels.rows()); localStorage.clear(); sessionStorage.clear()")
    browser.open(address)


def show(browser: Browser, name: str) -> None:
    """Goes to a view of the report."""
    browser.run(f"""new Promise((done) => {{
        const view = VIEWS.find(({{ name }}) => name === {name!r});
        if (current === view) {{ done(); return; }}
        addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(done, 100)), {{ once: true }});
        location.hash = view.hash;
    }})""")


def label(browser: Browser, card: int) -> object:
    """The label of a card in the current view."""
    return browser.run(f"(({{image, category}}) => labels.get(image.id, categories[category].name) ?? null)(cards()[{card}].card)")


def current_card(browser: Browser) -> int:
    """The position of the current card."""
    return browser.run("cards().indexOf(currentCard)")


def click_card(browser: Browser, card: int, **held: bool) -> None:
    """Clicks the picture of a card, also while a key is held."""
    browser.run(f"document.querySelector('[data-clicked]')?.removeAttribute('data-clicked'); cards()[{card}].dataset.clicked = ''")
    browser.point("[data-clicked] .picture", click=True, **held)


def filter_by(browser: Browser, key: str, value: str) -> None:
    """Sets a filter or the order of the current view."""
    browser.run(f"""(() => {{ const box = document.querySelector("[data-filter={key}]"); box.value = "{value}";
        box.dispatchEvent(new Event("change")); box.dispatchEvent(new Event("input")); }})()""")


def name_yourself(browser: Browser, name: str) -> None:
    """Gives the page the name of the person who labels."""
    browser.run(f"byID('annotator').value = {name!r}; byID('annotator').dispatchEvent(new Event('change'))")


def saved_rows(browser: Browser, name: str | None = None) -> list[dict]:
    """Saves the labels, and reads the file, which has a name."""
    path = browser.download("byID('save').click()")
    require(name is None or path.name == name, f"the labels are saved as {path.name}, not {name}")
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    path.unlink()
    return rows


def load(browser: Browser, place: Path, name: str, text: str) -> None:
    """Loads a labels file with a text."""
    path = place / name
    path.write_text(text, encoding="utf-8")
    browser.run("byID('toast').textContent = ''")
    browser.choose_files("#file", path)
    browser.wait_until("byID('toast').textContent !== '' || document.querySelector('dialog[open]')")


def said(browser: Browser) -> str:
    """The last message of the page."""
    return browser.run("byID('toast').textContent")


def dialog_text(browser: Browser) -> str:
    """The text of the open dialog, or an empty one."""
    return browser.run("document.querySelector('dialog[open]')?.innerText ?? ''")


def click_named(browser: Browser, name: str) -> None:
    """Clicks the button with a name in the open dialog, or on the page."""
    found = browser.run(f"""(() => {{
        const place = document.querySelector("dialog[open]") ?? document;
        const button = [...place.querySelectorAll("button")].find((node) => node.textContent.trim() === {name!r} && !node.hidden);
        button?.click();
        return button !== undefined;
    }})()""")
    require(found, f"there is no button '{name}'")
