"""Changes from whatever holds a table, and tables of plans and reports."""

from __future__ import annotations

import csv
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from bulk import client_of
from conftest import GUID
from partner_center import (
    Change,
    ChangeOperation,
    ChangeResult,
    Client,
    Customer,
    InvalidArgumentError,
    PendingOperation,
    Plan,
    Qualification,
    Report,
)
from partner_center.testing import Emulator
from partner_center.types import Changes

OTHER = "1c1ea8d9-2a9f-4b5b-8c2b-6d0a7c1f9a55"
GCC = Qualification.GOVERNMENT_COMMUNITY_CLOUD
CODE = "canary-code-1a2b"
RECORDS: list[dict[str, Any]] = [
    {"customer": GUID, "qualification": "Education", "education_segment": "K12", "code_name": None},
    {
        "customer": OTHER,
        "qualification": "GovernmentCommunityCloud",
        "education_segment": None,
        "code_name": "Woodgrove",
    },
]
ASKED = [
    (GUID, "Education", "K12", None),
    (OTHER, "GovernmentCommunityCloud", None, "Woodgrove"),
]


def planned(changes: Changes) -> list[tuple[object, ...]]:
    """What a plan of them asks for."""
    with Emulator() as emulator:
        client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
        operation = ChangeOperation.CREATE_QUALIFICATION
        plan = client.plan(changes, operation=operation, per_second=None)
    return [(one.customer, one.qualification, one.education_segment, one.code_name) for one in plan]


def refused(changes: Any) -> str:
    """Why they are refused; nothing is sent, and no value is shown."""
    with Emulator() as emulator:
        client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
        with pytest.raises(InvalidArgumentError, match=r"Nothing was sent\.$") as caught:
            client.plan(changes, operation="update_qualification")
        assert emulator.requests() == []
    text = str(caught.value)
    assert CODE not in text
    return text.removesuffix(" Nothing was sent.")


def pandas_with(missing: object) -> Any:
    """A frame with that in the place of None."""
    return pd.DataFrame(RECORDS).astype(object).where(lambda frame: frame.notna(), missing)


@pytest.mark.parametrize(
    "table",
    [
        lambda: pd.DataFrame(RECORDS),
        lambda: pandas_with(None),
        lambda: pandas_with(float("nan")),
        lambda: pandas_with(pd.NA),
        lambda: pandas_with(pd.NaT),
        lambda: pd.DataFrame(RECORDS).astype("string"),
        lambda: pd.DataFrame(RECORDS).astype("category"),
        lambda: pd.DataFrame(RECORDS, index=["x", "y"]).convert_dtypes(dtype_backend="pyarrow"),
        lambda: pl.DataFrame(RECORDS),
        lambda: pa.Table.from_pylist(RECORDS),
        lambda: pa.RecordBatch.from_pylist(RECORDS),
        lambda: RECORDS,
        lambda: iter(RECORDS),
    ],
    ids=[
        *["pandas", "pandas None", "pandas NaN", "pandas NA", "pandas NaT", "pandas string"],
        *["pandas category", "pandas pyarrow", "polars", "pyarrow table", "pyarrow batch"],
        *["dicts", "iterator"],
    ],
)
def test_a_table_is_taken(table: Callable[[], Any]) -> None:
    """By what it can do, whatever stands for nothing in it."""
    assert planned(table()) == ASKED


def test_changes_and_tuples_are_taken() -> None:
    """Also mixed, and with customers and UUIDs."""
    found = Customer(id=OTHER)
    given: Changes = [
        Change(GUID, "Education", education_segment="K12"),
        (found, GCC, "Woodgrove"),
        (found, GCC, "Woodgrove"),
    ]
    assert planned(given) == ASKED
    assert planned([(uuid.UUID(OTHER), GCC, "Woodgrove")]) == ASKED[1:]
    assert planned([(GUID, "Education")]) == [(GUID, "Education", None, None)]
    assert planned([]) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("kind", [Path, str])
