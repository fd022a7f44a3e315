"""Items a second through ten `identity` elements of GStreamer, buffers of 1 MiB (Debian package gstreamer1.0-tools).

Start-up is taken out by running two counts and dividing the difference. With --queues a `queue` stands before each element.
"""
import subprocess
import sys
import time

import measure

FEW, MANY = 20_000, 220_000


def seconds(count, link):
    chain = "identity silent=true ! " if not link else "queue ! identity silent=true ! "
    line = f"fakesrc num-buffers={count} sizetype=fixed sizemax=1048576 filltype=nothing ! {chain * 10}fakesink"
    start = time.perf_counter()
    subprocess.run(["gst-launch-1.0", "-q", *line.split()], check=True)
    return time.perf_counter() - start


def main():
    queues = "--queues" in sys.argv[1:]
    version = subprocess.run(["gst-launch-1.0", "--version"], check=True, capture_output=True, text=True).stdout.split()[2]
    rate = (MANY - FEW) / (seconds(MANY, queues) - seconds(FEW, queues))
    measure.say(f"gstreamer {version}", {"chain.queued_items_per_s" if queues else "chain.items_per_s": rate})


if __name__ == "__main__":
    main()
