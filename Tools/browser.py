"""Chromium without a window, driven through the DevTools protocol over a pipe."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path


class Browser:
    """One page of a browser; a context manager."""

    def __init__(self, width: int = 1440, height: int = 900) -> None:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            raise SystemExit("Chromium is not installed; scripts/setup.sh installs it.")
        self.profile = tempfile.TemporaryDirectory()
        self.downloads = Path(self.profile.name, "downloads")
        to_browser, self.commands = os.pipe()
        self.answers, from_browser = os.pipe()
        # The protocol's pipes are descriptors 3 and 4 of the browser.
        launcher = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", launcher, "browser", str(to_browser), str(from_browser), program, "--headless=new",
             "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
             f"--user-data-dir={self.profile.name}/profile", f"--window-size={width},{height}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.numbers = itertools.count(1)
        self.buffer = b""
        self.events: list[dict] = []
        self.questions = 0
        self.session = None
        pages = self.call("Target.getTargets")["targetInfos"]
        target = next(page["targetId"] for page in pages if page["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads), eventsEnabled=True)
        self.resize(width, height)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.commands)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.answers)
        self.profile.cleanup()

    def call(self, method: str, **parameters: object) -> dict:
        """Runs a command of the protocol and returns its result."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self.session
        self._write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("method") == "Page.javascriptDialogOpening":
                self._accept(answer)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method: str) -> dict:
        """The parameters of the next event of a kind, also of one that came already."""
        while True:
            for position, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(position)["params"]
            event = self._read()
            if event.get("method") == "Page.javascriptDialogOpening":
                self._accept(event)
            self.events.append(event)

    def _accept(self, opened: dict) -> None:
        """Leaves a page that asks whether it may be left; `questions` counts how often."""
        self.questions += 1
        message = {"id": next(self.numbers), "method": "Page.handleJavaScriptDialog", "params": {"accept": True},
                   "sessionId": opened["sessionId"]}
        self._write(json.dumps(message).encode() + b"\0")

    def open(self, address: str) -> None:
        """Goes to an address and waits until the page is loaded."""
        self.call("Page.navigate", url=address)
        self.wait_for("Page.loadEventFired")

    def run(self, script: str) -> object:
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key: str, code: str = "", shift: bool = False, control: bool = False) -> None:
        """Presses and releases a key, such as `y` or `ArrowRight`; `code` is its place where the layout is another one."""
        modifiers = 8 * shift + 2 * control
        # Browsers know the keys that close a dialog by their number.
        number = {"Escape": 27, "Enter": 13, "Tab": 9}.get(key, 0)
        text = {"text": key} if len(key) == 1 and not control else {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code, modifiers=modifiers, windowsVirtualKeyCode=number,
                      **(text if kind == "keyDown" else {}))

    def tab(self, address: str) -> str:
        """Opens an address in another tab, which is the current one then; returns the one before, for `switch`."""
        before = self.session
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.switch(self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.open(address)
        return before

    def switch(self, session: str) -> None:
        """Makes another tab the current one."""
        self.session = session

    def tap(self, selector: str) -> None:
        """Touches the middle of an element where it is, without scrolling to it."""
        x, y = self.middle(selector)
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def middle(self, selector: str) -> list[float]:
        """The middle of an element in the window."""
        return self.run(f"""(() => {{
            const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")

    def choose_files(self, selector: str, *paths: Path) -> None:
        """Gives files to an input for files."""
        node = self.call("DOM.getDocument", depth=-1)["root"]["nodeId"]
        field = self.call("DOM.querySelector", nodeId=node, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=field, files=[str(path) for path in paths])

    def wait_until(self, condition: str) -> None:
        """Waits up to ten seconds for an expression in the page to be true."""
        self.run(f"""new Promise((done, fail) => {{
            const end = Date.now() + 10000;
            const wait = () => ({condition}) ? done(true)
                : Date.now() > end ? fail(new Error({json.dumps(condition)})) : setTimeout(wait, 20);
            wait();
        }})""")

    def point(self, selector: str, click: bool = False, shift: bool = False, control: bool = False) -> None:
        """Moves the mouse to the middle of an element, and clicks, also while a key is held."""
        self.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        x, y = self.middle(selector)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        if click:
            for kind in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1, modifiers=8 * shift + 2 * control)

    def resize(self, width: int, height: int, touch: bool = False) -> None:
        """Gives the page another size in CSS pixels, of a touch screen or not."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=touch)
        self.call("Emulation.setTouchEmulationEnabled", enabled=touch)

    def prefer(self, scheme: str) -> None:
        """Makes the system light or dark."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path: Path) -> None:
        """Saves what is seen as a PNG file."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def download(self, trigger: str) -> Path:
        """The file that an expression makes the page save."""
        self.run(trigger)
        name = self.wait_for("Browser.downloadWillBegin")["suggestedFilename"]
        while self.wait_for("Browser.downloadProgress")["state"] != "completed":
            pass
        return self.downloads / name

    def complaints(self) -> list[str]:
        """Exceptions, console errors and warnings, and violations of the content security policy so far."""
        self.call("Runtime.evaluate", expression="0")
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                found.append(json.dumps(parameters["exceptionDetails"]))
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                found.append(json.dumps(parameters["args"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                # The browser notes when it leaves an unused page without asking.
                if parameters["entry"]["source"] != "intervention":
                    found.append(json.dumps(parameters["entry"]))
        return found

    def requests(self) -> list[str]:
        """Addresses that the page asked for so far, other than data in itself."""
        addresses = [event["params"]["request"]["url"] for event in self.events
                     if event.get("method") == "Network.requestWillBeSent"]
        return [address for address in addresses if not address.startswith(("data:", "blob:"))]

    def _write(self, message: bytes) -> None:
        while message:
            message = message[os.write(self.commands, message):]

    def _read(self) -> dict:
        while b"\0" not in self.buffer:
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise RuntimeError("the browser has ended")
            self.buffer += part
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)
