"""Markup and script in ids, categories, descriptions and folders: pages show it as text, and their policy would stop it."""

import json
import time

from browser import Browser
from pages.steps import show
from stored import require

from security.tool import Tool

SCRIPTS = [
    "<script>owned=1<\u2215script>", "<img src=x onerror=owned=1>", "<svg onload=owned=1>", "\" autofocus onfocus=\"owned=1", "' onclick='owned=1",
    "<!--<script>", "]]>", "{{nonce}}", "${owned=1}", "&lt;b&gt;", "javascript:owned=1", "\\u003cscript\\u003eowned=1", "<base href=http:evil>",
    "<meta http-equiv=refresh content=0;url=http:evil>", "<style>*{display:none}", "\u202e<b>",
]
CLOSING = "</script><script>owned=1</script>"
"""A file's name cannot hold a slash; a path, a category and a description can."""

ATTEMPTS = {
    "an inline handler": "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"owned=1\">')",
    "an inline script": "document.body.append(Object.assign(document.createElement('script'), {textContent: 'owned=1'}))",
    "code from text": "Function('owned=1')()",
    "an image of the network": "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/owned'}))",
    "a request": "fetch('http://127.0.0.1:9/owned').catch(() => 0)",
    "another page in a frame": "document.body.append(Object.assign(document.createElement('iframe'), {src: 'http://127.0.0.1:9/owned'}))",
    "a form": "(() => { const form = document.createElement('form'); form.action = 'http://127.0.0.1:9/owned'; document.body.append(form); form.submit(); })()",
}

PATIENCE = 60
"""Seconds in which a browser mentions what its policy stopped, however busy the machine is."""


def check_pages(tool: Tool, photo: bytes) -> str:
    """Makes the report and the page to label from such names, and opens both in Chromium."""
    folder = tool.place / "<b>photos<" / "script>"
    folder.mkdir(parents=True)
    for text in SCRIPTS:
        (folder / f"{text}.png").write_bytes(photo)
        (folder / f"{text}.jpg").write_bytes(b"no image")
    descriptions = [f"a cat {text}" for text in SCRIPTS + [CLOSING]]
    categories = {text: {"positive": descriptions, "negative": [CLOSING]} for text in SCRIPTS + [CLOSING]}
    (tool.place / "pages.json").write_text(json.dumps({"threshold": -1, "neutral": [CLOSING], "categories": categories}))
    require(tool.embed(folder.relative_to(tool.place), "--allow-failures", store="pages-store").status == 0, "the images are not embedded")
    scored = ["pages-store", "--categories", "pages.json", "--model", tool.model]
    for words in (
        ["classify", *scored, "--output", "pages.parquet"],
        ["report", "pages-store", "--results", "pages.parquet", "--output", "report.html"],
        ["sample", *scored, "--per-category", "2", "--output", f"{SCRIPTS[1]}.csv", "--report", "label.html"],
    ):
        outcome = tool.run(*words)
        require(outcome.status == 0, f"{words} ends with {outcome.status}: {outcome.text}")
    with Browser() as browser:
        for page in ("report.html", "label.html"):
            browser.open((tool.place / page).as_uri())
            require_text(browser, page)
        browser.open((tool.place / "report.html").as_uri())
        for text in (*SCRIPTS, CLOSING, "Failed", "No category"):
            show(browser, text)
            require_text(browser, f"the view {text}")
        names = browser.run("VIEWS.map(({name}) => name)")
        require(set(SCRIPTS) | {CLOSING} <= set(names), f"the views are {names}")
        complaints = browser.complaints()
        require(not complaints, f"the pages complain: {complaints}")
        for what, script in ATTEMPTS.items():
            check_policy(browser, tool, what, script)
    return f"pages: {len(SCRIPTS) + 1} texts in 2 pages, {len(ATTEMPTS)} ways past the policy"


def require_text(browser: Browser, what: str) -> None:
    """Ends the program if a text of the data became an element or ran."""
    require(browser.run("typeof owned") == "undefined", f"{what} ran a script of its data")
    elements = browser.run("document.querySelectorAll('[onerror],[onload],[onfocus],[onclick],base,iframe,object,embed,meta[http-equiv=refresh]').length")
    require(elements == 0, f"{what} has {elements} elements of its data")
    links = browser.run("[...document.querySelectorAll('a[href]')].map((link) => link.protocol).filter((name) => !['file:', 'https:', 'http:', 'blob:'].includes(name))")
    require(not links, f"{what} links to {links}")


def check_policy(browser: Browser, tool: Tool, what: str, script: str) -> None:
    """Even a script that found its way into the page could neither run others nor send anything."""
    browser.open((tool.place / "report.html").as_uri())
    browser.events.clear()
    # Whoever controls the browser is above the policy, but not what it puts into the page or starts later.
    browser.run(f"setTimeout(() => {{ {script} }}, 0)")
    end = time.monotonic() + PATIENCE
    while not any("Content Security Policy" in event for event in browser.complaints()):
        asked = [address for address in browser.requests() if "owned" in address]
        require(time.monotonic() < end, f"the policy does not mention {what}; requests: {asked}")
        browser.run("new Promise((done) => setTimeout(done, 20))")
    require(browser.run("typeof owned") == "undefined", f"the policy allows {what}")
