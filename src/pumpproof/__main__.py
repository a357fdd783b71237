"""``python -m pumpproof``: the command line."""

from pumpproof.cli import main

if __name__ == "__main__":
    main()
