"""Floor 4: what papers say and what questions expect, as data, and what a study says of it."""
