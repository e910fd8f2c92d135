"""The recipe for OpenLDAP, as it is written, reads more people than OpenLDAP's limit."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.servers.ca import make_authority
from tests.support.servers.gateway import run
from tests.support.servers.slapd import PASSWORD, PEOPLE, Settings, running

RECIPE = (ROOT / "docs" / "recipes" / "openldap.md").read_text(encoding="utf-8")
PERSON = """\
dn: uid={n},{branch}
objectClass: inetOrgPerson
uid: {n}
cn: Ann {n}
sn: {n}
mobile: 0{n}
"""


@pytest.mark.parametrize("lifted", [True, False])
def test_the_recipe_reads_all_people_once_the_limit_is_lifted(tmp_path: Path, lifted: bool) -> None:
    (limits,) = re.findall(r"(?m)^ +olcLimits: (.+)$", RECIPE)
    (text,) = re.findall(r"(?ms)^```toml\n(.*?)^```$", RECIPE)
    authority = make_authority(tmp_path)
    settings = Settings(globals="sizelimit 500", database=f"limits {limits}" if lifted else "")
    people = (PERSON.format(n=5550000 + n, branch=PEOPLE) for n in range(600))
    with running(tmp_path / "ldap", authority.issue("127.0.0.1"), settings, people) as server:
        text = re.sub(r"(?m)^url = .*$", f'url = "{server.tls_url}"', text)
        (tmp_path / "gateway.toml").write_text(
            text.replace('"ca.pem"', f'"{authority.file}"'), encoding="utf-8"
        )
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "ldap").write_text(PASSWORD)
        (tmp_path / "secrets" / "ldap").chmod(0o600)
        checked = run("check", cwd=tmp_path)
    if lifted:
        assert "source staff: 600 contacts with 600 numbers" in checked.stdout
        assert 0 == checked.returncode
    else:
        assert "it stopped at its size limit" in checked.stdout
        assert 1 == checked.returncode
