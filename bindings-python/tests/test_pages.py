"""Customers in pages: each is fetched when it is wanted, and not before."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref

import pytest
from conftest import GUID
from partner_center import AuthenticationError, Client, Customer, InvalidArgumentError
from partner_center.testing import Emulator


@pytest.fixture
def crowd() -> Emulator:
    """An emulator with 27 customers."""
    return Emulator(customers=22)


def test_a_page_is_fetched_with_its_first_customer(crowd: Emulator) -> None:
    """Not a page earlier, and none after the last."""
    client = Client(crowd.token, base_url=crowd.url, allow_http_loopback=True)
    listed = client.list_customers(page_size=10)
    names = []
    for pages, customers in ((0, 0), (1, 1), (1, 9), (2, 1), (2, 9), (3, 7)):
        names += [next(listed).company_name for _ in range(customers)]
        assert len(crowd.requests()) == pages
    assert next(listed, None) is None
    assert next(listed, None) is None
    assert len(crowd.requests()) == 3
    assert names == [customer["company_name"] for customer in crowd.customers()]


def test_pages_say_how_they_came_about(crowd: Emulator) -> None:
    """Each with its own request; the correlation id is the caller's."""
    client = Client(crowd.token, base_url=crowd.url, allow_http_loopback=True)
    listed = client.list_customers(page_size=10, correlation_id=GUID)
    pages = list(listed.pages())
    assert [len(page) for page in pages] == [10, 10, 7]
    assert {page.correlation_id for page in pages} == {GUID}
    assert len({page.request_id for page in pages}) == 3
    assert all(isinstance(customer, Customer) for page in pages for customer in page)
    assert list(listed) == []


def test_a_page_goes_on_after_a_customer(crowd: Emulator) -> None:
    """What is left of a page that was begun is not among the pages."""
    client = Client(crowd.token, base_url=crowd.url, allow_http_loopback=True)
    listed = client.list_customers(company_name="customer", page_size=10)
    first = next(listed)
    assert first.company_name == "Customer 00001"
    (second, third) = listed.pages()
    assert [len(second), len(third)] == [10, 2]
    assert len(list(listed)) == 9


def test_a_page_that_failed_may_be_asked_for_again(crowd: Emulator) -> None:
    """No customer is lost, and none comes twice."""
    tokens = {"now": crowd.token}
    client = Client(lambda: tokens["now"], base_url=crowd.url, allow_http_loopback=True)
    listed = client.list_customers(page_size=20)
    customers = [next(listed) for _ in range(20)]
    crowd.expire_token()
    with pytest.raises(AuthenticationError):
        next(listed)
    tokens["now"] = crowd.token
    customers += listed
    assert [customer.id for customer in customers] == [row["id"] for row in crowd.customers()]


@pytest.mark.parametrize("size", [0, 501])
def test_a_listing_refuses_when_it_begins(crowd: Emulator, size: int) -> None:
    """Nothing is sent."""
    client = Client(crowd.token, base_url=crowd.url, allow_http_loopback=True)
    listed = client.list_customers(page_size=size)
    with pytest.raises(InvalidArgumentError, match="page_size"):
        next(listed)
    assert crowd.requests() == []


def test_a_listing_in_a_circle_is_collected() -> None:
    """Of its client's owner, say."""

    class Owner:
        def __init__(self) -> None:
            self.listed = Client(self.token).list_customers()
            self.pages = self.listed.pages()

        def token(self) -> str:
            return "t"

    owner = weakref.ref(Owner())
    gc.collect()
    assert owner() is None


LISTS = """
import sys
from partner_center import Client

def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096

client = Client(sys.argv[1], base_url=sys.argv[2], allow_http_loopback=True)
after, count = [], 0
for page in client.list_customers(page_size=500).pages():
    count += len(page)
    after.append(resident())
print(count, len(after), max(after) - after[2])
"""


def test_ten_thousand_customers_take_no_more_memory_than_a_few_pages() -> None:
    """All of them at once would be 10 MB and more."""
    with Emulator(customers=9_995) as emulator:
        printed = subprocess.run(
            [sys.executable, "-c", LISTS, emulator.token, emulator.url],
            capture_output=True,
            text=True,
            check=True,
            # How many threads come to be, each with its own, is nobody's to say.
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},
        ).stdout
    count, pages, grown = map(int, printed.split())
    assert (count, pages) == (10_000, 20)
    assert grown < 3_000_000
