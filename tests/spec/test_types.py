"""What an annotation may say of an integer."""

import pytest

from pumpproof.spec.kernel.types import Range


def test_a_class_that_derives_from_range_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^Lenient derives from Range; write Range itself$"):

        class Lenient(Range):
            def holds(self, value: int) -> bool:
                return True
