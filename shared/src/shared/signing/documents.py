"""Whose key signed a document; what each kind of document asks beyond that stands in its own module."""

from shared.signing import jws
from shared.signing.jws import DocumentType
from shared.signing.keys import Keys, VerificationKey, find


def signing_key(envelope: jws.Envelope, signature: jws.Signature, keys: Keys, typ: DocumentType) -> VerificationKey:
    """The key that made ``signature`` over ``envelope``'s payload as a document of kind ``typ``.

    The caller judges the key with ``key.require(purpose, at)`` and compares its owner, and only then parses.
    Raises ``WrongType``, ``KeyUnknown``, ``AlgorithmRefused`` or ``SignatureInvalid``.
    """
    signature.require_type(typ)
    key = find(keys, signature.kid)
    key.verify(signature.algorithm, signature.value, envelope.signing_input(signature))
    return key
