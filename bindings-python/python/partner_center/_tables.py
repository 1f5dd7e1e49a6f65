"""Changes from what holds tables, and tables of what became of them."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, cast

from ._models import Change, PendingOperation
from .errors import InvalidArgumentError

if TYPE_CHECKING:
    from _csv import Reader
    from typing import Any

    from ._models import ChangeResult, PlannedChange
    from .types import Changes, Rows

KEYS = ("customer", "qualification", "education_segment", "website", "code_name")
"""Of a dict, and the columns of a table."""

_NEEDED = KEYS[:2]
_OF_A_TUPLE = (*_NEEDED, "code_name")

_CODES = {"code", "validationcode", "validationid", "governmentcode", "governmentvalidationcode"}
"""Keys under which somebody would give a code itself."""

_NAME = re.compile(r"[^\W\d](?:[^\W\d]| ){0,39}")
"""What looks like the name of a column: letters, spaces and _."""

_MISSING = {"NAType", "NaTType"}
"""The types of pandas' values for nothing."""

_TABLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("to_pylist", ()),
    ("to_dicts", ()),
    ("to_dict", ("records",)),
)
"""What gives the rows of a table as dicts: pyarrow's, polars', pandas'."""


_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What text begins with that a spreadsheet would run."""

_NO_TABLES = {
    "Series": "a Series is one column; give its table",
    "LazyFrame": "a LazyFrame holds no rows yet; give what its collect() returns",
}
"""By the names of their types, for none of their libraries is imported."""


def changes(given: Changes) -> list[Change]:
    """Each change, from any of the forms that Client.plan takes.

    Raises:
        InvalidArgumentError: A row is no change. No value of it is shown: it may be a code.
    """
    if isinstance(given, (str, os.PathLike)):
        return list(_of_file(given))
    if isinstance(given, Mapping):
        raise _wrong("changes", "one dict is no list of changes; give a list of dicts")
    kind = type(given).__name__
    if kind in _NO_TABLES:
        raise _wrong("changes", _NO_TABLES[kind])
    rows: Iterable[object] = cast("Iterable[object]", given)
    for name, arguments in _TABLES:
        if hasattr(given, name):
            # Of two columns with one name, a dict keeps one without a word.
            _header("the table", _columns(given))
            rows = getattr(given, name)(*arguments)
            break
    if not isinstance(rows, Iterable):
        rule = "changes must be a list of changes, a table or the path of a CSV file"
        raise TypeError(f"{rule}, not {kind}")
    return [_change(f"row {row}", one) for row, one in enumerate(rows)]


def rows(of: Iterable[PlannedChange | ChangeResult]) -> Rows:
    """One dict of plain values for each, which DataFrame and to_csv take."""
    return [{name: _plain(value) for name, value in _fields(one).items()} for one in of]


def to_csv(
    of: Iterable[PlannedChange | ChangeResult], names: Iterable[str], path: str | os.PathLike[str]
) -> None:
    """Writes the rows to a file, in UTF-8, below their names."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(names))
        writer.writeheader()
        for row in rows(of):
            writer.writerow({name: _inert(value) for name, value in row.items()})


def _fields(of: PlannedChange | ChangeResult) -> dict[str, Any]:
    return of.__getnewargs_ex__()[1]


def _plain(value: object) -> str | int | None:
    if isinstance(value, PendingOperation):
        return value.to_json()
    return cast("str | int | None", value.value if isinstance(value, Enum) else value)


def _inert(value: str | int | None) -> str | int | None:
    # Such as people or the service have written; no id begins so.
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _change(where: str, given: object) -> Change:
    if isinstance(given, Change):
        return given
    if isinstance(given, Mapping):
        return _of_mapping(where, given)
    if isinstance(given, (tuple, list)):
        if not len(_NEEDED) <= len(given) <= len(_OF_A_TUPLE):
            raise _wrong(where, "a tuple is (customer, qualification) or has a code_name, too")
        return _of_mapping(where, dict(zip(_OF_A_TUPLE, given, strict=False)))
    name = type(given).__name__
    raise _wrong(where, f"a change is a Change, a tuple or a dict, not {name}")


