"""Wait for a while, print something, write what lies below."""

import os
import time

from actions_for_tests.journal import digest_of_inputs, note


def run(context):
    note(context, threads=os.environ["OMP_NUM_THREADS"])
    print("printed by Python")
    os.system("echo printed by another program")
    time.sleep(context.step.settings.get("seconds", 0))
    (context.output / "value.txt").write_text(digest_of_inputs(context))
