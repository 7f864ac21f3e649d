"""The consultation itself: records, rules, commands, questions and papers. No window, no store, no wire."""