def _of_mapping(where: str, given: Mapping[Any, Any]) -> Change:
    for place, key in enumerate(given, 1):
        _known(where, key, f"key {place}")
    stripped = ((key, _stripped(value)) for key, value in given.items())
    fields = {key: value for key, value in stripped if not _is_missing(value)}
    for key in _NEEDED:
        if key not in fields:
            raise _wrong(where, f"it has no {key}")
    for key in KEYS[1:]:
        if not isinstance(fields.get(key, ""), str):
            raise _wrong(where, f"{key} must be text, not {type(fields[key]).__name__}")
    for key, value in fields.items():
        if isinstance(value, str) and any("\ud800" <= one <= "\udfff" for one in value):
            raise _wrong(where, f"{key} is not valid text")
    try:
        return Change(**fields)
    except TypeError as error:
        raise _wrong(where, str(error)) from None


def _columns(table: object) -> list[object]:
    # What pyarrow calls columns are not their names.
    names = getattr(table, "column_names", None)
    names = getattr(table, "columns", ()) if names is None else names
    return list(names) if isinstance(names, Iterable) else []


def _header(where: str, names: Sequence[object]) -> None:
    for place, name in enumerate(names, 1):
        _known(where, name, f"column {place}")
    for name in names:
        if names.count(name) > 1:
            raise _wrong(where, f"the column {name} is there twice")


def _known(where: str, key: object, place: str) -> None:
    if key in KEYS:
        return
    if "".join(filter(str.isalnum, str(key))).lower() in _CODES:
        raise _wrong(
            where,
            f"{key} would be the code itself, which no plan holds: name the code here by "
            "code_name, and give it to run(codes={name: code})",
        )
    # Without a header this is a value, and may be a code.
    named = f"{place}, {key}," if _NAME.fullmatch(str(key)) else place
    raise _wrong(
        where,
        f"{named} is no part of a change (is there no header?); these are: {', '.join(KEYS)}",
    )


def _stripped(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a cell
    return value.strip() or None if isinstance(value, str) else value


def _is_missing(value: object) -> bool:
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 - only NaN differs from itself
    return value is None or type(value).__name__ in _MISSING


def _of_file(path: str | os.PathLike[str]) -> Iterator[Change]:
    name = os.fspath(path)
    try:
        # The mark that Excel begins with is none of the text. A pipe can be read once only.
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except UnicodeError as error:
        raise _wrong(name, f"{error}; save it as CSV in UTF-8") from None
    header = next((line for line in io.StringIO(text) if line.strip(" \t\r\n,;")), "")
    # Where the comma divides decimals, Excel divides cells by semicolons.
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    yield from _of_cells(name, _filled(name, reader))


def _filled(name: str, reader: Reader) -> Iterator[tuple[int, list[str]]]:
    """The rows with their lines; what is empty is none: Excel leaves such lines behind."""
    while True:
        begun = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            why = f"{error}; save it as CSV in UTF-8"
            if "field limit" in str(error):
                most = f"{csv.field_size_limit():,}"
                why = f"a cell has more than {most} characters; is a quotation mark left open?"
            raise _wrong(f"{name}, line {begun}", why) from None
        if cells is None:
            return
        if any(map(str.strip, cells)):
            yield reader.line_num, cells


def _of_cells(name: str, rows: Iterator[tuple[int, list[str]]]) -> Iterator[Change]:
    line, keys = next(rows, (1, []))
    keys = [key.strip() for key in keys]
    while keys and not keys[-1]:
        keys.pop()
    _header(f"{name}, line {line}", keys)
    for row, (line, cells) in enumerate(rows):
        where = f"row {row} ({name}, line {line})"
        if any(map(str.strip, cells[len(keys) :])):
            raise _wrong(where, "it has more cells than the header")
        yield _of_mapping(where, dict(zip(keys, cells, strict=False)))


def _wrong(where: str, rule: str) -> InvalidArgumentError:
    end = "" if rule.endswith("?") else "."
    return InvalidArgumentError(f"{where}: {rule}{end} Nothing was sent.")
