"""Floor 4: translators, and training examples carried from one language into another with their answers."""
