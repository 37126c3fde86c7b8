"""Floor 4: networks. Heads, features for each kind of task, and the families of models."""
