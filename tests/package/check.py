"""`make package`: the built wheel, installed into an empty environment, does what the README says.

Run it with the Python of the environment that is to check. There are three empty ones: the wheel is
installed alone, with what a test suite has, and with what a stranger tries in the first hour
(`first_hour`). They are made again when the wheel requires something else than they were made for.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

from tests.package import first_hour

ROOT = Path(__file__).parent.parent.parent
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python")

#: What a user with nothing else than the package can do.
ALONE = """
from importlib import metadata
from pathlib import Path
import urllib.request
import botocore.session
import ddbmock
from ddbmock._internal.distribution import HOME, NAME

assert "site-packages" in ddbmock.__file__, ddbmock.__file__
assert Path(ddbmock.__file__).with_name("py.typed").exists()
about = metadata.metadata(NAME)
assert about["Version"] == metadata.version(NAME)
assert all(HOME in url for url in about.get_all("Project-URL"))
client = botocore.session.get_session().create_client("dynamodb")
with ddbmock.mock_dynamodb() as ddb:
    assert client.list_tables()["TableNames"] == []
    assert [call.operation for call in ddb.calls] == ["ListTables"]
with ddbmock.serve() as url, urllib.request.urlopen(url) as answer:
    assert answer.status == 200
"""


def check_contents(wheel: Path, sdist: Path) -> None:
    """Check that all files of the package are in both, and nothing else is in the wheel."""
    files = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "ddbmock").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == files, packed ^ files
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert files | {"README.md", "LICENSE", "CHANGELOG.md", "tests/conftest.py"} <= names


def run(*command: str | Path, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True)  # noqa: S603 (our own programs)


def scripts_with(wheel: Path, environment: Path, *others: str, extras: str = "") -> Path:
    """Return the folder of the programs of an environment with the wheel, and nothing by chance."""
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (*PIP, scripts / "python")
    made_for = environment / ".made-for"
    key = f"{sys.version}\n{requirements_of(wheel)}\n{extras} {' '.join(others)}\n"
    if made_for.exists() and made_for.read_text(encoding="utf-8") == key:
        run(*pip, "install", "--no-deps", "--force-reinstall", wheel, cwd=environment)
    else:
        venv.create(environment, clear=True)
        run(*pip, "install", f"{wheel}{extras}", *others, cwd=environment)
        made_for.write_text(key, encoding="utf-8")
    run(*pip, "check", cwd=environment)
    return scripts


def requirements_of(wheel: Path) -> str:
    """Return the requirements of a wheel."""
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        about = message_from_bytes(archive.read(name))
    return "\n".join([about["Requires-Python"], *about.get_all("Requires-Dist", [])])


def main(dist: Path, folder: Path, environments: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    (sdist,) = dist.glob("*.tar.gz")
    check_contents(wheel, sdist)
    python = scripts_with(wheel, environments / "alone") / "python"
    run(python, "-c", ALONE, cwd=folder)
    run(python, "-m", "ddbmock", "--version", cwd=folder)
    python = scripts_with(wheel, environments / "readme", "boto3", "pytest") / "python"
    blocks = (ROOT / "README.md").read_text(encoding="utf-8").split("```python\n")[1:]
    code = "\n\n".join(block.partition("```")[0] for block in blocks)
    (folder / "test_readme.py").write_text(code, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    run(python, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", "test_readme.py", cwd=folder)
    others = ("boto3", "pytest", "moto[dynamodb,s3]>=5")
    scripts = scripts_with(wheel, environments / "hour", *others, extras="[server,yaml]")
    hour = folder / "first-hour"
    hour.mkdir()
    first_hour.main(scripts, hour)


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))
