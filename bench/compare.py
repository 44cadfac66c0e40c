#!/usr/bin/env python3
"""Times this toolkit and PyTorch on the same work, in turn, and prints a table in Markdown.

    bench/compare.py [CASE ...] [--threads 1 2] [--rounds 2] [--python PATH]

Each round runs `bin/ebvlm bench CASE` and every form of peer_torch.py once, each in a process of its own. A figure is the
median over the rounds; of PyTorch's forms the fastest counts. Variables that steer native libraries are cleared for both.
All cases take about half an hour. Needs nothing but Python 3.8; PyTorch only in the Python that --python names (by
default the one that runs this).
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
EBVLM = HERE.parent / "bin" / "ebvlm"
PEER = HERE / "peer_torch.py"
STEERING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OMP_WAIT_POLICY",
            "MKL_NUM_THREADS", "DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA", "KMP_BLOCKTIME", "KMP_AFFINITY")
FLAGS = ("avx2", "fma", "avx512f", "avx512vl", "avx512_vnni", "avx512_bf16", "amx_tile", "asimd", "sve")
NO_TORCH = 3


def run(command):
    environment = {name: value for name, value in os.environ.items() if name not in STEERING}
    return subprocess.run([str(word) for word in command], env=environment, stdout=subprocess.PIPE, text=True, check=False)


def last_json(command, what):
    done = run(command)
    if done.returncode == NO_TORCH:
        sys.exit(NO_TORCH)
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        print(f"compare.py: {what} failed with code {done.returncode}", file=sys.stderr)
        return None
    return json.loads(lines[-1])


def figures(case, threads, forms, asked):
    """Lists of results, by who: `ours` and the forms of PyTorch."""
    found = {}
    for _ in range(asked.rounds):
        results = {"ours": last_json([EBVLM, "bench", "--json", "--threads", threads, case], f"ebvlm bench {case}")}
        for form in forms:
            results[form] = last_json([asked.python, PEER, case, "--form", form, "--threads", threads,
                                       "--seconds", asked.seconds], f"peer_torch.py {case} --form {form}")
        for who, result in results.items():
            if result and "msPerStep" in result:
                found.setdefault(who, []).append(result)
    return found


def milliseconds(results):
    return statistics.median(result["msPerStep"] for result in results)


def row(case, threads, found):
    peers = {who: results for who, results in found.items() if who != "ours"}
    if "ours" not in found or not peers:
        return f"| {case} | {threads} | failed | | | | |"
    best = min(peers, key=lambda who: milliseconds(peers[who]))
    ours, theirs = milliseconds(found["ours"]), milliseconds(peers[best])
    peaks = [max(result["peakMb"] for result in results) for results in (found["ours"], peers[best])]
    return (f"| {case} | {threads} | {ours:.4g} | {theirs:.4g} | {best} | {theirs / ours:.3g} | "
            f"{peaks[0]} / {peaks[1]} |")


def machine():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    name = re.search(r"model name\s*:\s*(.*)", text)
    flags = re.search(r"(?:flags|Features)\s*:\s*(.*)", text)
    known = [flag for flag in FLAGS if flags and flag in flags.group(1).split()]
    return f"{name.group(1) if name else platform.machine()}, {os.cpu_count()} cores, {' '.join(known)}"


def java():
    home = os.environ.get("JAVA_HOME")
    command = os.path.join(home, "bin", "java") if home else "java"
    shown = subprocess.run([command, "-version"], stderr=subprocess.PIPE, text=True, check=False).stderr
    return shown.splitlines()[0] if shown else "unknown"


def nd4j():
    pom = (HERE.parent / "pom.xml").read_text(encoding="utf-8")
    return re.search(r"<nd4j.version>(.*?)<", pom).group(1)


def header(torch):
    cleared = [f"{name}={os.environ[name]}" for name in STEERING if name in os.environ]
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return "\n".join([
        f"- machine: {machine()}; {platform.system()} {platform.release()}{load}",
        f"- versions: {java()}; ND4J {nd4j()}; PyTorch {torch}; Python {platform.python_version()}",
        f"- environment: {'cleared ' + ', '.join(cleared) if cleared else 'nothing set that had to be cleared'}",
        f"- date: {datetime.date.today().isoformat()}",
        "",
        "| case | threads | ebvlm ms | PyTorch ms | its fastest form | PyTorch / ebvlm | peak MB, ebvlm / PyTorch |",
        "|---|---|---|---|---|---|---|"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3, help="of measuring, for each form of the peer")
    parser.add_argument("--python", default=sys.executable, help="a Python that has PyTorch")
    asked = parser.parse_intermixed_args()
    forms = last_json([asked.python, PEER, "--list"], f"{asked.python} peer_torch.py --list")
    if forms is None:
        return 1
    unknown = [case for case in asked.cases if case not in forms]
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}; there are {', '.join(forms)}")
    version = run([asked.python, "-c", "import torch; print(torch.__version__)"]).stdout.strip()
    print(header(version), flush=True)
    for threads in asked.threads:
        for case in asked.cases or forms:
            print(row(case, threads, figures(case, threads, forms[case], asked)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
