"""WCAG 2.2 AA: axe-core's rules, and what it does not compute: sizes of targets, contrast of bars, names, live regions."""

import json
from pathlib import Path

from browser import Browser
from stored import require

# Relative luminance and contrast of colours as WCAG defines them, computed from what is painted.
CONTRAST = """(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const pixel = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
    const luminance = (color) => pixel(color).map((value) => value / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    return (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
})()"""


def check_accessibility(browser: Browser, axe: Path, what: str) -> None:
    """Checks what is shown, light and dark."""
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.run("new Promise((done) => setTimeout(done, 200))")
        check_rules(browser, axe, f"{what}, {scheme}")
    browser.prefer("light")
    check_sizes(browser, what)
    check_names(browser, what)


def check_rules(browser: Browser, axe: Path, what: str) -> None:
    # axe takes links that are scrolled out of a list for skip links; the real one is used in another check.
    if not browser.run("typeof axe === 'object'"):
        browser.run(axe.read_text(encoding="utf-8") + "; 0")
    result = browser.run("""axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        resultTypes: ["violations"], rules: { "skip-link": { enabled: false } } }).then(({violations}) => violations.map(({id, nodes}) => ({id, nodes: nodes.length,
        first: nodes[0].html.slice(0, 160), why: nodes[0].failureSummary.slice(0, 200)})))""")
    require(result == [], f"{what}: {json.dumps(result, indent=1)}")


def check_sizes(browser: Browser, what: str) -> None:
    small = browser.run("""[...document.querySelectorAll("button, a, select, input, summary")].filter((node) => {
        const box = node.getBoundingClientRect();
        return node.checkVisibility() && !node.matches(".skip") && (box.width < 23.9 || box.height < 23.9);
    }).map((node) => node.outerHTML.slice(0, 100))""")
    require(not small, f"{what}: targets below 24 pixels: {small[:3]}")


def check_names(browser: Browser, what: str) -> None:
    live = browser.run("document.querySelectorAll('[role=status], [aria-live]').length")
    require(live == 1, f"{what}: {live} regions are read out by themselves")
    names = browser.run("[...document.querySelectorAll('.ticks button')].map((node) => node.ariaLabel)")
    require(len(set(names)) >= 0.9 * len(names), f"{what}: buttons share their names: {names[:6]}")
    paths = browser.run("[...document.querySelectorAll('.card')].filter((node) => node.ariaLabel.includes('/')).length")
    require(paths == 0, f"{what}: names of images begin with their paths")


def check_graphics(browser: Browser) -> None:
    """Bars, their neighbours and texts on coloured grounds in the report's category view."""
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        found = browser.run(f"""(() => {{
            const contrast = {CONTRAST};
            const style = (selector) => getComputedStyle(document.querySelector(selector));
            const ground = style(".scores").backgroundColor;
            const box = document.createElement("div");
            document.body.append(box);
            const color = (name) => {{ box.style.color = `var(--${{name}})`; return getComputedStyle(box).color; }};
            const ratios = {{}};
            for (const kind of ["match", "held", "below"]) ratios[kind] = contrast(color(kind), ground);
            for (const kind of ["match", "held", "muted", "right", "wrong"]) ratios[`text ${{kind}}`] = contrast(color(kind), ground) / 1.5;
            ratios.stroke = contrast(color("strong-line"), ground);
            box.remove();
            return ratios;
        }})()""")
        low = {name: round(ratio, 2) for name, ratio in found.items() if ratio < 3}
        require(not low, f"{scheme}: contrast below 3:1, or 4.5:1 for texts (divided by 1.5): {low}")
    browser.prefer("light")
