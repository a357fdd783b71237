"""The format of a profile file: each way of getting it wrong gets one message with file, line and remedy."""

import re
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pumpproof.spec.kernel.parameters import PULSE
from pumpproof.spec.kernel.profiles import ProfileError
from pumpproof.spec.pump.limits import PARAMETERS, PROFILES

EDGES = (PULSE.edge, *(parameter.edge for parameter in PARAMETERS))

GOOD = """\
schema = 1
id = "my-pump"
name = "My Pump"
kind = "tubed"

[pulse_mu]
value = 50
source = "manual, page 1"

[max_bolus_mu]
value = 25_010
source = "manual, page 2"
note = "at U-100"

[max_basal_mu_per_h]
value = 10_000
source = "manual, page 3"

[bolus_speed_mu_per_min]
value = 1500
source = "manual, page 4"

[reservoir_capacity_mu]
value = 200_000
source = "manual, page 5"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "my-pump.toml"
    path.write_text(text, encoding="utf-8")
    return path


def fails(message: str) -> AbstractContextManager[object]:
    return pytest.raises(ProfileError, match=f"^{re.escape(message)}$")


BAD_FILES = [
    pytest.param(
        ('kind = "tubed"', 'kind = tubed"'),
        "4: is not valid TOML: Invalid value. Correct this line.",
        id="malformed TOML",
    ),
    pytest.param(
        ("[max_bolus_mu]", "[pulse_mu]"),
        "10: is not valid TOML: Cannot declare ('pulse_mu',) twice. Correct this line.",
        id="a table twice",
    ),
    pytest.param(
        ("schema = 1\n", ""),
        " schema is missing; this version reads 'schema = 1'. Write that as the first line.",
        id="no schema",
    ),
    pytest.param(
        ("schema = 1\n", "schema = 2\n"),
        "1: schema is 2; this version reads 'schema = 1'. Write that as the first line.",
        id="another schema",
    ),
    pytest.param(
        ("schema = 1\n", "schema = 1.0\n"),
        "1: schema is 1.0; this version reads 'schema = 1'. Write that as the first line.",
        id="a float for a schema",
    ),
    pytest.param(
        ("schema = 1\n", "schema = true\n"),
        "1: schema is True; this version reads 'schema = 1'. Write that as the first line.",
        id="a bool for a schema",
    ),
    pytest.param(
        ('id = "my-pump"', 'id = "My Pump"'),
        "2: id is 'My Pump'; expected lower-case letters and digits joined by single '-', "
        "such as 'some-pump-2'. "
        "Rename it.",
        id="a bad id",
    ),
    pytest.param(
        ('id = "my-pump"', 'id = "your-pump"'),
        "2: id is 'your-pump', but the file is called 'my-pump.toml'. "
        "Rename one of them, so that evidence names one device.",
        id="an id that is not the file's name",
    ),
    pytest.param(
        ('name = "My Pump"\n', ""),
        ' name is missing. Write name = "...".',
        id="no name",
    ),
    pytest.param(
        ('name = "My Pump"', 'name = " "'),
        '3: name is empty. Write name = "...".',
        id="an empty name",
    ),
    pytest.param(
        ('kind = "tubed"', 'kind = "tubbed"'),
        "4: kind is 'tubbed'; expected one of: patch, tubed. Did you mean 'tubed'?",
        id="an unknown kind",
    ),
    pytest.param(
        ('kind = "tubed"', 'kind = "tubed"\ncolour = "red"'),
        f"5: a profile has no key 'colour'. Expected: schema, id, name, kind, {', '.join(EDGES)}.",
        id="an unknown key",
    ),
    pytest.param(
        ("[max_bolus_mu]", "[max_bolus]"),
        "10: a profile has no key 'max_bolus'. Did you mean 'max_bolus_mu'? "
        f"Expected: schema, id, name, kind, {', '.join(EDGES)}.",
        id="an unknown table",
    ),
    pytest.param(
        ('[pulse_mu]\nvalue = 50\nsource = "manual, page 1"\n', ""),
        " the table [pulse_mu] (pulse size) is missing. "
        "Give it a value in mU with its source, or 'unknown' with where you looked.",
        id="no pulse size",
    ),
    pytest.param(
        ("[pulse_mu]", "pulse_mu = 50\n[max_prime_mu]"),
        "6: pulse_mu is 50; expected a table: [pulse_mu] with 'value' and 'source'.",
        id="a bare value",
    ),
    pytest.param(
        ('source = "manual, page 2"', 'sauce = "manual, page 2"'),
        "12: the table [max_bolus_mu] has no key 'sauce'. Did you mean 'source'? "
        "Expected: value, source, note, unknown.",
        id="an unknown key in a table",
    ),
    pytest.param(
        ('source = "manual, page 2"\n', ""),
        '10: [max_bolus_mu] source is missing. Write source = "..." naming the public '
        "document in which you read "
        "the value.",
        id="no source",
    ),
    pytest.param(
        ('source = "manual, page 2"', 'source = ""'),
        '12: [max_bolus_mu] source is empty. Write source = "..." naming the public document '
        "in which you read "
        "the value.",
        id="an empty source",
    ),
    pytest.param(
        ('source = "manual, page 2"', "source = 2"),
        "12: [max_bolus_mu] source is 2; expected text in quotes.",
        id="a number for a source",
    ),
    pytest.param(
        ("value = 25_010\n", ""),
        "10: [max_bolus_mu] has no 'value'. Give one in mU, or 'unknown' with the reason.",
        id="no value",
    ),
    pytest.param(
        ('note = "at U-100"', 'unknown = "?"'),
        "10: [max_bolus_mu] is unknown and has other keys as well. Keep either 'unknown' or 'value'.",
        id="known and unknown",
    ),
    pytest.param(
        ("value = 25_010", "value = 25.01"),
        "11: max_bolus_mu is 25.01 (float); expected a whole number (int). "
        "Write volumes in mU and times in s, so that no fraction is needed.",
        id="a float",
    ),
    pytest.param(
        ("value = 25_010", "value = true"),
        "11: max_bolus_mu is True (bool); expected a whole number (int). "
        "Write volumes in mU and times in s, so that no fraction is needed.",
        id="a bool",
    ),
    pytest.param(
        ("value = 25_010", 'value = "25 U"'),
        "11: max_bolus_mu is '25 U' (str); expected a whole number (int). "
        "Write volumes in mU and times in s, so that no fraction is needed.",
        id="text for a value",
    ),
    pytest.param(
        ("value = 25_010", "value = -1"),
        "11: max_bolus_mu is -1; expected 0 or more.",
        id="a negative value",
    ),
    pytest.param(
        ("value = 25_010", "value = 40"),
        "10: max_bolus_mu: 40 mU is less than one unit of pulses of 50 mU: as a cap it would "
        "become 0 and forbid "
        "everything. Give a larger cap, or 0 if nothing is to be allowed.",
        id="a cap below one pulse",
    ),
    pytest.param(
        ("value = 50\n", "value = 30\n"),
        "7: pulse_mu is 30; expected a divisor of 1000 mU (such as 10, 20, 25, 50 or 100), "
        "because otherwise a "
        "rate in whole mU/h is not exact. Use the largest divisor of 1000 that also divides the device's own "
        "increment.",
        id="a pulse size that does not divide 1000 mU",
    ),
    pytest.param(
        ("value = 1500", "value = 1510"),
        "19: bolus_speed_mu_per_min: 1510 mU/min is no whole number of pulses of 50 mU in any "
        "whole number of "
        "seconds up to 60. Round it down to 1500 mU/min and say so in the note.",
        id="a speed that no stroke represents",
    ),
]


@pytest.mark.parametrize(("change", "message"), BAD_FILES)
def test_a_bad_file_gets_one_message_with_file_and_line(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    assert GOOD.count(change[0]) == 1
    path = written(tmp_path, GOOD.replace(*change))
    with fails(f"{path}:{message}"):
        PROFILES.load_profile(path)


def test_a_file_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "schema =")
    with pytest.raises(ProfileError, match=f"^{re.escape(str(path))}.*: is not valid TOML: "):
        PROFILES.load_profile(path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my-pump.toml"
    path.write_bytes(b"schema = 1\n\xff")
    with fails(f"{path}: is not UTF-8 text (byte 11). Save it as UTF-8."):
        PROFILES.load_profile(path)
