"""What an annotation may say of an integer."""

import pytest

from pumpproof.spec.kernel.types import Range


def test_a_class_that_derives_from_range_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^Lenient derives from Range; write Range itself$"):

        class Lenient(Range):
            def holds(self, value: int) -> bool:
                return True


def test_an_end_of_too_many_digits_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^an end of a range has more than 100 digits; give a smaller one, or None$"
    ):
        Range(0, 10**5000)
    assert Range(0, 10**100 - 1).holds(10**99)