def test_a_csv_file_is_taken(
    delimiter: str, encoding: str, kind: Callable[[Path], Any], tmp_path: Path
) -> None:
    """As Excel writes it, with empty cells and empty lines."""
    path = tmp_path / "changes.csv"
    lines = [
        ["customer", "qualification", " education_segment", "code_name"],
        [GUID, "Education", "K12 ", ""],
        ["", " ", "", ""],
        [OTHER, "GovernmentCommunityCloud", "", '"Müller & Söhne, Ämter;\r\n2"'],
    ]
    text = "".join(delimiter.join(line) + "\r\n" for line in lines)
    path.write_bytes(f"{text}\r\n".encode(encoding))
    assert planned(kind(path)) == [
        ASKED[0],
        (OTHER, "GovernmentCommunityCloud", None, "Müller & Söhne, Ämter;\r\n2"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"customer": GUID}, "row 1: it has no qualification."),
        ({"customer": GUID, "qualification": None}, "row 1: it has no qualification."),
        ({"customer": GUID, "qualification": 7}, "row 1: qualification must be text, not int."),
        (
            {"customer": 7, "qualification": "Education"},
            "row 1: customer must be str, uuid.UUID or Customer, not int.",
        ),
        (
            {"customer": GUID, "qualification": "Education", "Company": CODE},
            "row 1: key 3, Company, is no part of a change (is there no header?); these are: "
            "customer, qualification, education_segment, website, code_name.",
        ),
        ((GUID,), "row 1: a tuple is (customer, qualification) or has a code_name, too."),
        (
            (GUID, "Education", CODE, CODE),
            "row 1: a tuple is (customer, qualification) or has a code_name, too.",
        ),
        (CODE, "row 1: a change is a Change, a tuple or a dict, not str."),
        (None, "row 1: a change is a Change, a tuple or a dict, not NoneType."),
    ],
    ids=lambda given: given if isinstance(given, str) else type(given).__name__,
)
def test_what_is_no_change_is_refused_with_its_row(row: Any, why: str) -> None:
    """Counted from 0, as a plan's."""
    assert refused([(OTHER, "Education"), row]) == why


@pytest.mark.parametrize("key", ["validation_code", "code", "Validation Code", "validationId"])
def test_a_code_itself_is_refused(key: str, tmp_path: Path) -> None:
    """Wherever it stands, with what to do instead."""
    row = {"customer": GUID, "qualification": "GovernmentCommunityCloud", key: CODE}
    told = f"{key} would be the code itself, which no plan holds: name the code here by code_name"
    assert refused([row]).startswith(f"row 0: {told}")
    assert "run(codes={name: code})" in refused(pl.DataFrame([row]))
    path = tmp_path / "changes.csv"
    path.write_text(f"customer,qualification,{key}\n{GUID},Education,{CODE}\n")
    assert refused(path).startswith(f"{path}, line 1: {told}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("customer,qualification\n{GUID}\n", "row 0 ({path}, line 2): it has no qualification"),
        (
            "customer,qualification\n\n{GUID},Education,{CODE}\n",
            "row 0 ({path}, line 3): it has more cells than the header",
        ),
        ("customer,customer\n", "{path}, line 1: the column customer is there twice"),
        ("\n,\nid,qualification\n", "{path}, line 3: column 1, id, is no part of a change"),
        ("customer,,qualification\n", "{path}, line 1: column 2 is no part of a change"),
        (
            "customer,{CODE}\n",
            "{path}, line 1: column 2 is no part of a change (is there no header",
        ),
        (f"customer,{'x' * 41}\n", "{path}, line 1: column 2 is no part of a change"),
        (
            'customer,qualification\n\n{GUID},"Education\n',
            "{path}, line 3: unexpected end of data; save it",
        ),
        (
            f'customer,qualification\n{GUID},Education\n{OTHER},"{"x" * 131_073}',
            "{path}, line 3: a cell has more than 131,072 characters; is a quotation mark left",
        ),
        ("customer,qualification\n\udcff,Education\n", "{path}: 'utf-8' codec"),
    ],
    ids=[
        *["short", "long", "twice", "unknown", "unnamed", "no header", "no name", "torn", "huge"],
        "not UTF-8",
    ],
)
def test_a_csv_file_that_is_wrong_is_refused_with_its_line(
    text: str, why: str, tmp_path: Path
) -> None:
    """Before anything of it is planned."""
    path = tmp_path / "changes.csv"
    text = text.replace("{GUID}", GUID).replace("{CODE}", CODE)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert refused(path).startswith(why.replace("{path}", str(path)))


