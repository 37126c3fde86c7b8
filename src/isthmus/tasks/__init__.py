"""Floor 3: tasks. A task is files + kind + labels + official metric, true whatever the model; it never knows a study."""
