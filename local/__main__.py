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


if __name__ == "__main__":
    sys.exit(main())
