"""Executes every notebook by nbconvert, then opens one in a browser and clicks through it as a person would.

    check.py [FOLDER]     screenshots go to FOLDER; without one they are thrown away

Checked in the browser: cells run by clicking; the progress line moves, in one place; the picture is drawn; the stop button
ends a training, whose run so far is in the next cell; no machine but this one is asked for anything. At the end no process
is left of those that were started. Exit code 0 if all is well.
"""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from chromium import Page

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
MARK = "EBVLM_BROWSER_CHECK"
KERNEL = "ebvlm"


def say(text):
    print(f"browser check: {text}", flush=True)


def surroundings(folder):
    """An environment in which Jupyter finds our kernel and nothing of this user's, and by which its processes are known."""
    environment = dict(os.environ)
    environment[MARK] = secrets.token_hex(8)
    environment["PATH"] = "/usr/bin:" + environment.get("PATH", "")
    environment["JUPYTER_PATH"] = str(folder / "prefix/share/jupyter")
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        environment[name] = str(folder / name.lower())
    return environment


def left(environment):
    """Processes that carry our mark, besides this one."""
    mark = f"{MARK}={environment[MARK]}".encode()
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if words and mark in (process / "environ").read_bytes():
                found[int(process.name)] = words[:100]
        except OSError:
            pass
    return found


def install_kernel(folder, environment):
    subprocess.run(
        [HOME / "bin/ebvlm", "kernel", "install", "--prefix", folder / "prefix"],
        env=environment, check=True, stdout=subprocess.DEVNULL)
    if not (folder / f"prefix/share/jupyter/kernels/{KERNEL}/kernel.json").exists():
        raise AssertionError(f"kernel install wrote no kernel named {KERNEL}")


