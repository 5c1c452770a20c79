"""Settings come from the environment, and nothing secret has a default."""

import pytest
from pydantic import ValidationError

from shared.settings import ServiceSettings

NEEDED = {
    "DATABASE_URL": "postgresql://app:hidden@db/x",
    "AUTH_ISSUER": "https://issuer.example",
    "AUTH_AUDIENCE": "transfer",
    "AUTH_JWKS_URL": "https://issuer.example/jwks",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_reads_comma_lists(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AGENCIES", "370100, 440300,")
    assert ServiceSettings().agencies == ("370100", "440300")


def test_is_production_unless_said_otherwise(environment: pytest.MonkeyPatch) -> None:
    assert not ServiceSettings().is_development


def test_hides_secrets(environment: pytest.MonkeyPatch) -> None:
    assert "hidden" not in repr(ServiceSettings())


@pytest.mark.parametrize("missing", NEEDED)
def test_refuses_to_guess(environment: pytest.MonkeyPatch, missing: str) -> None:
    environment.delenv(missing)
    with pytest.raises(ValidationError, match=missing.lower()):
        ServiceSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("AGENCIES", "3701"), ("PORT", "70000"), ("MAX_BODY_BYTES", "1"), ("ENVIRONMENT", "test"), ("DEPLOYMENT", "A b")],
)
def test_refuses_wrong_values(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(name, value)
    with pytest.raises(ValidationError):
        ServiceSettings()
