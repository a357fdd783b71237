"""The occlusion bench: drive, line, pressure sensor and the pump's own rule, to bound what a block keeps back."""
