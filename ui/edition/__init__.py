"""定稿 outside the closing assistant: checking what a paper is worth."""
