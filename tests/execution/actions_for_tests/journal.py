"""A file that many processes append to: which step began when, and where."""

import json
import os


def note(context, **more):
    entry = json.dumps({"name": context.step.name, "pid": os.getpid(), "parent": os.getppid(), **more})
    journal = os.open(context.step.places["journal"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(journal, entry.encode() + b"\n")
    os.close(journal)


def digest_of_inputs(context):
    """Return a value that depends on all that lies below a step."""
    below = [(path / "value.txt").read_text() for _, path in sorted(context.inputs.items())]
    return f"({' '.join([context.step.settings['name'], *below])})"
