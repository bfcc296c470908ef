from joserfc import jwt
from joserfc.jwk import ECKey

from handrail.kernel.secret import Secret
from handrail.surfaces.cli.token_keeper import ASSERTION_TYPE, Credentials

ENDPOINT = "https://handrail.test/oauth/token"


def test_a_private_key_signs_a_short_assertion_for_this_endpoint_only() -> None:
    key = ECKey.generate_key("P-256")
    credentials = Credentials("client-1", None, Secret(key.as_pem(private=True).decode()))
    form = credentials.form(ENDPOINT)
    assert form["client_assertion_type"] == ASSERTION_TYPE
    token = jwt.decode(form["client_assertion"], key, algorithms=["ES256"])
    assert token.header["kid"] == key.thumbprint()
    claims = token.claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("client-1", "client-1", ENDPOINT)
    assert claims["exp"] - claims["iat"] <= 60
    other = jwt.decode(credentials.form(ENDPOINT)["client_assertion"], key, algorithms=["ES256"])
    assert other.claims["jti"] != claims["jti"]


def test_a_secret_is_sent_with_the_candidate_of_a_sandbox() -> None:
    form = Credentials("client-1", Secret("s3cret"), None, "c1:sha256:ab").form(ENDPOINT)
    assert form == {
        "grant_type": "client_credentials",
        "client_id": "client-1",
        "client_secret": "s3cret",
        "version": "c1:sha256:ab",
    }


def test_credentials_do_not_print_their_secret() -> None:
    assert "s3cret" not in repr(Credentials("client-1", Secret("s3cret"), None))
