"""What fuzz.py consists of."""
