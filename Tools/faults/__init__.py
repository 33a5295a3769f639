"""Commands that write, the faults that befall them, and what must be left afterwards; for the checks of faults."""
