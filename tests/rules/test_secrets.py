"""What changes hands is named, never given away: no list of ours holds a password (HO07)."""

from __future__ import annotations

import pytest

from rules.errors import InvalidError
from rules.partings.belongings import Belonging, Holder, listed_belonging, looks_secret


@pytest.mark.parametrize(
    "text",
    [
        "WordPress login, password: hunter2",
        "wachtwoord=geheim12",
        "FTP pwd: abc",
        "contrasenya: pluja",
        "lösenord: sommar",
        "Google admin / Tr0ub4dor&3",
        "AWS key AKIAIOSFODNN7EXAMPLE",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "correctHorse7Battery",
        "PIN: 4711",
        "PIN 4711",
        "https://ana:tulip@wp.example/admin",
        "https://hooks.slack.com/services/T00/B00/XXXX",
        "Authorization: Bearer abcdef123456",
        "Basic dXNlcjpwYXNzMQ==",
        "9b74c9897bac770ffc029102a200c5de",
        "contraseña: perro",
        "the password is tulip",
        "WordPress: ana, pw tulip",
        "whsec_5WbX5kEWLlfz",
        "rk_live_51H8",
        "AccountKey=abcd",
        "PuTTY-User-Key-File-2",
    ],
)
def test_a_text_that_looks_like_a_secret_is_refused(text: str) -> None:
    """It is refused beside its field, with the way that is safe."""
    assert looks_secret(text)
    with pytest.raises(InvalidError, match="password manager") as refused:
        listed_belonging((), Belonging(code="b", what=text, belongs_to=Holder.CLIENT))
    assert list(refused.value.fields) == ["what"]


@pytest.mark.parametrize(
    "text",
    [
        "Domain birch-barrow.example",
        "Login of the WordPress admin",
        "Password of the mail account, in the vault “Birch”",
        "Google Ads account 123-456-7890",
        "https://Figma.example/file/A1b2C3d4E5f6",
        "Camera Sony A7 III, serial number 4711",
        "Files of 2024/2025",
        "Kim.Lee2@client.example",
        "Password manager, the entry “Birch”",
        "Basic plan of Figma",
        "https://ana@wp.example/admin",
        "Keys, two of them, and the PIN pad",
        "Pinterest account @birch",
        "Bearer of the site badge",
    ],
)
def test_what_only_names_a_login_is_listed(text: str) -> None:
    """Nobody is kept from writing down which login it is."""
    assert [each.what for each in listed_belonging((), Belonging(code="b", what=text, belongs_to=Holder.CLIENT))] == [
        text
    ]
