"""Floor 6: what a trained model costs when it serves, measured; and what it takes to hand it to somebody."""
