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
            max_day_pulses=16_000,
            stroke_pulses=1,
            stroke_interval_s=1,
            max_prime_pulses=600,
            max_prime_s=900,
            prime_confirmation_s=180,
            max_cannula_fill_pulses=40,
            set_change_s=3600,
            service_grace_s=900,
            reservoir_capacity_pulses=12_000,
            low_reservoir_pulses=800,
            level_disagreement_pulses=600,
            occlusion_pressure_pa=100_000,
            occlusion_persistence_s=3,
            occlusion_release_pa=50_000,
            repeated_occlusion_window_s=600,
            max_temporary_basal_s=86_400,
            audio_pause_s=120,
            escalation_s=600,
            bolus_lockout_s=360,
            max_boluses_per_day=24,
            confirmation_s=180,
            max_timed_suspension_s=7_200,
            reminder_s=900,
            max_carbohydrate_g=200,
            lowest_glucose_mg_per_dl=54,
            highest_glucose_mg_per_dl=600,
            glucose_valid_s=600,
            least_millipulses_per_g=240,
            most_millipulses_per_g=20_000,
            least_millipulses_per_mg_per_dl=80,
            most_millipulses_per_mg_per_dl=4000,
            lowest_target_mg_per_dl=87,
            highest_target_mg_per_dl=180,
            temporary_highest_times=3,
            temporary_current_times=4,
            min_extended_s=1_800,
            max_extended_s=28_800,
            count_tolerance_pulses=10,
            gross_difference_pulses=40,
            surplus_persistence_s=10,
            shortfall_persistence_s=60,
            self_test_interval_s=780,
            self_test_bound_s=60,
            watchdog_s=10,
        )

    def test_give_the_omnipod_dash_its_published_limits(self) -> None:
        assert PROFILES.load_profile("omnipod-dash").limits() == Limits(
            max_bolus_pulses=600,
            max_basal_millipulses_per_h=600_000,
            max_hour_pulses=1222,
            max_day_pulses=18_002,
            stroke_pulses=1,
            stroke_interval_s=2,
            max_prime_pulses=52,
            max_prime_s=1600,
            prime_confirmation_s=180,
            max_cannula_fill_pulses=10,
            set_change_s=259_200,
            service_grace_s=28_800,
            reservoir_capacity_pulses=4000,
            low_reservoir_pulses=200,
            level_disagreement_pulses=200,
            occlusion_pressure_pa=100_000,
            occlusion_persistence_s=3,
            occlusion_release_pa=50_000,
            repeated_occlusion_window_s=600,
            max_temporary_basal_s=43_200,
            audio_pause_s=120,
            escalation_s=600,
            bolus_lockout_s=360,
            max_boluses_per_day=24,
            confirmation_s=180,
            max_timed_suspension_s=7_200,
            reminder_s=900,
            max_carbohydrate_g=200,
            lowest_glucose_mg_per_dl=54,
            highest_glucose_mg_per_dl=600,
            glucose_valid_s=600,
            least_millipulses_per_g=120,
            most_millipulses_per_g=10_000,
            least_millipulses_per_mg_per_dl=40,
            most_millipulses_per_mg_per_dl=2000,
            lowest_target_mg_per_dl=87,
            highest_target_mg_per_dl=180,
            temporary_highest_times=3,
            temporary_current_times=4,
            min_extended_s=1_800,
            max_extended_s=28_800,
            count_tolerance_pulses=6,
            gross_difference_pulses=24,
            surplus_persistence_s=10,
            shortfall_persistence_s=60,
            self_test_interval_s=780,
            self_test_bound_s=60,
            watchdog_s=10,
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
            35_444,
            "reference default: 62 minutes of the largest basal, one largest bolus and two pulses",
            "Beside any steady basal, one largest bolus an hour is admitted, which is counted by the minute.",
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
        assert set(unknown) == {
            "ASM-DOSE-001",
            "ASM-DOSE-002",
            "ASM-DOSE-005",
            "ASM-DOSE-014",
            "ASM-INTEG-001",
            "ASM-INTEG-002",
            "ASM-INTEG-003",
        }
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

    def test_of_the_pulse_size_reach_all_but_times_pressure_counts_factors_and_food(
        self, tmp_path: Path
    ) -> None:
        known = 'value = 50\nsource = "manual, page 1"\n'
        profile = loaded(tmp_path, GOOD.replace(known, 'unknown = "Not in the manual."\n'))
        known_fields = {field for field, value in profile.fields().items() if isinstance(value, int)}
        assert known_fields == {
            "max_prime_s",
            "prime_confirmation_s",
            "set_change_s",
            "service_grace_s",
            "occlusion_pressure_pa",
            "occlusion_persistence_s",
            "occlusion_release_pa",
            "repeated_occlusion_window_s",
            "max_temporary_basal_s",
            "audio_pause_s",
            "escalation_s",
            "bolus_lockout_s",
            "max_boluses_per_day",
            "confirmation_s",
            "max_timed_suspension_s",
            "reminder_s",
            "max_carbohydrate_g",
            "lowest_glucose_mg_per_dl",
            "highest_glucose_mg_per_dl",
            "glucose_valid_s",
            "lowest_target_mg_per_dl",
            "highest_target_mg_per_dl",
            "temporary_highest_times",
            "temporary_current_times",
            "min_extended_s",
            "max_extended_s",
            "surplus_persistence_s",
            "shortfall_persistence_s",
            "self_test_interval_s",
            "self_test_bound_s",
            "watchdog_s",
        }

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
