"""``completion``: lets a shell complete the commands and their options."""

from __future__ import annotations

from . import arguments as parsing
from . import options, report, shells, terminal, texts
from .command import Command, epilog

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", type=options.shell, help=texts.SHELL)


def _completion(arguments: Namespace) -> int:
    from . import commands  # noqa: PLC0415 - they are only there once all of them are read

    write = shells.SCRIPTS[arguments.shell]
    terminal.out(write(shells.described(parsing.parser(commands()))))
    return report.DONE


COMMAND = Command(
    name="completion",
    line="print what lets a shell complete the commands",
    usage="%(prog)s SHELL",
    about="""\
Prints a script for bash, zsh or fish. A new shell then completes commands,
options and their values with the tab key. Put one of these lines where the
shell reads it at its start (for zsh below its line with compinit):

  bash  ~/.bashrc                    eval "$(partner-center completion bash)"
  zsh   ~/.zshrc                     eval "$(partner-center completion zsh)"
  fish  ~/.config/fish/config.fish   partner-center completion fish | source""",
    epilog=epilog(
        """\
exit codes:
  0  printed
  2  wrong usage
""",
        example="partner-center completion bash >>~/.bashrc",
    ),
    options=_options,
    run=_completion,
)
