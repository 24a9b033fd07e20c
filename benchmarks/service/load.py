#!/usr/bin/env python3
"""Measures a service under load against the bare pipeline: requests of identify per second, and their latencies.

    benchmarks/service/load.py MODEL DETECTOR PHOTO [--program .build/release/faceq] [--threads N] [--seconds 10]

The pipeline's speed is that of `faceq embed` on a list that names the photo many times, with the same threads: reading,
detecting, aligning and embedding. The clients keep their connections. Prints a Markdown table.
"""
import argparse
import http.client
import multiprocessing
import pathlib
import re
import signal
import subprocess
import tempfile
import time


def client(port, photo, seconds, results):
    """Asks without a pause."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    latencies, refused, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        connection.request("POST", "/v1/identify", photo, {"Content-Type": "image/jpeg"})
        answer = connection.getresponse()
        answer.read()
        if answer.status == 200:
            latencies.append(time.monotonic() - begin)
        else:
            refused += 1
    results.put((latencies, refused))


def measure(port, photo, clients, seconds):
    results = multiprocessing.Queue()
    begin = time.monotonic()
    workers = [multiprocessing.Process(target=client, args=(port, photo, seconds, results)) for _ in range(clients)]
    for worker in workers:
        worker.start()
    latencies, refused = [], 0
    for _ in workers:
        own, lost = results.get()
        latencies += own
        refused += lost
    for worker in workers:
        worker.join()
    taken = time.monotonic() - begin
    latencies.sort()
    return len(latencies) / taken, latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)], refused


def pipeline(program, model, detector, photo, threads, folder, count):
    """Photos per second of `embed`, without what it takes to begin."""
    def run(number):
        (folder / "list").write_text(f"{photo}\n" * number)
        begin = time.monotonic()
        subprocess.run([program, "embed", model, "--list", folder / "list", "-o", folder / "rows.npy", "--detector", detector,
                        "--threads", str(threads)], check=True, capture_output=True)
        return time.monotonic() - begin
    run(1)
    return count / (run(count + 1) - run(1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("detector")
    parser.add_argument("photo", type=pathlib.Path)
    parser.add_argument("--program", default=".build/release/faceq")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--count", type=int, default=300)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bare = {threads: pipeline(arguments.program, arguments.model, arguments.detector, arguments.photo, threads, folder, arguments.count)
                for threads in sorted({1, arguments.threads})}
        service = subprocess.Popen(
            [arguments.program, "serve", "--model", arguments.model, "--detector", arguments.detector, "--bank", folder / "bank",
             "--port", "0", "--threads", str(arguments.threads)], stdout=subprocess.PIPE, text=True)
        port = int(re.search(r":(\d+),", service.stdout.readline())[1])
        photo = arguments.photo.read_bytes()
        measure(port, photo, 1, 2)
        print("| clients | requests/s | of the pipeline's | median ms | p99 ms | refused |\n|---|---|---|---|---|---|")
        for clients in (1, 8, 64):
            speed, median, p99, refused = measure(port, photo, clients, arguments.seconds)
            reference = bare[min(clients, arguments.threads)]
            print(f"| {clients} | {speed:.1f} | {speed / reference:.0%} of {reference:.1f} | {median * 1000:.1f} | {p99 * 1000:.1f} | {refused} |", flush=True)
        service.send_signal(signal.SIGTERM)
        service.wait()


if __name__ == "__main__":
    main()
