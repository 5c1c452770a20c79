"""What the ready-made roles may know of."""

import pytest

from shared.contracts.codes import OptChnl
from shared.web.development_issuer.roles import claims_of
from shared.web.principal import Principal


def principal(role: str, admdvs: str | None = None) -> Principal:
    return Principal.of_claims({**claims_of(role, admdvs)})


def test_online_channel_is_no_platform_wide_caller() -> None:
    channel = principal("online-channel")
    assert not channel.is_platform_wide
    assert not channel.sees("370100", "510100")
    assert channel.channel("370100", "510100") is OptChnl.PLATFORM


def test_operator_of_the_platform_sees_every_area() -> None:
    assert principal("platform-operator").sees("370100")


@pytest.mark.parametrize("role", ["window", "clerk", "checker", "core", "bank-desk", "operator"])
def test_agency_role_sees_its_own_area_only(role: str) -> None:
    assert principal(role, "370100").sees("370100", "510100")
    assert not principal(role, "370100").sees("510100")
