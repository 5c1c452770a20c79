"""Keys, a registry's key list and a sheet to seal."""

import shutil
import subprocess
from datetime import date
from importlib.util import find_spec

import pytest

from shared.contracts.codes import AcctDisposition, Gend
from shared.contracts.info_sheet import InfoSheet, SheetAttachment, SheetFoot, SheetHead, SheetRow
from shared.contracts.party import PLATFORM, Party, Role
from shared.signing.keys import Purpose
from tests.unit.shared.signing.key_ring import KeyRing, MakeSheet

JINAN = Party(Role.OUTBOUND, "370100")

ALGORITHM_PARAMS = [
    "ES256",
    pytest.param(
        "SM2-SM3",
        marks=pytest.mark.skipif(find_spec("tongsuopy") is None, reason="tongsuopy, an extra, is not installed"),
    ),
]


@pytest.fixture(params=ALGORITHM_PARAMS)
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def openssl(algorithm: str) -> None:
    """Skips, with the reason, where openssl is missing or does not know the algorithm."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    command = ["openssl", "list", "-public-key-algorithms"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    if algorithm == "SM2-SM3" and "SM2" not in listed:
        pytest.skip("this openssl was built without SM2")


@pytest.fixture
def ring(algorithm: str) -> KeyRing:
    ring = KeyRing()
    ring.add(JINAN, Purpose.SEAL, algorithm)
    ring.add(JINAN, Purpose.MESSAGE, algorithm)
    ring.add(PLATFORM, Purpose.SEAL, algorithm)
    return ring


@pytest.fixture
def make_sheet() -> MakeSheet:
    def make(**changes: object) -> InfoSheet:
        sheet = InfoSheet(
            rlts_traf_id="7K2M9QX4TB6WPZ3C",
            version=1,
            trafout_admdvs="370100",
            trafin_admdvs="110000",
            trafout_insutype="310",
            trafin_insutype="310",
            head=SheetHead(psn_name="张三", psn_cert_type="01", certno="11010519491231002X", gend=Gend.FEMALE),
            rows=(
                SheetRow(
                    row_no=1,
                    accrym_begn="202301",
                    accrym_end="202412",
                    row_type="1",
                    months=24,
                    agency_name="济南市医疗保险事业中心",
                    admdvs="370100",
                ),
            ),
            foot=SheetFoot(
                acctfund_traf_amt_cn="壹仟贰佰叁拾肆圆伍角陆分",
                acctfund_traf_amt=123456,
                opter_name="李四",
                tel="0531-12345678",
                agency_name="济南市医疗保险事业中心",
                issued_on=date(2026, 3, 2),
            ),
            acct_disposition=AcctDisposition.TRANSFER,
            has_account=True,
            attachment=SheetAttachment(psn_no="37010000000001"),
        )
        return sheet.model_copy(update=changes)

    return make


@pytest.fixture
def sheet(make_sheet: MakeSheet) -> InfoSheet:
    return make_sheet()
