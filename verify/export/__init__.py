"""A system in the languages of other model checkers, so that a tool that is not ours can repeat a proof."""
