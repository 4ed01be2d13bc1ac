"""The vault: what is sealed is unreadable, opens only for its own record, and survives a change of keys."""

import base64
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError, StoreError
from bot.store.vault import Vault, open_vault

ROOT = Path(__file__).parents[2]
OLD, NEW = b"o" * 32, b"n" * 32


@given(plain=st.text(), about=st.text())
def test_what_is_sealed_opens_again_and_is_never_sealed_alike(plain: str, about: str) -> None:
    vault = Vault([OLD])
    sealed = vault.seal(plain, about)
    assert vault.open(sealed, about) == plain
    assert vault.seal(plain, about) != sealed


def test_the_secret_does_not_show() -> None:
    sealed = Vault([OLD]).seal("page-token-123", "acc1")
    assert "page-token-123" not in sealed
    assert b"page-token-123" not in base64.b64decode(sealed.rsplit(".", 1)[1])
    assert repr(Vault([OLD, NEW])) == "<Vault of 2 keys>"
    assert not any("o" * 8 in name for name in Vault([OLD]).names)


def test_moved_to_another_account_it_does_not_open() -> None:
    vault = Vault([OLD])
    with pytest.raises(StoreError, match="acc2 are damaged or belong to something else"):
        vault.open(vault.seal("token", "acc1"), "acc2")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: sealed[:-6],
        lambda sealed: sealed[:-4] + "AAAA",
        lambda sealed: sealed[:12],
        lambda sealed: f"v9{sealed[2:]}",
        lambda sealed: f"{sealed}.x",
        lambda sealed: f"{sealed}ñ",
        lambda _: "",
    ],
)
def test_a_damaged_text_is_called_damaged(spoil: Callable[[str], str]) -> None:
    vault = Vault([OLD])
    with pytest.raises(StoreError, match="damaged"):
        vault.open(spoil(vault.seal("token", "acc1")), "acc1")


def test_keys_are_changed_by_putting_the_new_one_in_front() -> None:
    sealed = Vault([OLD]).seal("token", "acc1")
    both = Vault([NEW, OLD])
    assert both.open(sealed, "acc1") == "token"
    assert not both.is_current(sealed)
    renewed = both.seal("token", "acc1")
    assert both.is_current(renewed)
    assert Vault([NEW]).open(renewed, "acc1") == "token"


def test_a_missing_key_is_named_with_the_way_out() -> None:
    sealed = Vault([OLD]).seal("token", "acc1")
    with pytest.raises(ConfigurationError, match=r"acc1 were sealed with another key .*connect the account again"):
        Vault([NEW]).open(sealed, "acc1")


def test_the_first_use_makes_a_key_for_us_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    sealed = open_vault(data).seal("token", "acc1")
    assert open_vault(data).open(sealed, "acc1") == "token"
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secret.key"]


def test_processes_that_come_first_together_get_one_key(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from bot.store.vault import *; print(open_vault(Path({str(tmp_path)!r})).names)"
    racing = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)
    ]
    assert {one.communicate(timeout=60)[0] for one in racing} == {f"{open_vault(tmp_path).names}\n"}


def test_the_environments_key_goes_before_the_file(tmp_path: Path) -> None:
    keys = ",".join(base64.b64encode(key).decode() for key in (NEW, OLD))
    assert open_vault(tmp_path, keys).names == Vault([NEW, OLD]).names
    assert not (tmp_path / "secret.key").exists()


def test_keys_that_are_none_and_files_that_others_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    for text in ("c2hvcnQ=", "not base64!", "ñ"):
        path.write_text(text, "utf-8")
        path.chmod(0o600)
        with pytest.raises(ConfigurationError, match=r"secret\.key (must hold|holds no)"):
            open_vault(tmp_path)
    path.write_text("", "ascii")
    with pytest.raises(ConfigurationError, match="holds no key"):
        open_vault(tmp_path)
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        open_vault(tmp_path)
    with pytest.raises(ConfigurationError, match="VOCERO_KEY must hold keys of 32 bytes"):
        open_vault(tmp_path, "c2hvcnQ=")
