"""The commands and their options. Each returns what to do; nothing heavy is imported before it is done."""

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from pumpproof.verify.results.exits import ExitCode

Action = Callable[[], int]

NOT_A_MEDICAL_DEVICE = (
    "A safety-verification toolkit and bench reference, not a medical device: never connect it to a person."
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=f"PumpProof proves the safety of an insulin pump from the very code that runs. {NOT_A_MEDICAL_DEVICE}",
)

DEFAULT_SYSTEM = "pumpproof.statemachine.pump.system:SYSTEM"
"""The reference pump."""

SystemAddress = Annotated[
    str,
    typer.Argument(metavar="SYSTEM", help="package.module:NAME of a System; default: the reference pump."),
]


def tool_version() -> str:
    """The version of the installed package."""
    try:
        return version("pumpproof")
    except PackageNotFoundError:
        return "0 (not installed)"


@app.callback(invoke_without_command=True)
def pumpproof(
    context: typer.Context,
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and what this is not.")
    ] = False,
) -> Action:
    if show_version:
        return _print_version
    if context.invoked_subcommand is None:
        text = context.get_help()
        return lambda: _no_command(text)
    return lambda: 0


@app.command()
def verify(
    system: SystemAddress = DEFAULT_SYSTEM,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROFILE",
            help="Device profile to judge, by id or path; repeatable. "
            "Default: every shipped one whose published values decide all conditions.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Property to prove, with all it rests on; repeatable. Default: all."),
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Processes that prove side by side.")] = 1,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the record as results.json.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the record as JUnit XML.")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither read nor write the cache.")] = False,
    cores: Annotated[
        bool, typer.Option("--cores", help="Find what each proof needs, and what no proof needs.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Scheduler of dask.distributed whose workers prove, as tcp://host:8786."
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="What to ask where induction leaves a property open: "
            "k-induction, houdini, bounded, spacer, or portfolio for all of them in turn.",
        ),
    ] = "induction",
    find_lemmas: Annotated[
        bool,
        typer.Option(
            "--find-lemmas", help="For what is not proved, propose lemmas as source text, each proved."
        ),
    ] = False,
) -> Action:
    """Prove every property of a system, and check its table, its rows and its device profiles.

    Exit code: 0 all proved, 1 refuted or vacuous, 2 not decided, 3 accounting, 4 usage or input, 5 fault of the tool.
    """

    def action() -> int:
        from pumpproof.cli.verifying import Request, verify_and_report

        return verify_and_report(
            Request(
                system,
                tuple(profile or ()),
                tuple(only or ()),
                jobs,
                json,
                junit,
                not no_cache,
                cores,
                cluster,
                engine,
                find_lemmas,
            )
        )

    return action


@app.command()
def mutate(
    system: SystemAddress = DEFAULT_SYSTEM,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PLACE", help="FILE, FILE/FUNCTION or FILE/ROW-ID; repeatable. Default: all."),
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", help="Try the first N mutants only.")] = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Mutants tried side by side.")] = 1,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write every mutant and its fate as JSON.")
    ] = None,
    accepted: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Survivors that were looked at and accepted, as TOML.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Show the mutants and try none.")] = False,
) -> Action:
    """Put faults into the rows of a system, one at a time, and see whether its properties notice.

    Exit code: 0 no survivor, 1 survivors, 2 undecided, 3 acceptance out of date, 4 usage or input, 5 fault of the tool.
    """

    def action() -> int:
        from pumpproof.cli.mutating import Request, mutate_and_report

        return mutate_and_report(Request(system, tuple(only or ()), limit, jobs, json, accepted, list_))

    return action


@app.command()
def explain(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A property, row, requirement, condition or observer.")
    ],
    system: SystemAddress = DEFAULT_SYSTEM,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw the counterexample of a property, or else its witness, as SVG."
        ),
    ] = None,
    pytest: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the counterexample of a property as a test for pytest."),
    ] = None,
) -> Action:
    """Say what an id means, where it stands, and what points to it; a property is proved on the way."""

    def action() -> int:
        from pumpproof.cli.explain import Files, explain_id

        return explain_id(identifier, system, Files(picture, pytest))

    return action


@app.command(name="list")
def list_(
    system: SystemAddress = DEFAULT_SYSTEM,
    requirements: Annotated[
        bool, typer.Option("--requirements", help="The status of every requirement, and by what it is shown.")
    ] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="With --requirements: only what this results.json calls proved is proved."
        ),
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --requirements: write the statuses as JSON too.")
    ] = None,
) -> Action:
    """List the properties, rows, requirements and profiles of a system."""

    def action() -> int:
        from pumpproof.cli.errors import BadInput
        from pumpproof.cli.listing import list_system
        from pumpproof.cli.requirements import list_requirements

        if requirements:
            return list_requirements(system, results, json)
        if results is not None or json is not None:
            raise BadInput("--results and --json belong to --requirements; add it")
        return list_system(system)

    return action


@app.command()
def readers(system: SystemAddress = DEFAULT_SYSTEM) -> Action:
    """Read every function of a system in two independent ways, and compare both with each other and with runs.

    Exit code: 0 all equal, 2 not decided or refused by the second reader, 4 usage or input, 5 a difference.
    """

    def action() -> int:
        from pumpproof.cli.readers import compare_readers

        return compare_readers(system)

    return action


