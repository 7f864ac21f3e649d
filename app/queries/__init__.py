"""What one can ask. One file per noun; each question reads the shelf and returns what a screen or paper shows."""
