"""Translation language modelling: masked words of two lines that say the same; nothing is scored."""

from __future__ import annotations

from isthmus.sources.example import Line
from isthmus.tasks.kinds.mlm import gold
from isthmus.tasks.task import Kind

KIND = Kind(
    name="tlm",
    description="masked words of translation pairs, lines parallel by id; only trained on, never scored",
    example=Line,
    gold=gold,
)
