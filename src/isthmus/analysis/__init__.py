"""Floor 3: from scores to findings: effects with their intervals."""
