"""What the scenario files of all Python clients share: how they are called, and how they wait."""
import json
import sys
import time


def wait_until(holds, what, seconds=60, step=lambda: time.sleep(0.02)):
    """Takes steps until it holds; fails with what was waited for."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"in {seconds} s it did not come to this: {what()}")
        step()


def main(scenarios):
    """python3 FILE SCENARIO BOOTSTRAP TOPIC: the last line of output is the outcome."""
    name, bootstrap, topic = sys.argv[1:4]
    base, _, option = name.partition("-")
    print(json.dumps(scenarios[base](bootstrap, topic, *([option] if option else []))))
