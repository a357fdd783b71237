"""Terms of linear integer arithmetic, and the translation of the language into them."""
