"""Why a signature does not hold.

``VerificationFailed``
 ├── ``MalformedSignature``   not a JWS of the one form that is accepted
 ├── ``AlgorithmRefused``     an algorithm that is not in the table, or not the key's
 ├── ``WrongType``            signed, but as another kind of document
 ├── ``SignatureInvalid``     the bytes or the signature were changed
 ├── ``KeyUnknown``           the registry holds no such key (a newer one may)
 ├── ``KeyNotValid``          the key was not yet, or no longer, valid at that instant
 ├── ``KeyRevoked``           the key had been revoked by that instant
 ├── ``WrongPurpose``         a message key cannot seal, nor the other way round
 ├── ``WrongOwner``           a good key, of somebody else
 ├── ``ContentUnreadable``    well signed, but the signed bytes are not such a document
 └── ``DigestDiffers``        the countersignature is of another file
``NoSigningKey`` and ``AlgorithmUnavailable`` are faults of this deployment, not of what it was given.
"""

from collections.abc import Sequence

from shared.contracts.info_sheet import SheetFinding
from shared.errors import InvalidInput, TransferError


class VerificationFailed(InvalidInput):
    """Root of all reasons why something signed is not accepted."""

    code = "signature-not-accepted"


class MalformedSignature(VerificationFailed):
    """Not a JWS of the form that is accepted (RFC 7515 §7.2.1, appendix F)."""

    code = "signature-malformed"


class AlgorithmRefused(VerificationFailed):
    """The algorithm is not in the table, or is not the one that the key was registered for."""

    code = "signature-algorithm-refused"


class WrongType(VerificationFailed):
    """Signed as another kind of document (RFC 8725 §3.11)."""

    code = "signature-type-wrong"


class SignatureInvalid(VerificationFailed):
    """The signature does not fit the bytes and the key."""

    code = "signature-invalid"


class KeyUnknown(VerificationFailed):
    """The registry holds no key of this id."""

    code = "signature-key-unknown"


class KeyNotValid(VerificationFailed):
    """The key was not yet, or no longer, valid at the instant it is judged at."""

    code = "signature-key-not-valid"


class KeyRevoked(VerificationFailed):
    """The key had been revoked by the instant it is judged at."""

    code = "signature-key-revoked"


class WrongPurpose(VerificationFailed):
    """The key was registered for another purpose."""

    code = "signature-key-purpose-wrong"


class WrongOwner(VerificationFailed):
    """The key is somebody else's."""

    code = "signature-key-owner-wrong"


class ContentUnreadable(VerificationFailed):
    """Well signed, but the signed bytes are not the document they should be.

    For a sheet ``findings`` say where, and ``document`` is what was signed, as JSON is read: of personal data, and for
    the rules of the sheet alone.
    """

    code = "signed-content-unreadable"

    def __init__(self, message: str, *, findings: Sequence[SheetFinding] = (), document: object = None) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
        self.document = document


class DigestDiffers(VerificationFailed):
    """The countersignature was made over another file."""

    code = "sheet-digest-differs"


class NoSigningKey(TransferError):
    """This deployment holds no private key for a party and purpose."""


class KeyUnreadable(TransferError):
    """A key file is not a PEM key of a supported algorithm."""


class AlgorithmUnavailable(TransferError):
    """The algorithm needs an optional package that is not installed here."""
