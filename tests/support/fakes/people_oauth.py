"""Fake of Google's OAuth server: consent page and token endpoint.

It enforces RFC 6749 (grants, form encoding, errors), RFC 7636 (PKCE with S256), RFC
7523 (a service account's signed assertion) and RFC 8252 (loopback redirects). The
consent page consents at once by a redirect, because a test's HTTP client acts as
browser and person. Google documents no lifetime of a code. Here a code works once.
"""

import base64
import hashlib
import time
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from google.auth import jwt

CONTACTS = "https://www.googleapis.com/auth/contacts.readonly"
OTHER = "https://www.googleapis.com/auth/contacts.other.readonly"
DIRECTORY = "https://www.googleapis.com/auth/directory.readonly"

# "When making an access token request this value is always https://oauth2.googleapis.com/token",
# wherever the request goes (developers.google.com/identity/protocols/oauth2/service-account).
AUDIENCE = "https://oauth2.googleapis.com/token"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of either server."""

    status: int
    body: dict[str, object] = field(default_factory=dict)
    location: str = ""


@dataclass(slots=True)
class Grant:
    """What a person allowed."""

    client_id: str
    scopes: tuple[str, ...]
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class _Code:
    grant: Grant
    redirect_uri: str
    challenge: str


@dataclass(slots=True)
class Delegate:
    """A service account: its public key, and what the domain's administrator delegated.

    That is scopes and people.
    """

    public_key: bytes
    scopes: tuple[str, ...]
    subjects: tuple[str, ...]


class OAuth:
    """The state of the OAuth server.

    `token_calls` are the requested grant types, in order.
    """

    def __init__(self) -> None:
        self.clients = {"client-1.apps.example": "secret-1"}
        self.grants: dict[str, Grant] = {}
        self.delegates: dict[str, Delegate] = {}
        self.token_calls: list[str] = []
        self.testing = False  # the consent screen's publishing status
        self.lifetime = 3599  # seconds of an access token
        self.consents = True  # whether the person says yes
        self.unticked: tuple[str, ...] = ()  # scopes that the person does not allow
        self._access: dict[str, tuple[str, ...]] = {}
        self._codes: dict[str, _Code] = {}
        self._numbers = count(1)

    def grant(self, *scopes: str) -> str:
        """Return the refresh token of a person who has allowed these scopes."""
        token = f"refresh-{next(self._numbers)}"
        self.grants[token] = Grant("client-1.apps.example", scopes)
        return token

    def access_token(self, *scopes: str) -> str:
        """Return an access token for these scopes."""
        token = f"access-{next(self._numbers)}"
        self._access[token] = scopes
        return token

    def forget_access_tokens(self) -> None:
        """Invalidate every access token."""
        self._access.clear()

    def scopes_of(self, authorization: str) -> tuple[str, ...] | None:
        """Return the scopes of a request's Authorization header; None if invalid."""
        scheme, _, token = authorization.partition(" ")
        return self._access.get(token) if scheme == "Bearer" else None

    def consent(self, query: str) -> Answer:
        """Answer the browser that opened the consent page.

        The answer is a redirect to the loopback port.
        """
        parameters = {key: values[0] for key, values in parse_qs(query).items()}
        redirect = urlsplit(parameters.get("redirect_uri", ""))
        wrong = (
            parameters.get("client_id") not in self.clients
            or parameters.get("response_type") != "code"
            or (redirect.scheme, redirect.hostname) != ("http", "127.0.0.1")
            or parameters.get("code_challenge_method") != "S256"
            or not parameters.get("state")
        )
        if wrong:
            return Answer(400, {"error": "invalid_request"})
        if not self.consents:
            return self._back(parameters, {"error": "access_denied"})
        scopes = tuple(
            scope for scope in parameters.get("scope", "").split() if scope not in self.unticked
        )
        code = f"code-{next(self._numbers)}"
        self._codes[code] = _Code(
            Grant(parameters["client_id"], scopes),
            parameters["redirect_uri"],
            parameters.get("code_challenge", ""),
        )
        return self._back(parameters, {"code": code, "scope": " ".join(scopes)})

    def _back(self, parameters: dict[str, str], more: dict[str, str]) -> Answer:
        query = urlencode({"state": parameters["state"], **more})
        return Answer(302, location=f"{parameters['redirect_uri']}?{query}")

    def token(self, content_type: str, authorization: str, body: str) -> Answer:
        """Answer the token endpoint."""
        form = {key: values[0] for key, values in parse_qs(body).items()} | _client_of(
            authorization
        )
        kind = form.get("grant_type", "")
        self.token_calls.append(kind)
        if content_type.partition(";")[0] != "application/x-www-form-urlencoded":
            return _error("invalid_request")
        if kind == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._by_assertion(form)
        if form.get("client_id") not in self.clients or self.clients[form["client_id"]] != form.get(
            "client_secret"
        ):
            return Answer(
                401,
                {"error": "invalid_client", "error_description": "The OAuth client was not found."},
            )
        if kind == "refresh_token":
            return self._by_refresh_token(form)
        if kind == "authorization_code":
            return self._by_code(form)
        return _error("unsupported_grant_type")

    def _by_refresh_token(self, form: dict[str, str]) -> Answer:
        grant = self.grants.get(form.get("refresh_token", ""))
        if grant is None or grant.revoked or grant.client_id != form["client_id"]:
            return _error("invalid_grant", "Token has been expired or revoked.")
        return self._good(grant.scopes)

    def _by_code(self, form: dict[str, str]) -> Answer:
        code = self._codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "").encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        if (
            code is None
            or code.redirect_uri != form.get("redirect_uri")
            or code.challenge != challenge
        ):
            return _error("invalid_grant", "Malformed auth code.")
        token = f"refresh-{next(self._numbers)}"
        self.grants[token] = code.grant
        more: dict[str, object] = {"refresh_token": token}
        if self.testing:
            more["refresh_token_expires_in"] = 604799
        return self._good(code.grant.scopes, more)

    def _by_assertion(self, form: dict[str, str]) -> Answer:
        assertion = form.get("assertion", "")
        try:
            claimed = jwt.decode(assertion, verify=False)
            delegate = self.delegates[claimed["iss"]]
            claims = jwt.decode(assertion, certs=delegate.public_key, audience=AUDIENCE)
        except (KeyError, ValueError):
            return _error("invalid_grant", "Invalid JWT Signature.")
        if claims["exp"] - claims["iat"] > 3600 or claims["exp"] < time.time():
            return _error("invalid_grant", "Invalid JWT: Token must be a short-lived token.")
        scopes = tuple(claims["scope"].split())
        if not set(scopes) <= set(delegate.scopes):
            return Answer(
                401,
                {"error": "unauthorized_client", "error_description": "Client is unauthorized."},
            )
        if claims.get("sub") not in delegate.subjects:
            return _error("invalid_grant", "Invalid email or User ID")
        return self._good(scopes)

    def _good(self, scopes: tuple[str, ...], more: dict[str, object] | None = None) -> Answer:
        token = self.access_token(*scopes)
        body = {
            "access_token": token,
            "expires_in": self.lifetime,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }
        return Answer(200, {**body, **(more or {})})


def _client_of(authorization: str) -> dict[str, str]:
    """Return the client's name and secret if they come by Basic and not in the form.

    See RFC 6749 section 2.3.1.
    """
    scheme, _, value = authorization.partition(" ")
    if scheme != "Basic":
        return {}
    name, _, secret = base64.b64decode(value).decode().partition(":")
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}


def _error(code: str, description: str = "Bad Request") -> Answer:
    return Answer(400, {"error": code, "error_description": description})
