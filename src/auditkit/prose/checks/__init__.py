"""The checks, one file each, found by name: ``shares.wrong`` is ``wrong`` in ``shares.py``."""
