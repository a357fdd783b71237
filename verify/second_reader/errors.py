"""What the second reader says when it can not read a function exactly."""


class CanNotRead(Exception):
    """Something that has no exact second reading: where it stands, what it is, and what to write instead."""

    def __init__(self, construct: str, instead: str, place: str | None = None) -> None:
        super().__init__(construct, instead, place)
        self.construct = construct
        self.instead = instead
        self.place = place

    def __str__(self) -> str:
        where = "" if self.place is None else f"{self.place}: "
        return f"{where}{self.construct} has no second reading; {self.instead}"

    def at(self, place: str) -> "CanNotRead":
        """The same, with its place, unless it has one already."""
        if self.place is None:
            self.place = place
        return self
