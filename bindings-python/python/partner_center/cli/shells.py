"""Completion scripts, made of what argparse knows."""

from __future__ import annotations

import argparse
import shlex
from typing import NamedTuple

from . import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

FILE, VARIABLE = "file", "variable"
_FILES = ("FILE", "PLAN", "JOURNAL")


class Value(NamedTuple):
    """What may be written for a value: one of the words, a file, a variable's name, or anything."""

    metavar: str
    words: tuple[str, ...] = ()
    kind: str = ""


class Option(NamedTuple):
    """An option."""

    name: str
    help: str
    value: Value | None


class Described(NamedTuple):
    """A command."""

    name: str
    help: str
    options: tuple[Option, ...]
    values: tuple[Value, ...]


def described(parser: argparse.ArgumentParser) -> list[Described]:
    """The parser's commands."""
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    lines = {action.dest: action.help or "" for action in commands._get_subactions()}
    return [_described(name, lines[name], part) for name, part in commands.choices.items()]


def _described(name: str, line: str, parser: argparse.ArgumentParser) -> Described:
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    return Described(
        name,
        line,
        tuple(
            Option(
                action.option_strings[-1],
                (action.help or "").replace("%%", "%"),
                None if action.nargs == 0 else _value(action),
            )
            for action in shown
            if action.option_strings
        ),
        tuple(_value(action) for action in shown if not action.option_strings),
    )


def _value(action: argparse.Action) -> Value:
    metavar = str(action.metavar)
    words = options.WORDS.get(action.type, ()) if callable(action.type) else ()
    kind = FILE if metavar in _FILES else VARIABLE if action.type is options.variable else ""
    return Value(metavar, tuple(map(str, words)), kind)


def _valued(commands: Iterable[Described]) -> dict[str, Value]:
    """Every option that takes a value: where it takes one, it means the same."""
    of_all = (option for command in commands for option in command.options)
    return {option.name: option.value for option in of_all if option.value is not None}


def _following(commands: Iterable[Described]) -> list[str]:
    """What a value follows; --yes takes one in a single command."""
    flags = {one.name for command in commands for one in command.options if one.value is None}
    valued = {
        f"{command.name if one.name in flags else '*'}:{one.name}"
        for command in commands
        for one in command.options
        if one.value is not None
    }
    return sorted(valued)


_BASH = """\
# bash completion for partner-center
_partner_center() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
    local command= given=0 i IFS=$' \\t\\n'
    COMPREPLY=()
    case $before in
{values}
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        case $command:${{COMP_WORDS[i]}} in
        {valued})
            i=$((i + 1)) ;;
        *:-*) ;;
        *) if [[ -z $command ]]; then command=${{COMP_WORDS[i]}}; else given=$((given + 1)); fi ;;
        esac
    done
    if [[ $word != -* ]]; then
        case $command:$given in
        :*) COMPREPLY=($(compgen -W '{names}' -- "$word")) ;;
{positions}
        esac
        return
    fi
    case $command in
    '') COMPREPLY=($(compgen -W '--help --version' -- "$word")) ;;
{options}
    esac
}}
complete -o bashdefault -F _partner_center partner-center"""


def _bash(commands: list[Described]) -> str:
    valued = _valued(commands)
    positions = (
        f"        {command.name}:{place}) {_compgen(value)} ;;"
        for command in commands
        for place, value in enumerate(command.values)
        if value.words or value.kind
    )
    return _BASH.format(
        values="\n".join(
            f"    {name}) {_compgen(value)}; return ;;"
            for name, value in valued.items()
            if value.words or value.kind
        ),
        valued="|".join(_following(commands)),
        names=" ".join(command.name for command in commands),
        positions="\n".join(positions),
        options="\n".join(
            f"    {command.name}) COMPREPLY=($(compgen -W "
            f"'{' '.join(option.name for option in command.options)}' -- \"$word\")) ;;"
            for command in commands
        ),
    )


def _compgen(value: Value) -> str:
    kinds = {FILE: "-f", VARIABLE: "-v"}
    of = kinds.get(value.kind, f"-W {shlex.quote(' '.join(value.words))}")
    # The names of files may hold spaces; bash 3 has no compopt.
    files = "compopt -o filenames 2>/dev/null || :; IFS=$'\\n'; " if value.kind == FILE else ""
    return f'{files}COMPREPLY=($(compgen {of} -- "$word"))'


_ZSH = """\
#compdef partner-center
_partner_center() {{
    local curcontext=$curcontext state line
    local -a commands
    commands=(
{names}
    )
    _arguments -C '(- *)--help[show the help]' '(- *)--version[show the version]' \\
        '1: :->command' '*:: :->argument'
    case $state in
    command) _describe command commands ;;
    argument)
        curcontext=${{curcontext%:*}}-$line[1]:
        case $line[1] in
{commands}
        esac ;;
    esac
}}
if [[ $funcstack[1] == _partner_center ]]; then
    _partner_center "$@"
else
    compdef _partner_center partner-center
fi"""


def _zsh(commands: list[Described]) -> str:
    names = (f"        {shlex.quote(f'{one.name}:{one.help}')}" for one in commands)
    cases = (
        f"        {command.name}) _arguments {' '.join(_zsh_arguments(command))} ;;"
        for command in commands
    )
    return _ZSH.format(names="\n".join(names), commands="\n".join(cases))


def _zsh_arguments(command: Described) -> Iterator[str]:
    for option in command.options:
        told = option.help.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        value = "" if option.value is None else _zsh_value(option.value)
        yield shlex.quote(f"{option.name}[{told}]{value}")
    for place, positional in enumerate(command.values, start=1):
        yield shlex.quote(f"{place}{_zsh_value(positional)}")


def _zsh_value(value: Value) -> str:
    # What nobody can complete must not hide an option that begins there.
    anything = f"_guard '^-*' {value.metavar}"
    kinds = {FILE: "_files", VARIABLE: "_parameters -g '*export*'", "": anything}
    words = f"({' '.join(value.words)})" if value.words else kinds[value.kind]
    return f":{value.metavar}:{words}"


def _fish(commands: list[Described]) -> str:
    lines = [
        "# fish completion for partner-center",
        "complete -c partner-center -f",
        "complete -c partner-center -n __fish_use_subcommand -l help -d 'show the help'",
        "complete -c partner-center -n __fish_use_subcommand -l version -d 'show the version'",
    ]
    for command in commands:
        lines.append(
            f"complete -c partner-center -n __fish_use_subcommand -a {command.name} "
            f"-d {_fish_quoted(command.help)}"
        )
        here = f"complete -c partner-center -n '__fish_seen_subcommand_from {command.name}'"
        for option in command.options:
            value = "" if option.value is None else _fish_option(option.value)
            name = option.name.removeprefix("--")
            lines.append(f"{here} -l {name}{value} -d {_fish_quoted(option.help)}")
        lines += [f"{here}{_fish_value(value)}" for value in command.values if any(value[1:])]
    return "\n".join(lines)


def _fish_option(value: Value) -> str:
    return f" -{'r' if value.kind == FILE else 'x'}{_fish_value(value)}"


def _fish_value(value: Value) -> str:
    if value.kind == FILE:
        return " -F"
    if value.kind == VARIABLE:
        return " -a '(set --names --export)'"
    return f" -a {_fish_quoted(' '.join(value.words))}" if value.words else ""


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


SCRIPTS: dict[str, Callable[[list[Described]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
"""By shell, what writes its script."""
