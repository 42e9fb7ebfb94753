"""What modules find on disk: .tf files, other modules, files that expressions name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import read_text
from ddbmock._internal.formats.json_documents import parse_json
from ddbmock._internal.templates.terraform.syntax import Block, parse_file

_INSTALLED = Path(".terraform") / "modules" / "modules.json"


class ModuleFiles:
    """The files of a configuration.

    Raises:
        FileError: Terraform's list of downloaded modules is damaged.
    """

    def __init__(self, root: Path) -> None:
        #: The folder of the root module.
        self.root = root
        #: Address of a module call -> folder, as `terraform init` notes it.
        self.installed: dict[str, Path] = _installed_modules(root)

    def find(self, path: str) -> Path:
        """Return a file that an expression names: from here, or from the root module."""
        return Path(path) if Path(path).is_file() else self.root / path

    @staticmethod
    def blocks(folder: Path) -> list[Block]:
        """Return the blocks of a folder's .tf files.

        Raises:
            FileError: A file is no HCL.
        """
        return read_blocks(sorted(folder.glob("*.tf")))


def read_blocks(paths: list[Path]) -> list[Block]:
    """Return the blocks of .tf files.

    Raises:
        FileError: A file is no HCL.
    """
    return [block for path in paths for block in parse_file(read_text(path), str(path))[1]]


def _installed_modules(folder: Path) -> dict[str, Path]:
    path = folder / _INSTALLED
    if not path.is_file():
        return {}
    document = parse_json(read_text(path), str(path))
    modules = document.get("Modules") if isinstance(document, Mapping) else None
    if not isinstance(modules, list):
        raise FileError(str(path), "this is no list of modules")
    return {
        str(module["Key"]): folder / str(module["Dir"])
        for module in modules
        if isinstance(module, Mapping) and {"Key", "Dir"} <= module.keys()
    }
