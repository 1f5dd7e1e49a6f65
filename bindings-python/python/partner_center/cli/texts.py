"""What --help says, and what is said of an argument that cannot be taken."""

from __future__ import annotations

from .command import ENVIRONMENT, EXIT_CODES, TOKEN

ABOUT = """\
Sets and reads a customer's qualification in Microsoft Partner Center, and says
what happened. Setting one cannot be undone: practise on the emulator first."""

EPILOG = f"""\
{ENVIRONMENT}
{EXIT_CODES}
start with:
  partner-center demo
"""

CUSTOMER = "the customer's tenant id, a GUID"
UPDATED = "Education or GovernmentCommunityCloud"
CREATED = "Education, GovernmentCommunityCloud or StateOwnedEntity"
WATCHED = "the qualification that was asked for, as Education"
SEGMENT = "K12 or HigherEducation; needed for Education"
WEBSITE = "the institution's web address, which helps the vetting of Education"
COMPANY_NAME = "what the company's name begins with, whatever the case"
PENDING = "what a change with --json printed; - is the standard input"
AUDIT = "read the service's audit log, too, where the customer's state does not tell"
SHOW = "show the codes themselves"
DEADLINE = "the most time to wait, as 90 (seconds), 30m, 12h or 3d, which is usual"
POLL_INTERVAL = "the time between two reads, 60 seconds or more; 10m unless given"
VALIDATION_CODE_ENV = (
    "the environment variable that holds the validation code, needed for GovernmentCommunityCloud"
)
CODE_FD = "the number of an open file that holds the validation code"
DRY_RUN = "print the request and send nothing; needs no token"
YES = "do not read the present state and do not ask"
JSON = "print JSON, one object a line; of a failure, too, in its member error"
REQUEST_ID = "MS-RequestId, a GUID; made up unless given"
TOKEN_ENV = f"the environment variable that holds the token, instead of {TOKEN}"
TOKEN_FD = "the number of an open file that holds the token, as a shell's 3<FILE"
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
SHELL = "the shell: bash, zsh or fish"

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
NO_QUALIFICATION = f"must be {UPDATED}"
NO_CREATED = f"must be {CREATED}"
NO_VARIABLE = "must be the name of an environment variable, not the secret itself"
NO_DESCRIPTOR = "must be the number of an open file, as 3"
