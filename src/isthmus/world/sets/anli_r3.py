"""Round 3 of adversarial inference: longer contexts, of which a hypothesis may mix two facts."""

from __future__ import annotations

from isthmus.world.adversary import adversarial_set, by_fact

SET = adversarial_set("R3", by_fact, 2400)
