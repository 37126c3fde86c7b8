"""Floor 2: the machine. Device, precision, threads, measured speed; of floors 1-3 only this room may import torch."""
