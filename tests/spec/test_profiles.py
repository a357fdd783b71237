"""Device profiles: every value has a source, nothing is guessed, and a bad file gets one clear message."""

import re
import tomllib
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pumpproof.spec.kernel.parameters import PULSE, Condition, Parameter, Role
from pumpproof.spec.kernel.profiles import (
    ConditionVerdict,
    Known,
    Profile,
    ProfileError,
    ProfileLibrary,
    Unknown,
    check_profile,
)
from pumpproof.spec.pump.limits import CONDITIONS, PARAMETERS, PROFILES, Limits

SHIPPED = (
    "accu-chek-spirit",
    "dana-i",
    "medtrum-300u",
    "medtrum-nano",
    "minimed-670g",
    "minimed-x22",
    "minimed-x23",
    "omnipod-dash",
    "omnipod-eros",
    "reference-bench",
    "tslim-x2",
    "ypsopump",
)
COMPLETE = (
    "medtrum-300u",
    "medtrum-nano",
    "minimed-x22",
    "minimed-x23",
    "omnipod-dash",
    "omnipod-eros",
    "reference-bench",
)
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


def loaded(folder: Path, text: str = GOOD) -> Profile[Limits]:
    return PROFILES.load_profile(written(folder, text))


def fails(message: str) -> AbstractContextManager[object]:
    return pytest.raises(ProfileError, match=f"^{re.escape(message)}$")


def value_of(profile: Profile[Limits], edge: str) -> Known | Unknown:
    return next(entry.value for entry in profile.entries if entry.parameter.edge == edge)


class TestShippedProfiles:
    def test_are_all_listed_here(self) -> None:
        assert PROFILES.available_profiles() == SHIPPED

    @pytest.mark.parametrize("profile_id", SHIPPED)
    def test_account_for_every_parameter(self, profile_id: str) -> None:
        profile = PROFILES.load_profile(profile_id)
        assert profile.id == profile_id
        assert tuple(entry.parameter.edge for entry in profile.entries) == EDGES
        for entry in profile.entries:
            if isinstance(entry.value, Known):
                assert entry.value.source
                assert entry.parameter.role is Role.SETTING or not entry.value.is_default
            else:
                assert len(entry.value.why) > 20

    @pytest.mark.parametrize("profile_id", SHIPPED)
    def test_name_a_public_source_for_every_value_in_the_file(self, profile_id: str) -> None:
        data = tomllib.loads((PROFILES.folder / f"{profile_id}.toml").read_text(encoding="utf-8"))
        values = {edge: table for edge, table in data.items() if isinstance(table, dict) and "value" in table}
        cited = (
            r"PumpProof design choice: "
            if profile_id == "reference-bench"
            else r"commit [0-9a-f]{8}|page|2019;68"
        )
        assert values
        for edge, table in values.items():
            assert re.search(cited, table["source"]), f"{profile_id} [{edge}]"

    @pytest.mark.parametrize("profile_id", SHIPPED)
    def test_violate_no_condition(self, profile_id: str) -> None:
        verdicts = {check.verdict for check in check_profile(PROFILES.load_profile(profile_id), CONDITIONS)}
        complete = {ConditionVerdict.SATISFIED}
        assert verdicts == (complete if profile_id in COMPLETE else complete | {ConditionVerdict.UNKNOWN})

    @pytest.mark.parametrize("profile_id", sorted(set(SHIPPED) - set(COMPLETE)))
    def test_have_no_limits_while_a_device_value_is_unknown(self, profile_id: str) -> None:
        with pytest.raises(ProfileError, match="has no complete limits, because it does not know: "):
            PROFILES.load_profile(profile_id).limits()

    def test_give_the_reference_bench_its_limits(self) -> None:
        assert PROFILES.load_profile("reference-bench").limits() == Limits(
            max_bolus_pulses=1000,
            max_basal_millipulses_per_h=600_000,
            max_hour_pulses=2000,
            stroke_pulses=1,
            stroke_interval_s=1,
            max_prime_pulses=600,
            reservoir_capacity_pulses=12_000,
            low_reservoir_pulses=800,
            occlusion_pressure_pa=100_000,
            occlusion_persistence_s=3,
            max_temporary_basal_s=86_400,
        )

    def test_give_the_omnipod_dash_its_published_limits(self) -> None:
        assert PROFILES.load_profile("omnipod-dash").limits() == Limits(
            max_bolus_pulses=600,
            max_basal_millipulses_per_h=600_000,
            max_hour_pulses=1201,
            stroke_pulses=1,
            stroke_interval_s=2,
            max_prime_pulses=62,
            reservoir_capacity_pulses=4000,
            low_reservoir_pulses=200,
            occlusion_pressure_pa=100_000,
            occlusion_persistence_s=3,
            max_temporary_basal_s=43_200,
        )


