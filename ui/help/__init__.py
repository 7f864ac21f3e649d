"""帮助: pages in the words of the people, and every key."""
