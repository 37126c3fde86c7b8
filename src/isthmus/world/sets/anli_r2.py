"""Round 2 of adversarial inference: another verb, and who did it to whom."""

from __future__ import annotations

from isthmus.world.adversary import adversarial_set, by_roles

SET = adversarial_set("R2", by_roles, 1600)
