"""The functions that are read stand in a file beside the tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
