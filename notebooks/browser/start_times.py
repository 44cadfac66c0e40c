"""Measures how long the kernel, the shell and scripts take to start: medians of repeats, as a table.

    /usr/bin/python3 notebooks/browser/start_times.py [REPEATS]

Cold means that the cache of native code is empty, as at the very first use; warm means that it is filled. Files are read
from the operating system's memory in both. Needs jupyter_client (Debian: python3-jupyter-client).
"""

import fcntl
import json
import os
import pty
import shutil
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

HOME = Path(__file__).resolve().parent.parent.parent
EBVLM = str(HOME / "bin/ebvlm")

FIRST = "1 + 1"
SENTENCE = """
var data = Datasets.checkerboard(10_000, seed(1)).split(0.9, seed(2));
var grbm = Grbm.visible(2).hidden(4).init(seed(7));
var q    = Posteriors.bernoulli(grbm).fittedBy(Elbo.innerSteps(5));
var loss = Dsm.noiseStd(0.05).using(Vages.particles(2).posterior(q));
var run = Training.of(grbm).minimizing(loss).on(data.train())
    .with(Adam.rate(1e-3)).batches(100).steps(200)
    .fit(seed(7));
"""
PICTURE = 'Scatter.of("data", data.test().values()).picture()'


def kernel(folder, cache, cold):
    """Seconds from the start of the process to: its first answer, then each cell's end; not counting the one before."""
    options = f"-Dorg.bytedeco.javacpp.cachedir={cache}"
    subprocess.run(
        [EBVLM, "kernel", "install", "--prefix", folder], check=True, stdout=subprocess.DEVNULL,
        env=dict(os.environ, EBVLM_JAVA_OPTIONS=options))
    if cold:
        shutil.rmtree(cache, ignore_errors=True)
    specs = KernelSpecManager(kernel_dirs=[str(folder / "share/jupyter/kernels")])
    manager = KernelManager(kernel_name="ebvlm", kernel_spec_manager=specs)
    times = []
    began = time.monotonic()
    manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=120)
        times.append(time.monotonic() - began)
        for code in (FIRST, SENTENCE, PICTURE):
            began = time.monotonic()
            reply = client.execute_interactive(code, timeout=120, output_hook=lambda message: None)
            times.append(time.monotonic() - began)
            if reply["content"]["status"] != "ok":
                raise AssertionError(json.dumps(reply["content"], default=str))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return times


def shell():
    """Seconds to the shell's first prompt, on a terminal."""
    began = time.monotonic()
    process, terminal = pty.fork()
    if process == 0:
        os.execv(EBVLM, [EBVLM, "shell"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen = b""
    while b"jshell>" not in seen:
        if not select.select([terminal], [], [], 60)[0]:
            raise TimeoutError(f"no prompt: {seen}")
        seen += os.read(terminal, 4096)
    seconds = time.monotonic() - began
    os.write(terminal, b"/exit\n")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    os.waitpid(process, 0)
    return seconds


def script(folder):
    """Seconds of a script that prints one line."""
    file = folder / "one.jsh"
    file.write_text("System.out.println(1);\n")
    began = time.monotonic()
    subprocess.run([EBVLM, "run", file], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def main():
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory(prefix="ebvlm-start-") as name:
        folder = Path(name)
        subprocess.run([EBVLM, "--version"], check=True, stdout=subprocess.DEVNULL)
        warm = [kernel(folder, folder / "cache", False) for _ in range(repeats)]
        cold = [kernel(folder, folder / "cache", True) for _ in range(repeats)]
        rows = ["kernel ready", f"then the first cell, `{FIRST}`", "then the sentence, 200 steps", "then the first picture"]
        print("| | cold | warm |\n|---|---|---|")
        for i, row in enumerate(rows):
            print(f"| {row} | {statistics.median(t[i] for t in cold):.1f} s | {statistics.median(t[i] for t in warm):.1f} s |")
        print(f"| `bin/ebvlm shell`, first prompt | | {statistics.median(shell() for _ in range(repeats)):.1f} s |")
        print(f"| `bin/ebvlm run`, one line | | {statistics.median(script(folder) for _ in range(repeats)):.1f} s |")


if __name__ == "__main__":
    main()
