"""Which network addresses may be connected to."""

from __future__ import annotations

from ipaddress import ip_network

import httpcore
import pytest

from monitor.fetching.guard import AddressRefused, GuardedBackend, is_allowed


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104 - an address to refuse, nothing listens on it
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "192.88.99.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.1.2.3",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "2002:0a00:0001::",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "2002:7f00:0001::1",
        "64:ff9b::7f00:1",
        "64:ff9b::169.254.169.254",
        "::ffff:169.254.169.254",
        "fc00::1",
        "fd12::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "100::1",
    ],
)
def test_what_is_not_public_is_refused(address):
    assert not is_allowed(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_the_public_internet_is_let_through(address):
    assert is_allowed(address)


def test_an_operator_allows_networks():
    allowed = (ip_network("127.0.0.1/32"), ip_network("fd00:1::/32"))
    addresses = ("127.0.0.1", "::ffff:127.0.0.1", "127.0.0.2", "fd00:1::5", "fd00:2::5")
    assert [is_allowed(address, allowed) for address in addresses] == [True, True, False, True, False]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "localhost",
        "::1",
        "0",
        "127.1",
        "017700000001",
        "::ffff:7f00:1",
        "64:ff9b::7f00:1",
    ],
)
async def test_every_spelling_of_loopback_is_refused(host):
    with pytest.raises(AddressRefused):
        await GuardedBackend().connect_tcp(host, 9, timeout=5)


async def test_a_name_that_is_not_known_is_a_connection_error():
    with pytest.raises(httpcore.ConnectError, match="not known"):
        await GuardedBackend().connect_tcp("nowhere.invalid", 80, timeout=5)


async def test_socket_files_are_refused():
    with pytest.raises(AddressRefused):
        await GuardedBackend().connect_unix_socket("/run/any.sock")
