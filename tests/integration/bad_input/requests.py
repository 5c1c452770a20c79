"""Requests that nobody should send, each with the answer that is promised for it."""

from dataclasses import dataclass, field
from typing import Any

from tests.courses import ZHENG_SHUANG, application
from tests.people import contribution, person_document, relation
from tests.registry import JINAN

JSON = {"Content-Type": "application/json"}
MEBIBYTE = 1024 * 1024


Pointed = tuple[str, str | None]


@dataclass(frozen=True)
class Bad:
    """``answer`` is status and code; ``at`` is pointer and code (None: whichever) of one of the ``errors``."""

    name: str
    package: str
    method: str
    path: str
    answer: tuple[int, str]
    at: Pointed | None = None
    options: dict[str, Any] = field(default_factory=dict)
    area: str = "*"

    def __str__(self) -> str:
        return f"{self.package}: {self.name}"


TARGETS = (
    ("platform_gateway", "POST", "/transfers", "*"),
    ("outbound", "PUT", "/persons/A001", JINAN),
    ("inbound", "PUT", "/persons/A001", JINAN),
    ("ledger", "POST", "/payment-batches", JINAN),
)
MALFORMED, INVALID = (400, "malformed-body"), (422, "invalid-input")
BODIES: tuple[tuple[str, bytes, tuple[int, str], Pointed | None], ...] = (
    ("no body", b"", INVALID, ("", "missing")),
    ("cut off", b'{"a":', MALFORMED, None),
    ("not UTF-8", b'{"a":"\xff"}', MALFORMED, None),
    ("byte order mark", b"\xef\xbb\xbf{}", MALFORMED, None),
    ("a name twice", b'{"a":1,"a":2}', MALFORMED, None),
    ("not a number", b'{"a":NaN}', MALFORMED, None),
    ("infinite", b'{"a":1e999}', MALFORMED, None),
    ("a number of 5000 digits", b'{"a":' + b"9" * 5000 + b"}", MALFORMED, None),
    ("100,000 brackets", b"[" * 100_000, MALFORMED, None),
    ("500 objects deep", b'{"a":' * 500 + b"1" + b"}" * 500, INVALID, None),
    ("a list", b"[]", INVALID, ("", "model-attributes-type")),
    ("null", b"null", INVALID, ("", "model-attributes-type")),
    ("a NUL character", b'{"psn_name":"a\\u0000"}', INVALID, ("/psn_name", "forbidden-character")),
    ("half a surrogate pair", b'{"psn_name":"\\ud800"}', INVALID, ("/psn_name", "forbidden-character")),
    ("a NUL character in a name", b'{"a\\u0000":1}', INVALID, ("", "forbidden-character")),
    ("one byte over the limit", b" " * (MEBIBYTE + 1), (413, "body-too-large"), None),
)
MEDIA_TYPES: tuple[tuple[str, dict[str, str]], ...] = (
    ("plain text", {"Content-Type": "text/plain"}),
    ("a form", {"Content-Type": "application/x-www-form-urlencoded"}),
    ("no content type", {"Content-Type": ""}),
    ("UTF-16", {"Content-Type": "application/json; charset=utf-16"}),
    ("compressed", JSON | {"Content-Encoding": "gzip"}),
)


def _everywhere() -> list[Bad]:
    found = []
    for package, method, path, area in TARGETS:
        for name, content, answer, at in BODIES:
            options = {"content": content, "headers": JSON}
            found.append(Bad(name, package, method, path, answer, at, options, area))
        for name, headers in MEDIA_TYPES:
            options = {"content": b"{}", "headers": headers}
            found.append(Bad(name, package, method, path, (415, "unsupported-media-type"), None, options, area))
        surprise = ("/surprise", "extra-forbidden")
        found.append(Bad("an unknown field", package, method, path, INVALID, surprise, {"json": {"surprise": 1}}, area))
        missing, wrong = (404, "not-found"), (405, "method-not-allowed")
        found.append(Bad("an unknown address", package, "GET", "/nothing", missing, None, {}, area))
        found.append(Bad("a method that is not offered", package, "DELETE", path, wrong, None, {}, area))
        events = ("after=-1", "after=x", "after=9223372036854775808", "limit=0", "limit=501", "limit=%00")
        found += [Bad(f"?{query}", package, "GET", f"/events?{query}", INVALID, None, {}, area) for query in events]
        cursors = ("abc", "WzFd", "W251bGxd", "WyJ4Il0", "%F0%9F%98%80", "W" * 600)
        found += [
            Bad(f"cursor {cursor[:8]}", package, "GET", f"/quarantine?cursor={cursor}", (422, "invalid-cursor"))
            for cursor in cursors
        ]
    return found


def _application(name: str, at: tuple[str, str], code: str = "application-not-taken", **changes: Any) -> Bad:
    body = {"json": application(ZHENG_SHUANG, **changes)}
    return Bad(name, "platform_gateway", "POST", "/transfers", (422, code), at, body)


