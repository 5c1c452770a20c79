"""Private keys in a directory."""

from pathlib import Path

import pytest

from shared.contracts.party import PLATFORM, Party, Role
from shared.signing.errors import KeyUnreadable, NoSigningKey
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import Signers, read_private_key

JINAN = Party(Role.OUTBOUND, "370100")


def store(path: Path, key: PrivateKey) -> PrivateKey:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(key.pem(), encoding="ascii")
    return key


def test_reads_each_party_and_purpose(tmp_path: Path, algorithm: str) -> None:
    seal = store(tmp_path / "outbound.370100" / "seal.pem", PrivateKey.generate(algorithm))
    message = store(tmp_path / "platform" / "message.pem", PrivateKey.generate(algorithm))

    signers = Signers.from_directory(tmp_path)

    assert signers.key(JINAN, Purpose.SEAL) == seal
    assert signers.key(PLATFORM, Purpose.MESSAGE) == message
    with pytest.raises(NoSigningKey, match=r"seal key for platform"):
        signers.key(PLATFORM, Purpose.SEAL)


def test_leaves_other_files_alone(tmp_path: Path) -> None:
    root = store(tmp_path / "root.pem", PrivateKey.generate("ES256"))
    (tmp_path / "outbound.370100").mkdir()
    (tmp_path / "outbound.370100" / "notes.pem").write_text("nothing")
    store(tmp_path / "lost+found" / "seal.pem", PrivateKey.generate("ES256"))

    with pytest.raises(NoSigningKey):
        Signers.from_directory(tmp_path).key(JINAN, Purpose.SEAL)
    assert read_private_key(tmp_path / "root.pem") == root


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff"])
def test_names_the_key_file_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "platform" / "seal.pem"
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(KeyUnreadable, match=r"seal\.pem"):
        Signers.from_directory(tmp_path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyUnreadable, match=r"root\.pem"):
        read_private_key(tmp_path / "root.pem")