def test_empty_cells_around_a_csv_file_are_nothing(tmp_path: Path) -> None:
    """As Excel leaves them where a column was, and above."""
    path = tmp_path / "changes.csv"
    path.write_text(f"\n,,\ncustomer,qualification,,\n{GUID},Education, ,,\n")
    assert planned(path) == [(GUID, "Education", None, None)]


@pytest.mark.parametrize(
    "table",
    [
        lambda row: [row],
        lambda row: pd.DataFrame([row]),
        lambda row: pl.DataFrame([row]),
        lambda row: pa.Table.from_pylist([row]),
        lambda row: [(row["customer"], row["qualification"], row["code_name"])],
    ],
    ids=["dict", "pandas", "polars", "pyarrow", "tuple"],
)
def test_blanks_are_nothing(table: Callable[[Any], Any]) -> None:
    """As in a CSV file; around text they are left out."""
    blank = {"customer": f" {GUID}\t", "qualification": "Education ", "code_name": " "}
    assert planned(table(blank)) == [(GUID, "Education", None, None)]
    assert refused(table({**blank, "customer": ""})) == "row 0: it has no customer."


def test_a_table_with_a_column_twice_is_refused() -> None:
    """One of the two would be taken without a word."""
    names = ["customer", "qualification", "customer"]
    rows = [[GUID, "Education", OTHER]]
    columns = [pa.array([value]) for value in rows[0]]
    for table in (
        pd.DataFrame(rows, columns=names),
        pa.table(columns, names=names),
        pa.record_batch(columns, names=names),
    ):
        assert refused(table) == "the table: the column customer is there twice."


def test_what_is_no_list_is_told_so(tmp_path: Path) -> None:
    """A path that leads nowhere, a single dict; an empty file is an empty list."""
    with pytest.raises(FileNotFoundError):
        planned(tmp_path / "other.csv")
    frame = pd.DataFrame(RECORDS)
    assert refused(frame["customer"]).startswith("changes: a Series is one column")
    assert refused(pl.DataFrame(RECORDS).lazy()).startswith("changes: a LazyFrame holds no rows")
    with pytest.raises(TypeError, match=r"changes must be a list of changes, .*, not int"):
        planned(7)  # type: ignore[arg-type]
    assert refused({"customer": GUID}).startswith("changes: one dict is no list of changes")
    (tmp_path / "empty.csv").touch()
    assert planned(tmp_path / "empty.csv") == []


@pytest.fixture(name="ended")
def _ended(emulator: Emulator, tmp_path: Path) -> tuple[Plan, Report]:
    """A plan and its report: one change applied, one unknown, one refused, one not sent."""
    client = Client(
        emulator.token, base_url=emulator.url, allow_http_loopback=True, on_ambiguous="raise"
    )
    changes: Changes = [
        (emulator.customer("Contoso"), "Education"),
        (emulator.customer("Fabrikam"), "Education"),
        (emulator.customer("Woodgrove"), GCC, "Woodgrove"),
        (emulator.customer("Northwind"), "Education"),
    ]
    plan = client.plan(changes, operation="update_qualification", per_second=None)

    def lose(result: ChangeResult) -> None:
        if result.row == 0:
            emulator.switch(lost="after_applying", lost_when={"next": 1})

    report = client.run(
        plan,
        tmp_path / "journal",
        codes={"Woodgrove": CODE},
        at_once=1,
        # Time enough to hear of the first before the second is sent.
        per_second=1,
        on_result=lose,
    )
    assert [one.end for one in report] == ["applied", "unknown", "refused", "already_set"]
    return plan, report


