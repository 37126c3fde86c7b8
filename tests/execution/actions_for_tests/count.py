"""Count slowly, with a checkpoint at each number; ``deaf`` does not hear that it is to stop."""

import time

from actions_for_tests.journal import digest_of_inputs, note

from isthmus.core.errors import Stopped
from isthmus.core.files import write_atomic
from isthmus.execution.context import Progress


def run(context):
    settings, checkpoint = context.step.settings, context.work / "checkpoint"
    at = int(checkpoint.read_text()) if checkpoint.exists() else 0
    note(context, at=at)
    while at < settings["to"]:
        if context.stopping() and not settings.get("deaf"):
            raise Stopped(f"stopped at {at}")
        time.sleep(0.01)
        at += 1
        write_atomic(checkpoint, str(at).encode())
        context.report(Progress(at, settings["to"]))
    (context.output / "value.txt").write_text(f"{at} {digest_of_inputs(context)}")
