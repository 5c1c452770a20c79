"""Keys are made once, for the right parties, and readable by nobody else."""

import stat
from pathlib import Path

from shared.contracts.party import PLATFORM, Party, Role
from shared.signing.keys import Purpose
from shared.signing.signers import Signers
from stack.keys import ES256, SM2, KeyFolder

AGENCIES = ("370100", "320100")


def made(folder: Path) -> KeyFolder:
    keys = KeyFolder(folder)
    keys.ensure(AGENCIES, sm2_agencies=("320100",))
    return keys


def test_makes_the_same_keys_only_once(tmp_path: Path) -> None:
    first = made(tmp_path).private_key(PLATFORM, Purpose.SEAL).kid
    assert made(tmp_path).private_key(PLATFORM, Purpose.SEAL).kid == first


def test_one_area_uses_sm2(tmp_path: Path) -> None:
    keys = made(tmp_path)
    assert {key.algorithm for _, _, key in keys.own_keys("320100")} == {SM2}
    assert {key.algorithm for _, _, key in keys.own_keys("370100")} == {ES256}


def test_a_service_holds_only_its_own_parties_keys(tmp_path: Path) -> None:
    folder = made(tmp_path).service_folder("outbound")
    assert {path.parent.name for path in folder.rglob("*.pem")} == {"outbound.370100", "outbound.320100"}
    signers = Signers.from_directory(folder)
    assert signers.key(Party(Role.OUTBOUND, "370100"), Purpose.MESSAGE).algorithm == ES256


def test_private_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    made(tmp_path)
    private = [path for path in tmp_path.rglob("*.pem") if path.name != "root.pub.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
