"""Changes from what holds tables, and tables of what became of them."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
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

_MISSING = {"NAType", "NaTType"}
"""The types of pandas' values for nothing."""

_TABLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("to_pylist", ()),
    ("to_dicts", ()),
    ("to_dict", ("records",)),
)
"""What gives the rows of a table as dicts: pyarrow's, polars', pandas'."""


def changes(given: Changes) -> list[Change]:
    """Each change, from any of the forms that Client.plan takes.

    Raises:
        InvalidArgumentError: A row is no change. No value of it is shown: it may be a code.
    """
    if isinstance(given, (str, os.PathLike)):
        return list(_of_file(given))
    if isinstance(given, Mapping):
        raise _wrong("changes", "one dict is no list of changes; give a list of dicts")
    rows: Iterable[object] = cast("Iterable[object]", given)
    for name, arguments in _TABLES:
        if hasattr(given, name):
            rows = getattr(given, name)(*arguments)
            break
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
        writer.writerows(rows(of))


def _fields(of: PlannedChange | ChangeResult) -> dict[str, Any]:
    return of.__getnewargs_ex__()[1]


def _plain(value: object) -> str | int | None:
    if isinstance(value, PendingOperation):
        return value.to_json()
    return cast("str | int | None", value.value if isinstance(value, Enum) else value)


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
    for key in given:
        _known(where, key)
    fields = {key: value for key, value in given.items() if not _is_missing(value)}
    for key in _NEEDED:
        if key not in fields:
            raise _wrong(where, f"it has no {key}")
    for key in KEYS[1:]:
        if not isinstance(fields.get(key, ""), str):
            raise _wrong(where, f"{key} must be text, not {type(fields[key]).__name__}")
    try:
        return Change(**fields)
    except TypeError as error:
        raise _wrong(where, str(error)) from None


def _known(where: str, key: object) -> None:
    if key in KEYS:
        return
    if "".join(filter(str.isalnum, str(key))).lower() in _CODES:
        raise _wrong(
            where,
            f"{key} would be the code itself, which no plan holds: name the code here by "
            "code_name, and give it to run(codes={name: code})",
        )
    raise _wrong(where, f"{key} is no part of a change; these are: {', '.join(KEYS)}")


def _is_missing(value: object) -> bool:
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 - only NaN differs from itself
    return value is None or type(value).__name__ in _MISSING


def _of_file(path: str | os.PathLike[str]) -> Iterator[Change]:
    name = os.fspath(path)
    try:
        # The mark that Excel begins with is none of the text.
        with open(path, encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            # Where the comma divides decimals, Excel divides cells by semicolons.
            delimiter = max(",;\t", key=header.count)
            yield from _of_cells(name, csv.reader(file, delimiter=delimiter, strict=True))
    except (UnicodeError, csv.Error) as error:
        raise _wrong(name, f"{error}; save it as CSV in UTF-8") from None


def _of_cells(name: str, reader: Reader) -> Iterator[Change]:
    keys = [key.strip() for key in next(reader, [])]
    for key in keys:
        _known(f"{name}, line 1", key)
    if len(set(keys)) < len(keys):
        raise _wrong(f"{name}, line 1", "a column is there twice")
    # What is empty is no row: Excel leaves such lines behind.
    for row, cells in enumerate(cells for cells in reader if any(map(str.strip, cells))):
        where = f"row {row} ({name}, line {reader.line_num})"
        if len(cells) > len(keys):
            raise _wrong(where, "it has more cells than the header")
        stripped = [cell.strip() or None for cell in cells]
        yield _of_mapping(where, dict(zip(keys, stripped, strict=False)))


def _wrong(where: str, rule: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"{where}: {rule}. Nothing was sent.")
