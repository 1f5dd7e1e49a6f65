"""What --help says, and what is said of an argument that cannot be taken."""

from __future__ import annotations

from .command import ENVIRONMENT, EXIT_CODES, TOKEN

ABOUT = """\
Sets and reads a customer's qualification in Microsoft Partner Center, and says
what happened. Setting one cannot be undone: practise on the emulator first."""

EPILOG = f"""\
{ENVIRONMENT}
{EXIT_CODES}  5  run and resume: stopped early

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
CHANGES = "a CSV file in UTF-8, with a header"
OPERATION = "update_qualification or create_qualification: their side effects differ"
OUT = "a new file for the plan"
PLAN = "what partner-center plan wrote; - is the standard input"
JOURNAL = "a new file, which says at each moment what was sent"
WRITTEN = "the journal of the run"
YES_COUNT = "do not ask, where the plan asks for exactly so many changes"
YES_RESUME = "do not ask"
RESEND_OLDER = "send a change whose only request left no trace once more, even after five minutes"
CODE_ENV = "the variable that holds the code that the plan calls NAME; may be repeated"
CODES_FD = "the number of an open file: a JSON object of names and codes"
LISTED_CODES = "take the codes that the service lists, by the names of their organizations"
ASK_CODE = "ask for the code that the plan calls NAME; may be repeated"
RESULTS = "a new CSV file for what became of each change"
AT_ONCE = "the most that are open at a time, 1 to 32 (4)"
PER_SECOND = "the most that are begun in a second (5)"
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
TIMEOUT = "the most seconds for each call (300; of doctor 30)"
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
    "--validation-code-env, or for many changes with --code-env"
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
NO_NAMED_VARIABLE = "must be a code's name, =, and the environment variable's name, not the code"
NO_DESCRIPTOR = "must be the number of an open file, as 3"
