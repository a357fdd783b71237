"""Reader 1: Python source of the strict subset as a closed union of typed nodes, and its readings."""
