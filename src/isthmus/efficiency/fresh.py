"""The first call in a fresh process: how long loading and one answer take, and how much memory.

As a program it imports the heavy libraries once and then forks a child for each line of JSON it reads, so that every
checkpoint meets the same process, in which nothing was ever loaded. What importing the libraries costs is not counted.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import torch

from isthmus.core.errors import SetupError
from isthmus.efficiency.fleet import Checkpoint, Serving
from isthmus.models.trained import HEAD
from isthmus.translation.written import read_examples, write_examples

MODULE = "isthmus.efficiency.fresh"
CALLS, LONG = 3, 10.0  # calls of each checkpoint; after so many seconds of one there is no other
PRELOAD = (
    "transformers.modeling_utils",
    "transformers.models.auto.modeling_auto",
    "transformers.models.auto.tokenization_auto",
    "isthmus.models.families.encoder",
    "isthmus.models.heads.classification",
    "onnxruntime",
)
STATUS = Path("/proc/self/status")
KILO = 1024


@dataclass(frozen=True)
class FirstCall:
    """Seconds of loading and the first answer; the most bytes above the idle process as the examples were answered."""

    seconds: float
    peak_bytes: int


def first_calls(
    checkpoints: Sequence[Checkpoint], serving: Serving, examples: Sequence[Any], tick: Callable[[int, int], None]
) -> list[FirstCall]:
    """Return the medians of some calls of each checkpoint: it answers the first example, then the others one at a time.

    Raises SetupError with what the process said where a checkpoint cannot be measured so.
    """
    with TemporaryDirectory(prefix="isthmus-") as folder, _program() as program:
        file = Path(folder) / "examples.jsonl"
        write_examples(file, examples)
        found = []
        for number, checkpoint in enumerate(checkpoints):
            found.append(_called(program, _request(checkpoint, serving, file)))
            tick(number + 1, len(checkpoints))
    return found


@contextlib.contextmanager
def _program() -> Any:
    program = subprocess.Popen(
        [sys.executable, "-m", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        yield program
    finally:
        program.stdin.close()  # type: ignore[union-attr]
        program.kill()
        program.wait()
        program.stdout.close()  # type: ignore[union-attr]


def _request(checkpoint: Checkpoint, serving: Serving, file: Path) -> dict[str, Any]:
    return {
        "folder": str(checkpoint.folder.resolve()), "head": str(checkpoint.head.resolve()), "family": checkpoint.family,
        "name": checkpoint.name, "device": str(serving.device), "threads": serving.threads,
        "max_length": serving.max_length, "stride": serving.stride, "precision": serving.precision, "examples": str(file),
    }  # fmt: skip


def _called(program: Any, request: Mapping[str, Any]) -> FirstCall:
    calls: list[FirstCall] = []
    while len(calls) < CALLS and sum(call.seconds for call in calls) < LONG:
        try:
            program.stdin.write(json.dumps(request) + "\n")
            program.stdin.flush()
            answer = json.loads(program.stdout.readline())
        except (OSError, ValueError) as error:
            raise SetupError(f"{request['name']}: the process that measures first calls ended ({error})") from error
        if "error" in answer:
            raise SetupError(f"{request['name']}: its first call cannot be measured ({answer['error']})")
        calls.append(FirstCall(answer["seconds"], answer["peak_bytes"]))
    return FirstCall(median(call.seconds for call in calls), int(median(call.peak_bytes for call in calls)))


def call(request: Mapping[str, Any], clock: Callable[[], float] = time.perf_counter) -> dict[str, Any]:
    """Load what a request names, answer its examples, and return the seconds to the first answer and the peak of memory."""
    device = torch.device(request["device"])
    kind = json.loads((Path(request["head"]) / HEAD).read_text(encoding="utf-8"))["kind"]
    examples = read_examples(Path(request["examples"]), kind)
    folder, head = Path(request["folder"]), Path(request["head"])
    checkpoint = Checkpoint(request["name"], "", "", "", 0, folder, head, request["family"])
    serving = Serving(device, *(request[key] for key in ("threads", "max_length", "stride", "precision")))
    torch.set_num_threads(serving.threads)
    idle, begun = _resident("VmRSS"), clock()
    server = serving.server(checkpoint)
    server.answer(examples[0])
    seconds = clock() - begun
    for example in examples[1:]:
        server.answer(example)
    # int8 and graphs may run on the CPU whatever was asked for.
    on_gpu = server.device.type == "cuda"
    peak = torch.cuda.max_memory_allocated(server.device) if on_gpu else _resident("VmHWM") - idle
    return {"seconds": seconds, "peak_bytes": max(0, peak)}


def _resident(which: str) -> int:
    """Return the resident bytes of this process: now (VmRSS) or at most so far (VmHWM; a fork begins with what it has)."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(which))
    return int(line.split()[1]) * KILO


def _in_child(request: Mapping[str, Any], out: int) -> None:
    """Answer one request in a forked child and end it."""
    try:
        answer = call(request)
    except Exception as error:  # the parent of the parent tells it
        answer = {"error": f"{type(error).__name__}: {' '.join(str(error).split())}"}
    os.write(out, json.dumps(answer).encode() + b"\n")
    os._exit(0)


def main() -> None:
    """Import what every checkpoint may need, then fork for each request until the line ends."""
    for module in PRELOAD:
        with contextlib.suppress(ImportError):  # onnxruntime is an extra
            importlib.import_module(module)
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _in_child(json.loads(line), writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as answers:
            answer = answers.read()
        _, status = os.waitpid(child, 0)
        died = json.dumps({"error": f"its process ended ({os.waitstatus_to_exitcode(status)}; out of memory?)"})
        os.write(out, answer or died.encode() + b"\n")


if __name__ == "__main__":
    main()
