"""Small systems of which it is known what a verification has to say."""
