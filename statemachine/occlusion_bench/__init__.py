"""The occlusion bench as rows and as one ``System``."""
