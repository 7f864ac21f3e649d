"""The ledger on disk: an encrypted SQLite home, its tables, its only writer, and the shelf to read from."""
