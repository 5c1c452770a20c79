"""What nobody should do to a database, of each kind and at each side that keeps such a thing; all of one whole case."""


def _copy(changes: str, source: str) -> str:
    """Insert a row like one of ``source`` (table and condition), with ``changes`` (name, value, ...)."""
    table, _, condition = source.partition(" ")
    return (
        f"INSERT INTO {table} OVERRIDING SYSTEM VALUE"  # noqa: S608
        f" SELECT (jsonb_populate_record(t, jsonb_build_object({changes}))).* FROM {table} t {condition}"
    )


# Service, what somebody changes in its database, how it is put right; the break: kind, side, the platform's value, the
# side's.
CHANGED = (
    (
        "outbound",
        "UPDATE outbound_case SET state = '{}' WHERE rlts_traf_id = '{case}'",
        ("withdrawn", "ended"),
        ("state", "outbound", "completed", "withdrawn"),
    ),
    (
        "outbound",
        "UPDATE sealed_sheet SET amount = {} WHERE rlts_traf_id = '{case}'",
        (123, 123456),
        ("amount_stated", "outbound", "1234.56", "1.23"),
    ),
    (
        "outbound",
        "UPDATE payment_fact SET amount = {} WHERE rlts_traf_id = '{case}'",
        (100, 123456),
        ("amount_paid", "outbound", "1234.56", "1.00"),
    ),
    (
        "inbound",
        "UPDATE received_sheet SET sheet_version = {} WHERE rlts_traf_id = '{case}'",
        (2, 1),
        ("sheet_version", "inbound", "1", "2"),
    ),
    (
        "inbound",
        "UPDATE inbound_case SET state = '{}' WHERE rlts_traf_id = '{case}'",
        ("withdrawn", "completed"),
        ("state", "inbound", "completed", "withdrawn"),
    ),
    (
        "inbound",
        "UPDATE balance_credit SET amount = {} WHERE rlts_traf_id = '{case}'",
        (123400, 123456),
        ("amount_credited", "inbound", "1234.56", "1234.00"),
    ),
    (
        "ledger",
        (
            "UPDATE obligation SET sheet_digest = '{}' || substr(sheet_digest, 2) WHERE rlts_traf_id = '{case}'"
            " AND side = 'payer'"
        ),
        ("x", "{digit}"),
        ("sheet_digest", "payer", "{digest}", "x{digest_tail}"),
    ),
    (
        "ledger",
        (
            "UPDATE claim SET amount_fen = {} WHERE kind = 'payment' AND obligation_id IN"
            " (SELECT id FROM obligation WHERE rlts_traf_id = '{case}')"
        ),
        (5, 123456),
        # With the return below, which was undone, so that its payment counts once more.
        ("amount_paid", "payer", "1234.56", "6.05"),
    ),
    (
        "ledger",
        (
            "UPDATE claim SET amount_fen = {} WHERE kind = 'receipt' AND obligation_id IN"
            " (SELECT id FROM obligation WHERE rlts_traf_id = '{case}')"
        ),
        (7, 123456),
        ("amount_matched", "payee", "1234.56", "0.07"),
    ),
    (
        "ledger",
        "UPDATE obligation SET credited_fen = {} WHERE rlts_traf_id = '{case}' AND side = 'payee'",
        (9, 123456),
        ("amount_credited", "payee", "1234.56", "0.09"),
    ),
    (
        "inbound",
        "{}",
        (
            "INSERT INTO received_addendum VALUES ('{case}', 901, '', '', '', 300, 'interest', '', now())",
            "DELETE FROM received_addendum WHERE addendum_no = 901",
        ),
        ("amount_added", "inbound", "0.00", "3.00"),
    ),
    (
        "inbound",
        "{}",
        (
            "INSERT INTO balance_release VALUES ('{case}', '9', 400, 400, now(), current_date)",
            "DELETE FROM balance_release WHERE obligation_no = '9'",
        ),
        ("amount_reversed", "inbound", "0.00", "4.00"),
    ),
    (
        "outbound",
        "{}",
        (
            (
                "INSERT INTO payment_fact"
                " VALUES (gen_random_uuid(), '{case}', 'returned', '9', 500, current_date, '', now())"
            ),
            "DELETE FROM payment_fact WHERE obligation_no = '9'",
        ),
        ("amount_returned", "outbound", "6.00", "5.00"),
    ),
    (
        "platform_gateway",
        "{}",
        (
            (
                "INSERT INTO money_fact (rlts_traf_id, kind, amount, booked_on, sender, message_id, recorded_at)"
                " SELECT rlts_traf_id, 'refunded', 600, current_date, 'ledger.370100', message_id, received_at"
                " FROM inbox WHERE rlts_traf_id = '{case}' AND type LIKE '%TransferCompleted%'"
            ),
            "DELETE FROM money_fact WHERE kind = 'refunded' AND rlts_traf_id = '{case}'",
        ),
        ("amount_refunded", "payer", "6.00", "0.00"),
    ),
    # The same things at the sides that have not been named so far.
    (
        "outbound",
        (
            "WITH sheet AS (UPDATE sealed_sheet SET version = {0} WHERE rlts_traf_id = '{case}')"
            " UPDATE sheet_answer SET version = {0} WHERE rlts_traf_id = '{case}'"
        ),
        (2, 1),
        ("sheet_version", "outbound", "1", "2"),
    ),
    (
        "outbound",
        "{}",
        (
            (
                "INSERT INTO addendum (rlts_traf_id, addendum_no, cause, reason, amount, state, proposed_by,"
                " proposed_name, proposed_at, reviewed_by, sealed_addendum)"
                " VALUES ('{case}', 901, 'interest', '', 700, 'accepted', 'a', '', now(), 'b', '')"
            ),
            "DELETE FROM addendum WHERE addendum_no = 901",
        ),
        ("amount_added", "outbound", "0.00", "7.00"),
    ),
    (
        "inbound",
        "UPDATE inbound_case SET sheet_amount = {} WHERE rlts_traf_id = '{case}'",
        (222, 123456),
        ("amount_stated", "inbound", "1234.56", "2.22"),
    ),
    (
        "inbound",
        "{}",
        (
            "INSERT INTO balance_match VALUES ('{case}', '9', 800, '', now(), now())",
            "DELETE FROM balance_match WHERE obligation_no = '9'",
        ),
        ("amount_matched", "inbound", "1234.56", "1242.56"),
    ),
    *(
        (
            side,
            f"UPDATE {table} SET sealed_sheet = {{}} WHERE rlts_traf_id = '{{case}}'",  # noqa: S608
            ("sealed_sheet || ' '", "rtrim(sealed_sheet)"),
            ("sheet_digest", side, "{digest}", "{other_digest}"),
        )
        for side, table in (("outbound", "sealed_sheet"), ("inbound", "received_sheet"))
    ),
    *(
        (
            "ledger",
            f"UPDATE obligation SET {column} = {{}} WHERE rlts_traf_id = '{{case}}' AND side = '{side}'",  # noqa: S608
            values,
            (kind, side, *shown),
        )
        for side in ("payer", "payee")
        for column, values, kind, shown in (
            ("sheet_version", (2, 1), "sheet_version", ("1", "2")),
            ("amount_fen", (333, 123456), "amount_stated", ("1234.56", "3.33")),
        )
    ),
    (
        "ledger",
        (
            "UPDATE obligation SET sheet_digest = '{}' || substr(sheet_digest, 2) WHERE rlts_traf_id = '{case}'"
            " AND side = 'payee'"
        ),
        ("y", "{digit}"),
        ("sheet_digest", "payee", "{digest}", "y{digest_tail}"),
    ),
    *(
        (
            "ledger",
            "{}",
            (
                _copy(
                    f"'id', -{number}, 'obligation_no', '{number}', 'reason', 'addendum', 'amount_fen', 900,"
                    " 'direction', 'nothing', 'due_fen', 0, 'credited_on', null, 'credited_fen', null",
                    f"obligation WHERE rlts_traf_id = '{{case}}' AND side = '{side}' AND reason = 'balance'",
                ),
                f"DELETE FROM obligation WHERE id = -{number}",  # noqa: S608
            ),
            ("amount_added", side, "0.00", "9.00"),
        )
        for number, side in ((801, "payer"), (802, "payee"))
    ),
    (
        "ledger",
        "{}",
        (
            _copy(
                "'id', -1, 'kind', 'return', 'amount_fen', 600, 'undone_on', '2026-01-01'",
                "claim WHERE kind = 'payment' AND obligation_id IN"
                " (SELECT id FROM obligation WHERE rlts_traf_id = '{case}')",
            ),
            "DELETE FROM claim WHERE id = -1",
        ),
        ("amount_returned", "payer", "0.00", "6.00"),
    ),
)
