"""Signs mail with the domain's key (RFC 6376), so that receivers trust its From and its way out."""

from __future__ import annotations

from dataclasses import dataclass

_SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"auto-submitted",
    b"mime-version",
    b"content-type",
)
# Named once more than it is there, a header cannot be added on the way (RFC 6376, section 8.15). The
# library does so for From by itself.
_SEALED = tuple(name for name in _SIGNED if name != b"from")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """A domain's key: ``selector._domainkey.domain`` holds its public half in DNS.

    ``private_key`` is PEM, of RSA.

    Raises:
        ValueError: it is not such a key.
    """

    domain: str
    selector: str
    private_key: bytes

    def __post_init__(self) -> None:
        import dkim  # noqa: PLC0415 - takes a while, and only who has a key needs it

        try:
            self.signature(b"From: a@example.org\r\n\r\n")
        except (dkim.DKIMException, ValueError, TypeError, IndexError) as error:
            raise ValueError(
                "the DKIM key is not a PEM file with an RSA private key: make one with `openssl genrsa 2048`"
            ) from error

    def signature(self, content: bytes) -> bytes:
        """Return the header that signs ``content``, a whole message; it goes before all others."""
        import dkim  # noqa: PLC0415 - as above

        signature: bytes = dkim.sign(
            content,
            self.selector.encode(),
            self.domain.encode(),
            self.private_key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*_SIGNED, *_SEALED],
        )
        return signature
