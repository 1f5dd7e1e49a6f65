"""What --help says, and what is said of an argument that cannot be taken."""

from __future__ import annotations

from typing import NamedTuple

TOKEN = "PARTNER_CENTER_TOKEN"


class Command(NamedTuple):
    """The help of one command."""

    line: str
    usage: str
    about: str
    epilog: str


ABOUT = """\
Sets and reads a customer's qualification in Microsoft Partner Center, and says
what happened. Setting one cannot be undone: practise on the emulator first."""

_EXIT_CODES = """\
exit codes:
  0  applied, read, or shown by --dry-run
  2  wrong usage; nothing was sent
  3  refused or failed; the customer was not changed
  4  unknown; the customer may have been changed, so read it before trying again
"""

_ENVIRONMENT = """\
environment:
  PARTNER_CENTER_TOKEN  an App+User access token for Partner Center
"""

EPILOG = f"""\
{_ENVIRONMENT}
{_EXIT_CODES}
start with:
  partner-center demo
"""

COMMANDS = {
    "update": Command(
        "set a customer's qualification",
        "%(prog)s CUSTOMER QUALIFICATION [options]",
        """\
Sets a customer's qualification. This cannot be undone, so a terminal is shown
the customer's present state and asked; a script has to say --yes.""",
        f"""\
{_ENVIRONMENT}\
  a name of your choice for --validation-code-env

{_EXIT_CODES}
example:
  partner-center update 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04 \\
      GovernmentCommunityCloud --validation-code-env VALIDATION_CODE
""",
    ),
    "get": Command(
        "read a customer's qualification",
        "%(prog)s CUSTOMER [options]",
        "Reads a customer's qualification. Nothing is changed.",
        f"""\
{_ENVIRONMENT}
{_EXIT_CODES}
example:
  partner-center get 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04
""",
    ),
    "emulator": Command(
        "practise: a stand-in for the service on this machine",
        "%(prog)s [options]",
        """\
Runs a stand-in for the service on this machine until Ctrl-C, and says how to
use it. Its customers and codes are made up, and forgotten when it stops. Its
page in a browser shows what happens.""",
        """\
exit codes:
  0  stopped by Ctrl-C or, with --json, by the end of the standard input
  2  wrong usage
  3  it could not start

example:
  partner-center emulator --port 8080 --seed customers.json
""",
    ),
    "demo": Command(
        "a short tour on this machine; nothing real is touched",
        "%(prog)s",
        """\
Changes two customers of the emulator, has a third change refused, and tells
what was sent and what came back. It needs no token and no network.""",
        """\
environment:
  NO_COLOR  set it to anything for a tour without colours

exit codes:
  0  everything ended as the tour says
  3  something did not

example:
  partner-center demo
""",
    ),
}

CUSTOMER = "the customer's tenant id, a GUID"
QUALIFICATION = "Education or GovernmentCommunityCloud"
VALIDATION_CODE_ENV = (
    "the environment variable that holds the validation code, needed for GovernmentCommunityCloud"
)
DRY_RUN = "print the request and send nothing; needs no token"
YES = "do not read the present state and do not ask"
JSON = "print one JSON object, also for a failure"
REQUEST_ID = "MS-RequestId, a GUID; made up unless given"
TOKEN_ENV = "the environment variable that holds the token, instead of PARTNER_CENTER_TOKEN"
CLOUD = "global (as if not given), us_government or china"
BASE_URL = "another address than the cloud's"
HTTP = "let --base-url be plain http to this machine, as for the emulator"
PROXY = "an HTTP proxy, instead of the environment's"
CA_FILE = "PEM certificates to trust beside the system's"
ONLY_CA_FILE = "PEM certificates to trust instead of the system's"
TIMEOUT = "the most seconds for a call (300)"
APPLICATION = "the name under which the service knows the caller"
PORT = "the port to listen on; any free one unless given"
SEED = "a JSON file of the customers and codes to begin with"
TOLD = (
    "for a program that starts it: print one JSON object on one line, and run until the standard "
    "input ends"
)
BEHAVIOURS = "print what is known of each behaviour, as Markdown, and end"

TOKEN_AS_ARGUMENT = (
    "a token does not belong on the command line, where other programs and the shell's history "
    f"see it. Put it into the environment variable {TOKEN}, or into another one and give that "
    "one's name with --token-env"
)
CODE_AS_ARGUMENT = (
    "a validation code does not belong on the command line, where other programs and the shell's "
    "history see it. Put it into an environment variable and give the variable's name with "
    "--validation-code-env"
)
TOO_MANY = (
    "there are more arguments than the command takes; they are not repeated here, since one may "
    f"be a secret. A token belongs in the environment variable {TOKEN}, a validation code into "
    "the one that --validation-code-env names"
)
NO_GUID = "must be a GUID such as 4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
NO_QUALIFICATION = "must be Education or GovernmentCommunityCloud"
NO_VARIABLE = "must be the name of an environment variable, not the secret itself"
