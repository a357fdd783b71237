"""What the encoder of the drive says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EncoderRead:
    """The encoder has counted so many pulses forward since the reservoir was put in, whatever moved the drive."""

    pulses: int
