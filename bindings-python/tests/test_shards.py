"""A plan's shards, run by somebody else's engine: Dask's distributed scheduler."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import dask
import pytest
from distributed import Client as Cluster
from distributed import LocalCluster
from partner_center import Client, Decision, InvalidArgumentError, Plan, Report
from partner_center.testing import Emulator

MANY = 60
WORKERS = 2
VARIABLE = "PARTNER_CENTER_TEST_TOKEN"


def token() -> str:
    """What pickles by its name: each worker finds the secret where it is."""
    return os.environ[VARIABLE]


def run(client: Client, shard: Plan, journal: str, per_second: float) -> tuple[int, Report]:
    """On a worker: in which process, and what became of the shard."""
    return os.getpid(), client.run(shard, journal, per_second=per_second)


@pytest.mark.filterwarnings("ignore:Creating scratch directories is taking:UserWarning")
def test_shards_run_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each in a process of its own, with its own journal and its part of the rate."""
    with Emulator(customers=MANY) as emulator:
        monkeypatch.setenv(VARIABLE, emulator.token)
        client = Client(token, base_url=emulator.url, allow_http_loopback=True)
        changes = [(one["id"], "Education") for one in emulator.customers()]
        plan = client.plan(changes, operation="update_qualification", per_second=None)
        shards = plan.shards(WORKERS)
        rate = 100 / WORKERS
        journals = [str(tmp_path / shard.fingerprint) for shard in shards]
        with (
            # Else the scheduler and the workers meet other runs' in a folder of all.
            dask.config.set({"temporary-directory": str(tmp_path)}),
            LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=WORKERS,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                host="127.0.0.1",
            ) as cluster,
            Cluster(cluster) as engine,  # type: ignore[no-untyped-call]
        ):
            names = [one["name"] for one in engine.scheduler_info(n_workers=-1)["workers"].values()]
            begun = [
                engine.submit(run, client, shard, journal, rate, workers=[name], pure=False)
                for shard, journal, name in zip(shards, journals, names, strict=True)
            ]
            ended = engine.gather(begun)
        assert len({os.getpid(), *(process for process, _ in ended)}) == WORKERS + 1
        reports = [report for _, report in ended]
        assert [report.fingerprint for report in reports] == [one.fingerprint for one in shards]
        rows = sorted(one.row for report in reports for one in report)
        assert rows == [one.row for one in plan]
        assert sum(report.planned for report in reports) == len(plan)
        assert sum(report.applied for report in reports) == plan.count(Decision.SET)
        assert emulator.applied() == plan.count(Decision.SET) > MANY
        # Another process goes on with the journal of any of them.
        again = client.resume(journals[0])
        assert again == reports[0]


def test_a_shard_is_a_plan(emulator: Emulator) -> None:
    """Disjoint, whole together, each with a fingerprint; it pickles."""
    client = Client(emulator.token, base_url=emulator.url, allow_http_loopback=True)
    changes = [(one["id"], "Education") for one in emulator.customers()]
    plan = client.plan(changes, operation="update_qualification", per_second=None)
    assert plan.shards(1) == (plan,)
    shards = plan.shards(3)
    assert sorted(one.row for shard in shards for one in shard) == [one.row for one in plan]
    assert len({shard.fingerprint for shard in shards}) == 3
    assert pickle.loads(pickle.dumps(shards)) == shards  # noqa: S301 - ours
    # None is empty.
    assert all(len(shard) == 1 for shard in plan.shards(10**30))
    for count in (0, -1, -(10**30)):
        with pytest.raises(InvalidArgumentError, match="count must be 1 or more"):
            plan.shards(count)
