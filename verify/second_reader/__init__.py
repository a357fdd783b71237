"""Reader 2: the same functions, run on symbolic values. It shares no code with the reader in ``verify.language``."""

from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.system import SecondReading, read_system

__all__ = ["CanNotRead", "SecondReading", "read_system"]