class TestReading:
    def test_keeps_value_source_note_and_line(self, tmp_path: Path) -> None:
        entry = loaded(tmp_path).entries[1]
        assert entry.parameter.edge == "max_bolus_mu"
        assert entry.value == Known(25_010, "manual, page 2", "at U-100")
        assert entry.line == 10

    def test_takes_reference_defaults_for_settings_left_out(self, tmp_path: Path) -> None:
        hour = value_of(loaded(tmp_path), "max_hour_mu")
        assert hour == Known(
            35_060,
            "reference default: an hour of the largest basal, one largest bolus and one pulse",
            "It leaves room for one largest bolus beside an hour of the largest basal.",
            is_default=True,
        )

    def test_takes_a_setting_that_the_file_chooses(self, tmp_path: Path) -> None:
        profile = loaded(tmp_path, GOOD + '[max_hour_mu]\nvalue = 12_340\nsource = "chosen for a child"\n')
        assert value_of(profile, "max_hour_mu") == Known(12_340, "chosen for a child")
        assert profile.limits().max_hour_pulses == 246

    def test_rounds_a_cap_down_to_whole_pulses(self, tmp_path: Path) -> None:
        assert loaded(tmp_path).limits().max_bolus_pulses == 500

    def test_accepts_a_path_as_text(self, tmp_path: Path) -> None:
        assert PROFILES.load_profile(str(written(tmp_path, GOOD))).name == "My Pump"

    def test_works_for_any_system(self, tmp_path: Path) -> None:
        parameters: tuple[Parameter, ...] = PARAMETERS
        library = ProfileLibrary(parameters, Limits, tmp_path)
        written(tmp_path, GOOD)
        assert library.available_profiles() == ("my-pump",)
        assert library.load_profile("my-pump").kind == "tubed"


