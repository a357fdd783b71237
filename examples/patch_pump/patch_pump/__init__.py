"""A patch pump: filled once, attached once, stopped for good."""
