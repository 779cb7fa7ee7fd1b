"""`python -m generator` is `bibpress`."""

from generator.cli import main

if __name__ == "__main__":
    main()
