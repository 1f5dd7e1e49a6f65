"""The package as Python sees it: enums, exceptions, models, types, fixtures, no dependency."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import json
import pickle
import re
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import partner_center
import pytest
from conftest import FIXTURES, ROOT, FixtureServer
from jsonschema import Draft202012Validator
from partner_center import (
    Client,
    Cloud,
    InvalidArgumentError,
    Outcome,
    PartnerCenterError,
    Qualification,
    RejectedError,
    _native,
    enums,
    errors,
)
from partner_center.testing import Emulator

GUID = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"


@pytest.mark.parametrize(("name", "values"), _native.names().items())
def test_enums_hold_what_the_core_knows(name: str, values: list[str]) -> None:
    """Neither a member too many nor one too few; each is its own text."""
    members = list(getattr(enums, name))
    assert [member.value for member in members] == values
    assert [str(member) for member in members] == values
    assert json.loads(json.dumps(members)) == values


def test_every_kind_has_an_exception_of_its_own() -> None:
    """One root, and a class for each kind."""
    kinds = [errors.PartnerCenterError.of("x", {"kind": kind}) for kind in enums.ErrorKind]
    assert [error.kind for error in kinds] == list(enums.ErrorKind)
    assert len({type(error) for error in kinds}) == len(kinds)
    exported = {name for name in partner_center.__all__ if name.endswith("Error")}
    assert {type(error).__name__ for error in kinds} | {"PartnerCenterError"} == exported


def test_errors_keep_their_fields_in_a_pickle(emulator: Emulator) -> None:
    """Class, text and every field."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    with pytest.raises(RejectedError) as caught:
        client.update_qualification(
            emulator.customer("Woodgrove"), "GovernmentCommunityCloud", validation_code="654321"
        )
    error = caught.value
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    assert type(again) is RejectedError
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert again.status == 400
    assert again.outcome is Outcome.NOT_APPLIED
    assert again.attempts == error.attempts != ()


def test_arguments_may_be_what_python_has_for_them(emulator: Emulator) -> None:
    """UUIDs, timedeltas, plain text; anything else is a TypeError that names the argument."""
    client = Client(
        lambda: emulator.token,
        base_url=emulator.url,
        allow_http_loopback=True,
        deadline=timedelta(minutes=10),
    )
    fabrikam = UUID(emulator.customer("Fabrikam"))
    updated = client.update_qualification(fabrikam, "education", request_id=UUID(GUID), deadline=60)
    assert updated.qualification is Qualification.EDUCATION
    assert updated.request_id == GUID
    for wrong in (None, 7, b"x"):
        with pytest.raises(TypeError, match=r"customer must be str, uuid\.UUID or Customer, not"):
            client.get_qualification(wrong)  # type: ignore[arg-type]
    for wrong_time in (-1, float("nan"), float("inf"), timedelta(seconds=-1)):
        with pytest.raises(InvalidArgumentError, match="deadline"):
            client.get_qualification(fabrikam, deadline=wrong_time)
    assert len(emulator.requests()) == 1


def test_settings_are_refused_as_value_errors() -> None:
    """With the rule in the text."""
    with pytest.raises(ValueError, match="https://"):
        Client("t", base_url="http://example.com")
    with pytest.raises(InvalidArgumentError, match="attempt_timeout"):
        Client("t", attempt_timeout=300)
    with pytest.raises(InvalidArgumentError, match="cloud must be global"):
        Client("t", cloud="moon")  # type: ignore[arg-type]
    with pytest.raises(PartnerCenterError, match="only_ca_certificates"):
        Client("t", only_ca_certificates=b"nonsense")


@pytest.mark.parametrize("stub", ["_native", "_models", "testing"])
def test_stubs_and_help_say_the_same(stub: str) -> None:
    """An editor shows the one, help() the other."""
    path = Path(_native.__file__).with_name(f"{stub}.pyi")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    differing = []
    for name, node in classes.items():
        if name.startswith("_"):  # what several classes share, for type checkers alone
            continue
        kind = getattr(_native, name)
        bases = [classes[base.id] for base in node.bases if isinstance(base, ast.Name)]
        members = [member for of in (node, *bases) for member in of.body]
        pairs: list[tuple[str, ast.ClassDef | ast.FunctionDef, Any]] = [(name, node, kind)]
        for member in members:
            if isinstance(member, ast.FunctionDef) and ast.get_docstring(member):
                pairs.append((f"{name}.{member.name}", member, getattr(kind, member.name)))
        for of, written, real in pairs:
            if ast.get_docstring(written) != inspect.cleandoc(real.__doc__ or ""):
                differing.append((of, inspect.cleandoc(real.__doc__ or "")))
    assert differing == []


