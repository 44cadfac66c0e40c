"""Chromium without a window, driven by its own DevTools protocol over tornado's web socket."""

import asyncio
import base64
import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path

import tornado.websocket


class Page:
    """One page. Every address that it asks for, web sockets included, is kept in `addresses`."""

    def __init__(self, process, folder):
        self.process = process
        self.folder = folder
        self.addresses = []
        self.complaints = []
        self._number = 0
        self._answers = {}

    @staticmethod
    async def open(folder, environment):
        """Starts Chromium with its files in a folder."""
        command = [
            "/usr/bin/chromium", "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}",
            "--window-size=1200,1000", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-default-browser-check",
            # Names of other machines lead nowhere, whoever asks for them.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ]
        if os.getuid() == 0:
            command.append("--no-sandbox")
        process = subprocess.Popen(
            command + ["about:blank"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        port = await Page._port(process, Path(folder) / "DevToolsActivePort")
        page = Page(process, folder)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=30) as answer:
            target = next(each for each in json.load(answer) if each["type"] == "page")
        page._socket = await tornado.websocket.websocket_connect(
            target["webSocketDebuggerUrl"], max_message_size=100 << 20)
        page._reader = asyncio.ensure_future(page._read())
        for domain in ("Page", "Network", "Runtime"):
            await page.send(f"{domain}.enable")
        return page

    @staticmethod
    async def _port(process, file):
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(f"Chromium ended at once with code {process.returncode}")
            if file.exists() and "\n" in file.read_text():
                return int(file.read_text().splitlines()[0])
            await asyncio.sleep(0.1)
        raise TimeoutError("Chromium did not open its port in a minute")

    async def _read(self):
        while True:
            text = await self._socket.read_message()
            if text is None:
                return
            message = json.loads(text)
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
            elif message["method"] == "Network.requestWillBeSent":
                self.addresses.append(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self.addresses.append(message["params"]["url"])
            elif message["method"] == "Runtime.exceptionThrown":
                self.complaints.append(message["params"]["exceptionDetails"].get("text", "an exception"))
            elif message["method"] == "Page.javascriptDialogOpening":
                # A page that is left asks whether to save.
                asyncio.ensure_future(self.send("Page.handleJavaScriptDialog", accept=True))

    async def send(self, method, **parameters):
        """One command and its answer."""
        self._number += 1
        answer = asyncio.get_running_loop().create_future()
        self._answers[self._number] = answer
        await self._socket.write_message(json.dumps({"id": self._number, "method": method, "params": parameters}))
        message = await asyncio.wait_for(answer, 60)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']['message']}")
        return message["result"]

    async def value(self, script):
        """What an expression of the page's own language gives."""
        result = await self.send("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    async def until(self, script, what, seconds=60.0):
        """Waits until an expression is true; says how long that took."""
        began = time.monotonic()
        while not await self.value(script):
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"{what} did not happen in {seconds:g} s")
            await asyncio.sleep(0.05)
        return time.monotonic() - began

    async def click(self, selector):
        """Presses the mouse in the middle of the first element that a selector means."""
        box = await self.value(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            if (!element) return null;
            element.scrollIntoView({{block: 'center'}});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        if box is None:
            raise AssertionError(f"there is nothing to click: {selector}")
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    async def picture(self, file):
        """What a person would see now."""
        shot = await self.send("Page.captureScreenshot", format="png")
        Path(file).write_bytes(base64.b64decode(shot["data"]))

    async def close(self):
        """Ends Chromium."""
        try:
            await self.send("Browser.close")
        except (RuntimeError, asyncio.TimeoutError, tornado.websocket.WebSocketClosedError):
            self.process.terminate()
        self._reader.cancel()
        self.process.wait(30)
