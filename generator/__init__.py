"""bibpress: a static bibliography site generator."""

__version__ = "0.1.0"
