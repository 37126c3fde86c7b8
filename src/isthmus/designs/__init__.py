"""Floor 3: questions that need many arms: a design says them in a line, and the study is planned with the arms it makes."""
