"""Floor 4: what has to be computed. Steps with content addresses, their graph, its cost; no result is ever read here."""
