"""Image towers of this library and of other runtimes, in turns."""
