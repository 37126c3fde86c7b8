"""Round 1 of adversarial inference: another verb, denied or not."""

from __future__ import annotations

from isthmus.world.adversary import adversarial_set, by_verb

SET = adversarial_set("R1", by_verb, 800)
