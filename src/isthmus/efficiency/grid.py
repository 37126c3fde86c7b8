"""How long a pass takes by batch and length: windows of exactly so many sub-words, the variants side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from isthmus.efficiency.rounds import Track
from isthmus.efficiency.serve import Server
from isthmus.models.feature import Batch, Feature, pad
from isthmus.models.head import Encoding
from isthmus.results.measured import GridPoint

BATCHES = (1, 2, 4, 8, 16, 32, 64)
LENGTHS = (8, 16, 32, 64, 128, 256, 512)
REPEATS = 3

Shape = tuple[int, int]


def shapes(tokens: int, max_length: int) -> list[Shape]:
    """Return (batch, length), powers of two, of at most so many sub-words together and ``max_length`` in a window."""
    return [
        (batch, length)
        for length in LENGTHS
        for batch in BATCHES
        if length <= max_length and batch * length <= tokens
    ]  # fmt: skip


def grid(track: Track, wanted: Sequence[Shape]) -> list[tuple[GridPoint, ...]]:
    """Return, for each variant, the median seconds of a pass of each shape, the first pass not counted.

    The sub-words are those of the longest window of the first language, repeated or cut.
    """
    fleet, lot = track.fleet, track.stream("order of the grid")
    language = next(iter(track.examples))
    seconds: list[dict[Shape, list[float]]] = [{shape: [] for shape in wanted} for _ in range(fleet.count)]
    for number in range(REPEATS):
        for variant in lot.sample(range(fleet.count), fleet.count):
            server = fleet.server(variant)
            longest = max(server.features(track.examples[language]), key=lambda feature: feature.length)
            for size, length in wanted:
                features = [stretched(longest, length, server.encoding)] * size
                batch = pad(features, server.encoding.tokenizer.pad_token_id).to(server.device)
                for counted in (False, True) if number == 0 or not fleet.together else (True,):
                    begun = track.clock()
                    _pass(server, batch)
                    if counted:
                        seconds[variant][size, length].append(track.clock() - begun)
            track.tick(number * fleet.count + variant + 1, REPEATS * fleet.count, "grid")
    return [tuple(GridPoint(*shape, median(own[shape])) for shape in wanted) for own in seconds]


def _pass(server: Server, batch: Batch) -> None:
    server.outputs(batch)  # which lie on the CPU: the device has done its work


def stretched(feature: Feature, length: int, encoding: Encoding) -> Feature:
    """Return a window of exactly ``length`` sub-words with those of a feature's first window; what it answers has no sense.

    ``places`` that lie beyond the window are left out where they are a list of (word, position), as those of tags are.
    """
    first, _ = next(feature.windows())
    special = set(encoding.tokenizer.all_special_ids)
    body = [piece for piece in first if piece not in special] or first
    room = length - len(encoding.frame.one([])[0])
    ids, types = encoding.frame.one((body * (room // len(body) + 1))[:room])
    places = feature.places
    if isinstance(places, list):
        places = [place for place in places if place[1] < length]
    return replace(feature, ids=ids, types=types, places=places, sizes=(length,) if feature.sizes else ())
