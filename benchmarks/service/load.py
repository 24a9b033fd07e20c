#!/usr/bin/env python3
"""Measures a service under load against the bare pipeline: requests of identify per second, and their latencies.

    benchmarks/service/load.py MODEL DETECTOR PHOTO [--program .build/release/faceq] [--threads N] [--seconds 5] [--rounds 7]

The pipeline's speed is that of `faceq embed` on a list that names the photo many times, with the same threads: reading,
detecting, aligning and embedding. The clients are connections of wrk (Debian's package), which are kept and ask without
a pause. Each round measures the pipeline and the service in turn, since a machine's speed changes from one minute to
the next. Prints a Markdown table of the medians.
"""
import argparse
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time

CLIENTS = (1, 8, 64)
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}


def service_speed(port, script, clients, seconds):
    """Requests per second, median and p99 in milliseconds, and how many requests were refused."""
    report = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(clients), "--duration", f"{seconds}s", "--timeout", "120s", "--latency",
         "--script", script, f"http://127.0.0.1:{port}/v1/identify"], check=True, capture_output=True, text=True).stdout

    def latency(percentile):
        number, unit = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s)", report).groups()
        return float(number) * MILLISECONDS[unit]
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", report)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1]), latency(50), latency(99), int(refused[1]) if refused else 0


def pipeline_speed(program, model, detector, photo, threads, folder, count):
    """Photos per second of `embed`, without what it takes to begin."""
    def run(number):
        (folder / "list").write_text(f"{photo}\n" * number)
        begin = time.monotonic()
        subprocess.run([program, "embed", model, "--list", folder / "list", "-o", folder / "rows.npy", "--detector", detector,
                        "--threads", str(threads)], check=True, capture_output=True)
        return time.monotonic() - begin
    beginning = run(1)
    return count / (run(count + 1) - beginning)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("detector")
    parser.add_argument("photo", type=pathlib.Path)
    parser.add_argument("--program", default=".build/release/faceq")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=400)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        script = folder / "post.lua"
        script.write_text(f"""local file = io.open("{arguments.photo}", "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "image/jpeg"
""")
        service = subprocess.Popen(
            [arguments.program, "serve", "--model", arguments.model, "--detector", arguments.detector, "--bank", folder / "bank",
             "--port", "0", "--threads", str(arguments.threads)], stdout=subprocess.PIPE, text=True)
        port = int(re.search(r":(\d+),", service.stdout.readline())[1])
        bare = {threads: [] for threads in sorted({1, arguments.threads})}
        served = {clients: [] for clients in CLIENTS}
        for _ in range(arguments.rounds):
            for threads, speeds in bare.items():
                speeds.append(pipeline_speed(arguments.program, arguments.model, arguments.detector, arguments.photo, threads,
                                             folder, arguments.count))
            for clients, figures in served.items():
                figures.append(service_speed(port, script, clients, arguments.seconds))
        service.send_signal(signal.SIGTERM)
        service.wait()
    print("| clients | requests/s | of the pipeline's | median ms | p99 ms | refused |\n|---|---|---|---|---|---|")
    for clients, figures in served.items():
        speed, middle, p99 = (statistics.median(column) for column in list(zip(*figures))[:3])
        reference = statistics.median(bare[min(clients, arguments.threads)])
        refused = sum(figure[3] for figure in figures)
        print(f"| {clients} | {speed:.1f} | {speed / reference:.0%} of {reference:.1f} | {middle:.1f} | {p99:.1f} | {refused} |")
    for threads, speeds in bare.items():
        print(f"pipeline with {threads} threads: " + " ".join(f"{speed:.1f}" for speed in speeds))
    for clients, figures in served.items():
        print(f"service with {clients} clients: " + " ".join(f"{figure[0]:.1f}" for figure in figures))


if __name__ == "__main__":
    main()
