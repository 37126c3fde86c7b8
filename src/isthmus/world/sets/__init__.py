"""What the world lays out, one data set a file, each exporting SET; its name is that of the real one it stands for."""
