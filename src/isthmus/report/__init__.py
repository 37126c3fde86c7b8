"""Floor 6: what people look at. Tables of a study's rows, in the terminal and as files."""
