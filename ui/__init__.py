"""Screens in PySide6: they show what a query returned and turn keys into commands."""