class TestUnknownValues:
    def unknown_bolus(self, folder: Path) -> Profile[Limits]:
        known = 'value = 25_010\nsource = "manual, page 2"\nnote = "at U-100"\n'
        assert known in GOOD
        return loaded(folder, GOOD.replace(known, 'unknown = "Not in the manual."\n'))

    def test_make_exactly_the_conditions_unknown_that_touch_them(self, tmp_path: Path) -> None:
        checks = check_profile(self.unknown_bolus(tmp_path), CONDITIONS)
        unknown = {check.id: check for check in checks if check.verdict is not ConditionVerdict.SATISFIED}
        assert set(unknown) == {"ASM-DOSE-001", "ASM-DOSE-002", "ASM-DOSE-005"}
        assert {check.verdict for check in unknown.values()} == {ConditionVerdict.UNKNOWN}
        assert unknown["ASM-DOSE-001"].unknown_edge == "max_bolus_mu"
        assert unknown["ASM-DOSE-001"].why == "Not in the manual."
        assert unknown["ASM-DOSE-005"].unknown_edge == "max_hour_mu"
        assert (
            unknown["ASM-DOSE-005"].why == "its reference default rests on max_bolus_mu: Not in the manual."
        )

    def test_leave_a_condition_decided_that_the_known_values_decide(self, tmp_path: Path) -> None:
        def no_small_reservoir(limits: Limits) -> bool:
            return limits.reservoir_capacity_pulses >= 1 or limits.max_bolus_pulses >= 1

        def large_reservoir(limits: Limits) -> bool:
            return limits.reservoir_capacity_pulses >= 10**6 and limits.max_bolus_pulses >= 1

        def large_bolus(limits: Limits) -> bool:
            return limits.reservoir_capacity_pulses >= 1 and limits.max_bolus_pulses >= 1

        conditions = [
            Condition(f"ASM-DOSE-{number}", "It holds.", holds)
            for number, holds in ((101, no_small_reservoir), (102, large_reservoir), (103, large_bolus))
        ]
        checks = check_profile(self.unknown_bolus(tmp_path), conditions)
        assert [check.verdict.value for check in checks] == ["satisfied", "violated", "unknown"]
        assert checks[1].read == (("reservoir_capacity_pulses", 4000),)

    def test_refuse_to_become_limits(self, tmp_path: Path) -> None:
        profile = self.unknown_bolus(tmp_path)
        with fails(
            f"{profile.path}: profile 'my-pump' has no complete limits, because it does not know: "
            f"max_bolus_mu "
            f"(Not in the manual). Give each a value and the source you read it in, or choose "
            f"another profile."
        ):
            profile.limits()

    def test_of_the_pulse_size_reach_all_but_times_and_pressure(self, tmp_path: Path) -> None:
        known = 'value = 50\nsource = "manual, page 1"\n'
        profile = loaded(tmp_path, GOOD.replace(known, 'unknown = "Not in the manual."\n'))
        known_fields = [field for field, value in profile.fields().items() if isinstance(value, int)]
        assert known_fields == ["occlusion_pressure_pa", "occlusion_persistence_s", "max_temporary_basal_s"]

    def test_are_never_a_setting(self, tmp_path: Path) -> None:
        path = written(tmp_path, GOOD + '[low_reservoir_mu]\nunknown = "?"\n')
        with fails(
            f"{path}:26: [low_reservoir_mu] is a setting: it is chosen, never unknown. Leave the "
            f"table out to take "
            f"the reference default (one tenth of the reservoir capacity), or give the value you "
            f"choose and your "
            f"reason as source."
        ):
            PROFILES.load_profile(path)


def test_a_violated_condition_shows_the_values_that_it_read(tmp_path: Path) -> None:
    profile = loaded(tmp_path, GOOD + '[max_hour_mu]\nvalue = 10_000\nsource = "chosen"\n')
    broken = [
        check for check in check_profile(profile, CONDITIONS) if check.verdict is ConditionVerdict.VIOLATED
    ]
    assert [(check.id, check.read) for check in broken] == [
        ("ASM-DOSE-005", (("max_hour_pulses", 200), ("max_basal_millipulses_per_h", 200_000))),
    ]


def test_a_condition_that_names_no_field_is_a_fault_not_a_verdict(tmp_path: Path) -> None:
    def misspelt(limits: Limits) -> bool:
        return bool(getattr(limits, "max_bolus_puls") >= 1)  # noqa: B009

    with pytest.raises(AttributeError, match="the limits have no field 'max_bolus_puls'"):
        check_profile(loaded(tmp_path), [Condition("ASM-DOSE-101", "It holds.", misspelt)])


class TestProfileThatDoesNotExist:
    def test_gets_the_nearest_ids(self) -> None:
        with fails(
            "there is no profile 'omnipod-dsh'. Did you mean 'omnipod-dash' or 'omnipod-eros'? "
            f"Available: {', '.join(SHIPPED)}. For a file of your own give its path, such as "
            f"./omnipod-dsh.toml."
        ):
            PROFILES.load_profile("omnipod-dsh")

    def test_gets_the_list_when_nothing_is_near(self) -> None:
        with fails(
            f"there is no profile 'qqq'. Available: {', '.join(SHIPPED)}. "
            f"For a file of your own give its path, such as ./qqq.toml."
        ):
            PROFILES.load_profile("qqq")

    def test_is_looked_for_as_a_file_when_it_looks_like_one(self) -> None:
        with fails(
            f"nowhere/x.toml: there is no such file. Give the path of a profile, or an id: "
            f"{', '.join(SHIPPED)}."
        ):
            PROFILES.load_profile("nowhere/x.toml")

    def test_may_be_a_folder(self, tmp_path: Path) -> None:
        with fails(
            f"{tmp_path}: cannot be read (Is a directory). Give the path of a TOML file that you may read."
        ):
            PROFILES.load_profile(tmp_path)


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
