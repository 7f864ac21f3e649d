"""One file a step, named by its day; never edited once released."""