@app.command()
def export(
    format_name: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT", help="vmt (VMT-LIB: integers without bounds) or btor2 (bit-vectors)."
        ),
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write; /dev/stdout prints it.")],
    system: SystemAddress = DEFAULT_SYSTEM,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Property to export, with all it rests on; repeatable. Default: all."
        ),
    ] = None,
    width: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Bits of a variable in btor2, in two's complement. "
            "Default: one more than the largest number of the system needs.",
        ),
    ] = None,
) -> Action:
    """Write a system as a file for another model checker, so that a proof can be repeated there."""

    def action() -> int:
        from pumpproof.cli.exporting import export_system

        return export_system(format_name, file, system, tuple(only or ()), width)

    return action


@app.command(name="generate-tests")
def generate_tests(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the tests go, as JSON.")],
    system: SystemAddress = DEFAULT_SYSTEM,
    profile: Annotated[
        str | None,
        typer.Option(metavar="PROFILE", help="Device profile whose limits the tests have, by id or path."),
    ] = None,
) -> Action:
    """Find a run from the initial state for every row, every boundary of a guard and every refusal.

    Exit code: 0 each reached or proved unreachable, 2 some not found, 4 usage or input, 5 fault of the tool.
    """

    def action() -> int:
        from pumpproof.cli.generating import generate

        return generate(file, system, profile)

    return action


@app.command(name="replay-tests")
def replay_tests(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tests that `generate-tests` wrote.")],
    system: SystemAddress = DEFAULT_SYSTEM,
) -> Action:
    """Replay generated tests in the running machine, step by step.

    Exit code: 0 all as noted, 1 something else happens, 3 the tests are of another version of the system, 4 usage
    or input, 5 fault of the tool.
    """

    def action() -> int:
        from pumpproof.cli.generating import replay

        return replay(file, system)

    return action


@app.command()
def selfcheck(
    faults: Annotated[
        bool,
        typer.Option("--faults", help="Put known faults into a private copy, and see whether it notices."),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Fault or mutant to try; repeatable. Default: all faults, --limit mutants."
        ),
    ] = None,
    mutants: Annotated[
        bool,
        typer.Option("--mutants", help="Change operators of a private copy, and see whether it notices."),
    ] = False,
    limit: Annotated[int, typer.Option(metavar="N", help="So many mutants, chosen by the seed.")] = 50,
    seed: Annotated[int, typer.Option(metavar="S", help="Chooses the mutants.")] = 0,
    jobs: Annotated[int, typer.Option(metavar="N", help="Faults tried side by side.")] = 1,
) -> Action:
    """Ask the toolkit what is known, as every verification does once; with --faults, whether it notices its own faults.

    Exit code: 0 all as known and detected, 2 mutants that survive, 4 usage, 5 broken toolkit or undetected fault.
    """

    def action() -> int:
        from pumpproof.cli.selfchecking import Request, check_toolkit

        return check_toolkit(Request(faults, tuple(only or ()), mutants, limit, seed, jobs))

    return action


@app.command()
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new package and of its folder.")],
) -> Action:
    """Write a small pump with properties, tests and CI, proved as it stands, into a new folder NAME."""

    def action() -> int:
        from pumpproof.cli.starting import start_project

        return start_project(name)

    return action


certificate = typer.Typer(help="Certificates: proofs that anybody can check with a solver of their own.")
app.add_typer(certificate, name="certificate")

CertificateFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the certificates.")]
OnlyCertified = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="ID", help="Property, with all it rests on; repeatable. Default: all."),
]


@certificate.command("write")
def certificate_write(
    folder: CertificateFolder,
    system: SystemAddress = DEFAULT_SYSTEM,
    only: OnlyCertified = None,
    proofs: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Also write cvc5's proof objects, into this folder.")
    ] = None,
) -> Action:
    """Prove with both solvers and write a certificate of each property, of the table and of the code.

    Exit code: 0 written, 2 something is not proved and has no certificate, 4 usage or input, 5 fault of the tool.
    """

    def action() -> int:
        from pumpproof.cli.certificates import write

        return write(folder, system, tuple(only or ()), proofs)

    return action


@certificate.command("check")
def certificate_check(
    folder: CertificateFolder,
    system: SystemAddress = DEFAULT_SYSTEM,
    only: OnlyCertified = None,
    jobs: Annotated[int, typer.Option(metavar="N", help="Solvers that run side by side.")] = 1,
) -> Action:
    """Check certificates with a separate checker, a second reading of the system, cvc5 and z3.

    Exit code: 0 all hold, 2 undecided or incomplete, 4 not a certificate of this system, 5 a solver or the second
    reading contradicts it.
    """

    def action() -> int:
        from pumpproof.cli.certificates import check

        return check(folder, system, tuple(only or ()), jobs)

    return action


def _print_version() -> int:
    sys.stdout.write(f"pumpproof {tool_version()}\n{NOT_A_MEDICAL_DEVICE}\n")
    return ExitCode.PROVED


def _no_command(usage: str) -> int:
    """Nothing was asked, so nothing may look proved."""
    sys.stdout.write(f"{usage}\n")
    return ExitCode.INPUT
