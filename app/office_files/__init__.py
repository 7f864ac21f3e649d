"""Papers as offices edit and add them up: Word and Excel."""
