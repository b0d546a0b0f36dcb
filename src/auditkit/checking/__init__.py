"""Checking: files, folders and archives in, verdicts on the terminal, everything that was asked for written."""
