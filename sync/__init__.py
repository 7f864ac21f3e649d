"""Carrying changes between machines. The journal in `db/ledger.py` is what will travel; see `../README.md`."""
