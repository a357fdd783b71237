"""Number entry: what keys, display and confirmation of one number are, and what must hold of them."""
