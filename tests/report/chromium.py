"""A real browser for tests: headless Chromium, spoken to over two pipes in its own DevTools protocol."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
    "--no-first-run",
)
PATIENCE = 60.0  # seconds for one answer; a busy machine needs some


class Browser:
    """One tab. ``events`` are all that the protocol told so far: what the console said, every request, every exception."""

    def __init__(self, profile: Path) -> None:
        commands, answers = os.pipe(), os.pipe()
        assert CHROMIUM is not None

        def give() -> None:  # chromium reads commands from descriptor 3 and writes answers to 4; neither may be overwritten
            ends = os.dup(commands[0]), os.dup(answers[1])
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        environment = {**os.environ, "HOME": str(profile)}
        self.process = subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=give,
            close_fds=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands[0])
        os.close(answers[1])
        self.into, self.out = commands[1], answers[0]
        self.events: list[dict[str, Any]] = []
        self.rest, self.number, self.session = b"", 0, ""
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command and return its result; events that come meanwhile are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.into, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            told = self._next(end)
            if told.get("id") == self.number:
                assert "error" not in told, (method, told["error"])
                return told["result"]
            self.events.append(told)
        raise AssertionError(f"{method}: no answer in {PATIENCE} s")

    def _next(self, end: float) -> dict[str, Any]:
        os.set_blocking(self.out, False)
        while b"\0" not in self.rest:
            assert time.monotonic() < end, f"chromium fell silent, status {self.process.poll()}"
            try:
                self.rest += os.read(self.out, 1 << 20)
            except BlockingIOError:
                time.sleep(0.005)
        message, _, self.rest = self.rest.partition(b"\0")
        return json.loads(message)

    def open(self, page: Path, width: int = 1280, height: int = 900, *, dark: bool = False) -> None:
        """Open a page from disk at a size and wait until it is loaded."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.do("Emulation.setEmulatedMedia", features=[scheme])
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.events.clear()
        self.do("Page.navigate", url=page.as_uri())
        end = time.monotonic() + PATIENCE
        while self.js("document.readyState") != "complete" or self.js("location.href") == "about:blank":
            assert time.monotonic() < end, "the page never loaded"

    def js(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        found = self.do("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def point_at(self, selector: str) -> None:
        """Move the mouse to the middle of an element."""
        place = f"document.querySelector({json.dumps(selector)})"
        self.js(f"{place}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.js(f"(r => [r.x + r.width / 2, r.y + r.height / 2])({place}.getBoundingClientRect())")
        self.do("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])

    def press(self, key: str) -> None:
        """Press and release a key."""
        codes = {"Tab": 9, "Enter": 13, "ArrowRight": 39}
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.do("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes[key], **text)
            text = {}

    def picture(self, file: Path, clip: tuple[float, float, float, float] | None = None) -> Path:
        """Write a PNG of the whole page, or of (x, y, width, height) of it."""
        size = self.do("Page.getLayoutMetrics")["cssContentSize"]
        x, y, width, height = clip or (0, 0, size["width"], size["height"])
        area = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
        shot = self.do("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=area)
        file.write_bytes(base64.b64decode(shot["data"]))
        return file

    def complaints(self) -> list[dict[str, Any]]:
        """Return every exception, console error and entry of the log (refused requests are among them)."""
        self.js("0")  # what happened before is told before the answer
        wrong = [e for e in self.events if e["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")]
        said = [e for e in self.events if e["method"] == "Runtime.consoleAPICalled"]
        return wrong + [e for e in said if e["params"]["type"] in ("error", "warning", "assert")]

    def requests(self) -> list[str]:
        """Return the address of everything the page asked for, itself included."""
        self.js("0")
        return [e["params"]["request"]["url"] for e in self.events if e["method"] == "Network.requestWillBeSent"]

    def close(self) -> None:
        """End this chromium."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.into)
        os.close(self.out)