def _applications() -> list[Bad]:
    invalid = "invalid-input"
    return [
        _application("a wrong check digit", ("/certno", "A06"), certno="110101199003078495"),
        _application("a certificate number too short", ("/certno", "A06"), certno="ABC"),
        _application("30 February inside the certificate number", ("/certno", "A06"), certno="110101199002308498"),
        _application("an area that is none", ("/trafout_admdvs", "A06"), trafout_admdvs="999999"),
        _application("another scheme", ("/trafin_insutype", "A14"), trafin_insutype="999"),
        _application("an agent without a name", ("/applicant/psn_name", "A06"), applicant={"kind": "agent"}),
        _application("letters as area", ("/trafin_admdvs", "string-pattern-mismatch"), invalid, trafin_admdvs="abc"),
        _application("an empty name", ("/psn_name", "string-too-short"), invalid, psn_name=" "),
        _application("a name too long", ("/psn_name", "string-too-long"), invalid, psn_name="长" * 51),
        _application("a number as name", ("/psn_name", "string-type"), invalid, psn_name=5),
        _application("a kind of applicant that is none", ("/applicant/kind", "enum"), invalid, applicant={"kind": "k"}),
        _application("too many references", ("/refs", "too-long"), invalid, refs=[{"system": "x", "number": "y"}] * 11),
    ]


def _keys() -> list[Bad]:
    body = {"json": application(ZHENG_SHUANG)}
    values = (("an empty key", "", "string-too-short"), ("a space in the key", "a b", "string-pattern-mismatch"))
    return [
        Bad(
            name,
            "platform_gateway",
            "POST",
            "/transfers",
            INVALID,
            ("/Idempotency-Key", code),
            {**body, "headers": {"Idempotency-Key": value}},
        )
        for name, value, code in values
    ]


def _queries() -> list[Bad]:
    nul = ("", "forbidden-character")
    paths: tuple[tuple[str, str, Pointed | None], ...] = (
        ("platform_gateway", "/transfers/%00", nul),
        ("platform_gateway", "/transfers?state=%00", nul),
        ("outbound", "/persons/%00", nul),
        ("inbound", "/persons/A%00", nul),
        ("ledger", "/statements/%00", nul),
        ("platform_gateway", "/transfers?accepted_from=2026-02-30", ("/accepted_from", None)),
        ("platform_gateway", "/transfers?accepted_to=20260302000000", ("/accepted_to", None)),
        ("platform_gateway", "/transfers?state=x", ("/state", "enum")),
        ("platform_gateway", "/transfers?admdvs=abc", ("/admdvs", "string-pattern-mismatch")),
        ("platform_gateway", "/transfers/abc", ("/rlts_traf_id", "string-pattern-mismatch")),
        ("platform_gateway", "/transfers/ABCDEFGHJKMN2345/sheets/0", ("/version", "greater-than-equal")),
        ("platform_gateway", "/transfers/ABCDEFGHJKMN2345/sheets/9999999999", ("/version", "less-than-equal")),
        ("outbound", "/cases?due_until=2026-13-01", ("/due_until", None)),
        ("outbound", "/cases?state=x", ("/state/0", "enum")),
        ("outbound", "/core-tasks?after=9223372036854775808", ("/after", "less-than")),
        ("outbound", "/persons/%F0%9F%98%80%20", None),
        ("inbound", "/cases/abc", ("/rlts_traf_id", "string-pattern-mismatch")),
        ("inbound", "/core-tasks?after=9223372036854775808", ("/after", "less-than")),
        ("ledger", "/accounts/0/balance", ("/account_id", "greater-than-equal")),
        ("ledger", "/accounts/99999999999999999999/balance", ("/account_id", "less-than")),
        ("ledger", "/accounts/1/balance?at=2026-02-30", ("/at", None)),
        ("ledger", f"/reconciliations/{JINAN}/2026-02-30", ("/day", None)),
        ("ledger", "/statements/xyz", ("/statement_id", "uuid-parsing")),
        ("ledger", "/payment-orders?rlts_traf_id=x", ("/rlts_traf_id", "string-pattern-mismatch")),
    )
    return [
        Bad(path, package, "GET", path, INVALID, at, {}, "*" if package == "platform_gateway" else JINAN)
        for package, path, at in paths
    ]


def _persons() -> list[Bad]:
    changes: tuple[tuple[str, dict[str, Any], tuple[str, str | None]], ...] = (
        ("born on 30 February", {"brdy": "2026-02-30"}, ("/brdy", None)),
        ("born in the year 0", {"brdy": "0000-01-01"}, ("/brdy", "date-parsing")),
        ("born tomorrow", {"brdy": "2030-01-01"}, ("/brdy", "brdy-in-future")),
        ("month 13", {"contributions": [contribution("202413", "202413")]}, ("/contributions/0/accrym_end", None)),
        (
            "months backwards",
            {"contributions": [contribution("202412", "202401")]},
            ("/contributions/0/accrym_end", None),
        ),
        ("a number as money", {"account": {"balc": 1.5}}, ("/account/balc", "value-error")),
        ("a third decimal", {"account": {"balc": "1.234"}}, ("/account/balc", "value-error")),
        ("a negative balance", {"account": {"balc": "-1.00"}}, ("/account/balc", "greater-than-equal")),
        ("more money than there is", {"account": {"balc": "9" * 30 + ".00"}}, ("/account/balc", "value-error")),
        ("an unknown status", {"relations": [relation(psn_insu_stas="9")]}, ("/relations/0/psn_insu_stas", "enum")),
        ("a time without a zone", {"updt_time": "2026-01-01T00:00:00"}, ("/updt_time", "timezone-aware")),
        ("a time to come", {"updt_time": "2036-01-01T00:00:00Z"}, ("/updt_time", "updt-time-implausible")),
        ("another person's number", {"psn_no": "A009"}, ("/psn_no", "psn-no-differs")),
    )
    return [
        Bad(name, package, "PUT", "/persons/A001", INVALID, at, {"json": person_document("A001") | change}, JINAN)
        for package in ("outbound", "inbound")
        for name, change, at in changes
    ]


BAD_REQUESTS = [*_everywhere(), *_applications(), *_keys(), *_queries(), *_persons()]