def test_rows_are_taken_by_frames(ended: tuple[Plan, Report]) -> None:
    """Plain values, one column for each field; what is not there is missing."""
    plan, report = ended
    for of in (plan, report):
        rows = of.rows()
        assert [one["row"] for one in rows] == [0, 1, 2, 3]
        assert {type(value) for one in rows for value in one.values()} == {str, int, type(None)}
        frames = [pd.DataFrame(rows), pl.DataFrame(rows), pa.Table.from_pylist(rows).to_pandas()]
        for frame in frames:
            assert list(frame.columns) == list(rows[0])
            assert list(frame["customer"]) == [one.customer for one in of]
    ends = pd.DataFrame(report.rows()).groupby("end").size()
    assert dict(ends) == {"applied": 1, "unknown": 1, "refused": 1, "already_set": 1}
    open_change = report[1].pending
    assert open_change is not None
    assert PendingOperation.from_json(str(report.rows()[1]["pending"])) == open_change
    # What is left to ask for, as a new list of changes.
    left = pl.DataFrame(plan.rows()).filter(pl.col("decision") == "set")
    assert planned(left.select("customer", "qualification", "code_name"))[2][3] == "Woodgrove"


def test_columns_that_begin_with_none_have_their_types(ended: tuple[Plan, Report]) -> None:
    """For polars with what its guide says; the others look at all rows."""
    _, report = ended
    applied, refused = report[0], report[2]
    rows = Report(
        **{**report.__getnewargs_ex__()[1], "results": [*[applied] * 150, refused]}
    ).rows()
    assert rows[0]["status"] is None
    assert "infer_schema_length=None" in str(Report.rows.__doc__)
    frame = pl.DataFrame(rows, infer_schema_length=None)
    assert frame.schema["status"] == pl.Int64
    assert frame.schema["detail"] == pl.String
    for last in (
        frame.to_dicts()[-1],
        pd.DataFrame(rows).iloc[-1],
        pa.Table.from_pylist(rows)[-1:].to_pylist()[0],
    ):
        assert (last["status"], last["detail"]) == (refused.status, refused.detail)


def test_csv_files_hold_the_rows(
    emulator: Emulator, ended: tuple[Plan, Report], tmp_path: Path
) -> None:
    """Each with its header, also where there is no row; nothing of it is a code."""
    plan, report = ended
    path = tmp_path / "out.csv"
    for of in (plan, report):
        of.to_csv(path)
        text = path.read_text(encoding="utf-8")
        assert CODE not in text
        shown = [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in of.rows()
        ]
        with path.open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == shown
    empty = client_of(emulator).plan([], operation="update_qualification")
    empty.to_csv(path)
    assert path.read_text(encoding="utf-8").startswith("row,customer,qualification,decision,")


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_csv_file_runs_nothing_in_a_spreadsheet(
    emulator: Emulator, tmp_path: Path, begin: str
) -> None:
    """Text of people's or of the service's may be a formula; rows have it as it is."""
    name = f'{begin}HYPERLINK("http://contoso.com")'
    change = Change(emulator.customer("Woodgrove"), GCC, code_name=name)
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    plan = client.plan([change], operation="update_qualification")
    path = tmp_path / "plan.csv"
    plan.to_csv(path)
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    told = str(plan.rows()[0]["code_name"])
    assert told.lstrip() == name.lstrip()
    assert row["code_name"] == (f"'{told}" if told[0] == begin else told)
    assert row["row"] == "0"
    assert row["customer"] == change.customer


def test_no_table_library_is_imported() -> None:
    """Whoever has none needs none."""
    script = (
        "import sys\n"
        "from partner_center import Client\n"
        "from partner_center.testing import Emulator\n"
        "with Emulator() as emulator:\n"
        "    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)\n"
        "    changes = [(emulator.customer('Contoso'), 'Education')]\n"
        "    plan = client.plan(changes, operation='update_qualification')\n"
        "    assert plan.rows()\n"
        "print([name for name in ('pandas', 'polars', 'pyarrow') if name in sys.modules])\n"
    )
    printed = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert printed.strip() == "[]"
