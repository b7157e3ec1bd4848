"""``python -m local``: try the whole system on a laptop, without an AWS account and without Docker.

Each command imports what it needs when it is chosen, so that ``--help`` does not wait for the rest.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

DOMAIN = Path(__file__).resolve().parent.parent / "layers" / "casework"
"""Where the domain package lies; in Lambda a layer brings it."""
BACKENDS = ("moto", "dynamodb-local")
_MEASURED = "mail: reading mails; triage: judging texts; cost: what a message costs in DynamoDB, however much is stored"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Its exit status: 0 well, 1 something was not accounted for, 2 it could not be tried."""
    given = _parser().parse_args(arguments)
    if str(DOMAIN) not in sys.path:
        sys.path.insert(0, str(DOMAIN))
    try:
        return int(given.command(given))
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _refused(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
    except Exception as error:
        if isinstance(error, _cannot_start()):
            return _refused(f"The system could not be started: {error}")
        raise


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def _cannot_start() -> tuple[type[Exception], ...]:
    """Give what may be wrong with a template, a machine or a function before anything could be tried."""
    from local.aws.deployment import Undeployable
    from local.aws.dynamodb_local import DynamoDBLocalMissing
    from local.aws.function import ColdStartFailed
    from local.aws.template import UntranslatableTemplate

    return Undeployable, DynamoDBLocalMissing, ColdStartFailed, UntranslatableTemplate


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _demo(commands)
    _run(commands)
    _ingest(commands)
    _evaluate(commands)
    _mutate(commands)
    _simulate(commands)
    _benchmark(commands)
    _train(commands)
    _backtest(commands)
    _export(commands)
    return parser


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("demo", help="tell the story of one morning, from first mail to acknowledged escalation")
    parser.add_argument("--backend", choices=BACKENDS, default="moto", help="what plays DynamoDB (default: moto)")
    parser.set_defaults(command=_start_demo)


def _run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("run", help="keep the system up: send it mail, post its form, drop transcripts")
    parser.add_argument("--backend", choices=BACKENDS, default="moto", help="what plays DynamoDB (default: moto)")
    parser.add_argument("--port", type=_port, default=8080, help="of the HTTP API (default: 8080; 0: any free one)")
    parser.add_argument("--smtp-port", type=_port, default=8025, help="of the mail server (default: 8025; 0: any free one)")
    parser.add_argument("--inbox", type=Path, default=Path(".local/inbox"), help="folder that is watched for transcripts")
    parser.add_argument("--sender-authenticated", action="store_true", help="file mail as if DMARC had passed")
    parser.set_defaults(command=_start_run)


def _ingest(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("ingest", help="put mails, transcripts or forms through the whole way")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder of files, or - for standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--channel", choices=("email", "voice", "web_form"), help="do not tell the channel by the content")
    parser.add_argument("--sender-authenticated", action="store_true", help="file mail as if DMARC had passed")
    parser.add_argument("--metadata", type=Path, metavar="FILE", help="a JSON object: what the call centre says of the call")
    parser.add_argument("--backend", choices=BACKENDS, default="moto", help="what plays DynamoDB (default: moto)")
    parser.set_defaults(command=_start_ingest)


def _evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("evaluate", help="measure on a folder of inputs with known answers")
    parser.add_argument("corpus", type=Path, metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="the table as a JSON array")
    parser.add_argument("--only", action="append", default=[], metavar="KIND", help="such as mail/parsed; may be repeated")
    parser.set_defaults(command=_start_evaluate)


def _mutate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("mutate", help="damage real mails in many ways and read each: nothing may escape")
    parser.add_argument("corpus", type=Path, nargs="?", metavar="FOLDER", help="of mails (default: those of the demo)")
    parser.add_argument("--count", type=int, default=100_000, help="how many mutants (default: 100000)")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first one (default: 0)")
    parser.add_argument("--replay", type=int, metavar="NUMBER", help="write this one to standard output and read it")
    parser.add_argument("--json", action="store_true", help="the table as a JSON array")
    parser.set_defaults(command=_start_mutate)


def _simulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("simulate", help="play seeded histories of crashes, races and repetitions: no promise may break")
    parser.add_argument("--histories", type=_count, metavar="N", help="how many (default: 100000; of each mutant 2000)")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first one (default: 0)")
    parser.add_argument("--jobs", type=_count, default=0, metavar="N", help="processes (default: one for each core)")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--replay", type=int, metavar="SEED", help="play this one again and tell it")
    chosen.add_argument("--mutants", action="store_true", help="is a protocol that is wrong in one place found out?")
    parser.set_defaults(command=_start_simulate)


def _benchmark(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("benchmark", help="measure what things cost, beside what else does the same")
    parser.add_argument("what", choices=("mail", "triage", "cost"), help=_MEASURED)
    parser.add_argument("corpus", type=Path, nargs="?", metavar="FOLDER", help="real mails to read as well")
    parser.add_argument("--sizes", type=_counts, metavar="N,N", help="cost: stored cases (default: 10,10000,200000)")
    parser.add_argument("--json", action="store_true", help="the table as a JSON array")
    parser.set_defaults(command=_start_benchmark)


def _backtest(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("backtest", help="what a candidate policy or model would change, text by text")
    parser.add_argument("--policy", type=Path, metavar="DIR", help="a folder with the policy files that change")
    parser.add_argument("--model", type=Path, metavar="FILE", help="weights to be used in place of the model in use")
    texts = parser.add_mutually_exclusive_group()
    texts.add_argument("--over", type=Path, metavar="FILE", help="JSON lines: labelled texts, or items of the case table")
    texts.add_argument("--table", metavar="NAME", help="the stored messages of a case table, read with your AWS credentials")
    parser.add_argument("--endpoint", metavar="URL", help="of DynamoDB, when it is not AWS's own")
    parser.add_argument(
        "--texts", type=_count, default=10, metavar="N", help="list at most so many for each change (default: 10)"
    )
    parser.add_argument("--json", action="store_true", help="all of it, every text whole, as one JSON object")
    parser.set_defaults(command=_start_backtest)


def _export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("export", help="what analysts corrected, as labelled texts; how often they had to")
    parser.add_argument("--table", metavar="NAME", help="read a table in AWS (default: its items as JSON lines from stdin)")
    parser.add_argument("--pairs", type=Path, metavar="FILE", help="write here which messages people merged, un-merged or split")
    parser.set_defaults(command=_start_export)


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError("a count is 0 or more")
    return count


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_count(each) for each in text.split(","))


def _train(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("train", help="learn the triage's model from labelled examples")
    parser.add_argument("--examples", type=Path, metavar="FOLDER", help="of *.jsonl (default: the ones written for this project)")
    parser.add_argument("--into", type=Path, metavar="FILE", help="where to write the model (default: the one that ships)")
    parser.add_argument("--check", action="store_true", help="write nothing: is the file what these examples give?")
    parser.add_argument("--no-fit", action="store_true", help="skip the cross-validation")
    parser.set_defaults(command=_start_train)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _start_demo(given: argparse.Namespace) -> int:
    from local import demo

    return demo.run(given.backend)


def _start_run(given: argparse.Namespace) -> int:
    from local import run

    settings = run.Settings(given.backend, given.port, given.smtp_port, given.inbox, given.sender_authenticated)
    return run.run(settings)


def _start_ingest(given: argparse.Namespace) -> int:
    from local import ingest

    return ingest.run(
        given.files,
        as_json=given.json,
        channel=given.channel,
        sender_authenticated=given.sender_authenticated,
        metadata=given.metadata,
        backend=given.backend,
    )


def _start_evaluate(given: argparse.Namespace) -> int:
    from local import evaluate

    return evaluate.run(given.corpus, as_json=given.json, only=given.only)


def _start_mutate(given: argparse.Namespace) -> int:
    from local import mutation

    return mutation.run(given.corpus, count=given.count, seed=given.seed, replay=given.replay, as_json=given.json)


def _start_simulate(given: argparse.Namespace) -> int:
    from local.simulation import command

    if given.replay is not None:
        return command.replay(given.replay)
    if given.mutants:
        return command.mutants(histories=given.histories or command.TRIED, seed=given.seed, jobs=given.jobs)
    return command.run(histories=given.histories or command.HISTORIES, seed=given.seed, jobs=given.jobs)


def _start_train(given: argparse.Namespace) -> int:
    from local.training import command

    return command.run(given.examples, given.into, check=given.check, fitting=not (given.no_fit or given.check))


def _start_benchmark(given: argparse.Namespace) -> int:
    from local.benchmarks import cost, mail, triage

    if given.what == "cost":
        return cost.run(given.sizes or cost.SIZES, as_json=given.json)
    return triage.run(as_json=given.json) if given.what == "triage" else mail.run(given.corpus, as_json=given.json)


def _start_backtest(given: argparse.Namespace) -> int:
    from local.backtest import command

    question = command.Question(
        policy=given.policy,
        model=given.model,
        over=given.over,
        table=given.table or "",
        endpoint=given.endpoint,
        texts=given.texts,
        as_json=given.json,
    )
    return command.run(question)


def _start_export(given: argparse.Namespace) -> int:
    from local import labels

    return labels.run(given.table, given.pairs)


if __name__ == "__main__":
    sys.exit(main())
