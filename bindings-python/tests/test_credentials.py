"""Who we are: one credential, several by key, a function that gives them, a function that gives tokens."""

import json
import urllib.parse
import urllib.request

import amc_fleet
import pytest
from conftest import refusal


@pytest.fixture
def token(small):
    """An access token of the emulator, as a vault would hand it out."""

    def ask():
        fields = {
            "grant_type": "refresh_token",
            "client_id": small.env["AMC_CLIENT_ID"],
            "client_secret": small.env["AMC_CLIENT_SECRET"],
            "refresh_token": small.env["AMC_REFRESH_TOKEN"],
        }
        with urllib.request.urlopen(small.env["AMC_TOKEN_URL"], urllib.parse.urlencode(fields).encode()) as answer:
            return json.load(answer)["access_token"]

    return ask


@pytest.mark.parametrize("given", ["one", "by key", "function"])
def test_credentials_come_in_three_forms(small, given):
    one = small.credentials
    form = {"one": one, "by key": {"emea": one}, "function": lambda: {"emea": one}}[given]
    with small.fleet(credentials=form) as fleet:
        assert len(fleet.sync_instances().added) == 3


def test_tokens_can_come_from_a_function(small, token):
    credentials = amc_fleet.Credentials.from_callback(small.env["AMC_CLIENT_ID"], token)
    with small.fleet(credentials=credentials) as fleet:
        assert len(fleet.sync_instances().added) == 3


def test_a_function_that_fails_is_unauthorized(small):
    def fail():
        raise RuntimeError("the vault is sealed")

    credentials = amc_fleet.Credentials.from_callback(small.env["AMC_CLIENT_ID"], fail)
    with small.fleet(credentials=credentials) as fleet:
        error = refusal(fleet.sync_instances)
    assert isinstance(error, amc_fleet.UnauthorizedError) and error.code == "token_callback_failed"
    assert any("the vault is sealed" in note for note in error.__notes__)
