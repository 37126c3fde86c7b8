"""The kinds of task, one a file, each exporting KIND."""
