"""The formats of data files, one a file, each exporting FORMAT."""