def test_nothing_is_required_at_run_time() -> None:
    """No dependency but extras, and the wheel is typed."""
    required = importlib.metadata.requires("partner-center") or []
    assert [one for one in required if "extra ==" not in one] == []
    assert (Path(partner_center.__file__).parent / "py.typed").exists()
    assert partner_center.__version__ == importlib.metadata.version("partner-center")


def test_import_is_light() -> None:
    """Nothing that a script does not need: each of these costs more than the package."""
    heavy = ["argparse", "asyncio", "contextvars", "dataclasses", "inspect", "typing", "json"]
    heavy += ["logging", "ssl"]
    script = f"import sys, partner_center; print([m for m in {heavy!r} if m in sys.modules])"
    printed = subprocess.check_output([sys.executable, "-S", "-c", _path() + script], text=True)
    assert printed.strip() == "[]"


def _path() -> str:
    """With -S there is no site-packages; the package's own folder is all that is needed."""
    folder = str(Path(partner_center.__file__).parent.parent)
    return f"import sys; sys.path.insert(0, {folder!r}); "


@pytest.mark.parametrize(
    "name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"], ids=str.lower
)
def test_certificate_bundles_of_the_environment(
    name: str, tmp_path: Path, fixture_server: Any
) -> None:
    """They are used, and one that is not there is named."""
    case = "get_qualification/education"
    arguments = json.loads((FIXTURES / "cases" / f"{case}.json").read_text())["arguments"]
    bundle = tmp_path / "bundle.pem"
    script = (
        "import sys, partner_center\n"
        f"client = partner_center.Client('first-token', base_url=sys.argv[1])\n"
        f"print(client.get_qualification(**{arguments!r}).qualification)\n"
    )

    def run(file: Path) -> subprocess.CompletedProcess[str]:
        port = fixture_server.start(case)
        try:
            return subprocess.run(
                [sys.executable, "-c", script, f"https://127.0.0.1:{port}"],
                env={name: str(file), "PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            fixture_server.finish(case)

    bundle.write_bytes(fixture_server.authority)
    assert run(bundle).stdout == "Education\n"
    missing = run(tmp_path / "missing.pem")
    assert missing.returncode == 1
    assert f"{name} names {tmp_path / 'missing.pem'}" in missing.stderr


def test_extra_authorities_stand_beside_the_machines(
    tmp_path: Path, fixture_server: FixtureServer
) -> None:
    """Whichever of the two knows the server, it is trusted; with neither it is not."""
    case = "get_qualification/education"
    arguments = json.loads((FIXTURES / "cases" / f"{case}.json").read_text())["arguments"]
    stranger = FixtureServer()
    stranger.close()
    script = (
        "import sys, pathlib, partner_center\n"
        "extra = pathlib.Path(sys.argv[2]).read_bytes()\n"
        "options = {'base_url': sys.argv[1], 'ca_certificates': extra}\n"
        "try:\n"
        "    client = partner_center.Client('first-token', **options)\n"
        f"    print(client.get_qualification(**{arguments!r}).qualification)\n"
        "except partner_center.TlsError as error:\n"
        "    print(error.kind)\n"
    )
    files = {}
    for name, pem in (("known", fixture_server.authority), ("other", stranger.authority)):
        files[name] = tmp_path / f"{name}.pem"
        files[name].write_bytes(pem)

    def run(machine: str, extra: str) -> str:
        port = fixture_server.start(case)
        try:
            return subprocess.check_output(
                [sys.executable, "-c", script, f"https://127.0.0.1:{port}", str(files[extra])],
                env={"SSL_CERT_FILE": str(files[machine]), "PATH": "/usr/bin:/bin"},
                text=True,
            ).strip()
        finally:
            fixture_server.finish(case)

    assert run("other", "known") == "Education"
    assert run("known", "other") == "Education"
    assert run("other", "other") == "Tls"


@pytest.mark.parametrize("how", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "option"])
def test_a_proxy_that_refuses_is_named_without_its_password(how: str) -> None:
    """From the environment or from the option; nothing goes to the service beside it."""
    script = (
        "import sys, partner_center\n"
        "proxy = sys.argv[1] or None\n"
        "client = partner_center.Client('some-token', proxy=proxy)\n"
        "try:\n"
        f"    client.update_qualification({GUID!r}, 'Education')\n"
        "except partner_center.ProxyError as error:\n"
        "    print(error.outcome, error)\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        url = f"http://user:proxy-password@127.0.0.1:{proxy.getsockname()[1]}"
        environment = {} if how == "option" else {how: url}
        process = subprocess.Popen(
            [sys.executable, "-c", script, url if how == "option" else ""],
            env={"PATH": "/usr/bin:/bin", **environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        proxy.settimeout(60)
        stream, _ = proxy.accept()
        with stream:
            asked = stream.recv(65536)
            stream.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        printed, _ = process.communicate(timeout=60)
    assert asked.startswith(b"CONNECT api.partnercenter.microsoft.com:443 ")
    assert printed.startswith("not_applied The proxy gave no connection to the server: ")
    assert url.rpartition("@")[2] in printed
    assert "proxy-password" not in printed


def test_each_cloud_has_its_address() -> None:
    """Learn, "Partner Center REST URLs"; the government cloud shares the global address."""
    hosts = {}
    for cloud in Cloud:
        preview = Client("t", cloud=cloud).preview_update_qualification(GUID, "Education")
        hosts[cloud.value] = re.findall(r"^Host: (.*)$", preview, re.MULTILINE)
    assert hosts == {
        "global": ["api.partnercenter.microsoft.com"],
        "us_government": ["api.partnercenter.microsoft.com"],
        "china": ["partner.partnercenterapi.microsoftonline.cn"],
    }


@pytest.mark.parametrize(
    ("kind", "folder", "ending"), [("case", "cases", "json"), ("recording", "recordings", "har")]
)
def test_fixtures_obey_their_schemas(kind: str, folder: str, ending: str) -> None:
    """Each file; and the schema itself is one."""
    schema = json.loads((FIXTURES / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    files = sorted((FIXTURES / folder).rglob(f"*.{ending}"))
    assert files
    wrong = {
        str(file.relative_to(FIXTURES)): error.message
        for file in files
        for error in validator.iter_errors(json.loads(file.read_text(encoding="utf-8")))
    }
    assert not wrong


def test_every_recording_is_used_and_none_is_missing() -> None:
    """By the name in the cases."""
    cases = (FIXTURES / "cases").rglob("*.json")
    used = {json.loads(path.read_text(encoding="utf-8"))["recording"] for path in cases}
    there = {path.stem for path in (FIXTURES / "recordings").glob("*.har")}
    assert used - {None} == there


def test_a_stripped_recording_is_a_har_for_others(tmp_path: Path) -> None:
    """mitmproxy reads each one, without our members, and sees the same exchanges."""
    script = ROOT / "bindings-python" / "tests" / "read_har.py"
    for path in sorted((FIXTURES / "recordings").glob("*.har")):
        recording = stripped(json.loads(path.read_text(encoding="utf-8")))
        assert "_fixture" not in json.dumps(recording)
        (tmp_path / path.name).write_text(json.dumps(recording), encoding="utf-8")
    printed = subprocess.check_output([sys.executable, str(script), str(tmp_path)], text=True)
    seen = json.loads(printed)
    for path in sorted((FIXTURES / "recordings").glob("*.har")):
        entries = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
        expected = [
            [e["request"]["method"], e["request"]["url"], e["response"]["status"]] for e in entries
        ]
        assert seen[path.name] == expected


def stripped(value: Any) -> Any:
    """Without the members that HAR leaves to applications."""
    if isinstance(value, dict):
        return {k: stripped(v) for k, v in value.items() if not k.startswith("_")}
    return [stripped(item) for item in value] if isinstance(value, list) else value