def execute(notebook, folder, environment):
    """Runs a notebook from beginning to end, as nbconvert does: an error in a cell is an error."""
    began = time.monotonic()
    done = subprocess.run(
        ["/usr/bin/jupyter-nbconvert", "--to", "notebook", "--execute", f"--ExecutePreprocessor.kernel_name={KERNEL}",
         "--ExecutePreprocessor.timeout=300", "--output-dir", folder / "executed", notebook],
        env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{notebook.name}: nbconvert ended with {done.returncode}\n{done.stderr[-3000:]}")
    cells = json.loads((folder / "executed" / notebook.name).read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    noise = [output["text"] for output in outputs if output.get("name") == "stderr"]
    if noise:
        raise AssertionError(f"{notebook.name} wrote on standard error: {noise[0]}")
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    say(f"{notebook.name}: executed in {time.monotonic() - began:.1f} s, {pictures} pictures")


class Server:
    """Jupyter's notebook server on the loopback address, its files in a folder."""

    def __init__(self, folder, environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.token = secrets.token_hex(16)
        self.log = folder / "server.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["/usr/bin/jupyter-notebook", "--ip=127.0.0.1", f"--port={self.port}", "--port-retries=0", "--no-browser",
                 f"--NotebookApp.token={self.token}", "--NotebookApp.allow_root=True",
                 f"--NotebookApp.notebook_dir={folder / 'served'}"],
                env=environment, stdout=log, stderr=log, start_new_session=True)

    def address(self, path):
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"

    def await_start(self):
        for _ in range(600):
            try:
                with urllib.request.urlopen(self.address("api"), timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise AssertionError("Jupyter's server did not start:\n" + self.log.read_text()[-3000:])

    def close(self):
        """A server that is asked to end shuts its kernels down first."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def cell(number, inside=""):
    """The selector of a code cell, from 1; the notebook's other cells are text."""
    return f"#notebook-container > .code_cell:nth-child({number}) {inside}".strip()


async def start(page, number):
    await page.click(cell(number, ".CodeMirror"))
    await page.until(f"document.querySelector('{cell(number)}').matches('.selected')", f"cell {number} being selected")
    await page.click("#run_int button[data-jupyter-action='jupyter-notebook:run-cell-and-select-next']")


async def ended(page, number, seconds=120.0):
    prompt = f"document.querySelector('{cell(number, '.input_prompt')}').innerText"
    return await page.until(f"/\\[\\d+\\]/.test({prompt})", f"the end of cell {number}", seconds)


def outputs(number, inside=""):
    return f"[...document.querySelectorAll('{cell(number, '.output_area ' + inside)}')]"


async def text(page, number):
    return await page.value(f"{outputs(number, '.output_subarea')}.map(e => e.innerText).join('\\n')")


async def nothing_wrong(page, number):
    wrong = await page.value(f"{outputs(number, ':is(.output_error, .output_stderr)')}.map(e => e.innerText)")
    if wrong:
        raise AssertionError(f"cell {number} shows an error: {wrong[0]}")


async def training(page, number, shots):
    """The progress line of a cell that trains changes where it stands."""
    await start(page, number)
    seen = []
    over = f"/\\[\\d+\\]/.test(document.querySelector('{cell(number, '.input_prompt')}').innerText)"
    until = time.monotonic() + 120
    while not await page.value(over):
        now = await text(page, number)
        if now and now not in seen:
            seen.append(now)
            if len(seen) == 2:
                await page.picture(shots / "2-training.png")
        if time.monotonic() > until:
            raise TimeoutError(f"cell {number} did not end; it shows {seen[-1:]}")
        await asyncio.sleep(0.05)
    await nothing_wrong(page, number)
    blocks = await page.value(f"{outputs(number, '.output_subarea')}.length")
    if len(seen) < 3 or any("\n" in line.strip() for line in seen):
        raise AssertionError(f"the progress line did not change twice in its place: {seen}")
    say(f"training: its line showed {len(seen)} states, in {blocks} output; at last: {seen[-1].strip()}")


async def picture(page, number):
    await start(page, number)
    drawn = f"{outputs(number, 'img')}.filter(e => e.complete && e.naturalWidth > 0).map(e => [e.naturalWidth, e.naturalHeight])"
    seconds = await page.until(f"{drawn}.length > 0", "the picture being drawn")
    await ended(page, number)
    await nothing_wrong(page, number)
    say(f"picture: drawn after {seconds:.1f} s, {await page.value(drawn)} pixels")


async def stop(page, number, shots):
    """The stop button ends a training, and the variable holds the run so far."""
    await start(page, number)
    await page.until(f"{outputs(number, '.output_subarea')}.length > 0", "the first progress")
    await asyncio.sleep(0.5)
    await nothing_wrong(page, number)
    await page.click("#run_int button[data-jupyter-action='jupyter-notebook:interrupt-kernel']")
    seconds = await ended(page, number, 10)
    await page.picture(shots / "4-stopped.png")
    await start(page, number + 1)
    await ended(page, number + 1)
    await nothing_wrong(page, number + 1)
    after = await text(page, number + 1)
    if "interrupted" not in after.lower():
        raise AssertionError(f"after the stop button the next cell shows: {after}")
    say(f"stop button: the cell ended after {seconds:.2f} s; the next one shows: {after.strip().splitlines()[0]}")


async def browse(server, folder, shots, environment):
    page = await Page.open(folder / "chromium", environment)
    try:
        await page.send("Page.navigate", url=server.address("notebooks/live.ipynb"))
        await page.until("!!document.querySelector('#kernel_indicator_icon.kernel_idle_icon')", "the kernel being ready")
        await page.picture(shots / "1-opened.png")
        await training(page, 1, shots)
        await picture(page, 2)
        await page.picture(shots / "3-picture.png")
        await stop(page, 3, shots)
        await page.picture(shots / "5-end.png")
        hosts = {urllib.parse.urlsplit(each).hostname for each in page.addresses if not each.startswith(("data:", "blob:"))}
        if not hosts <= {"127.0.0.1", "localhost", None}:
            raise AssertionError(f"the page asked other machines: {sorted(map(str, hosts))}")
        say(f"network: {len(page.addresses)} requests, all of them to this machine")
    except BaseException:
        await page.picture(shots / "failed.png")
        raise
    finally:
        await page.close()


def check(folder, shots, environment):
    install_kernel(folder, environment)
    for notebook in sorted([*HERE.parent.glob("*.ipynb")]):
        execute(notebook, folder, environment)
    (folder / "served").mkdir()
    shutil.copy(HERE / "live.ipynb", folder / "served")
    server = Server(folder, environment)
    try:
        server.await_start()
        asyncio.run(browse(server, folder, shots, environment))
    finally:
        server.close()


def main():
    with tempfile.TemporaryDirectory(prefix="ebvlm-browser-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shots = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "shots"
        shots.mkdir(parents=True, exist_ok=True)
        environment = surroundings(folder)
        try:
            check(folder, shots, environment)
        finally:
            until = time.monotonic() + 10
            while left(environment) and time.monotonic() < until:
                time.sleep(0.2)
            remaining = left(environment)
            for process in remaining:
                os.kill(process, signal.SIGKILL)
        if remaining:
            raise AssertionError(f"processes were left: {remaining}")
    say("all is well, and nothing is left running")


if __name__ == "__main__":
    main()
