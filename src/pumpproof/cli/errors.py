"""What the command line says when it can not do what was asked."""


class BadInput(Exception):
    """Something that was given can not be used. The message says what, where, and what to do instead."""
