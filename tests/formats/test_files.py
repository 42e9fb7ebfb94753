"""Files: read decompressed, replaced only when complete; every failure is a FileError."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
from pathlib import Path

import pytest

from ddbmock._internal.formats import compression
from ddbmock._internal.formats.file_errors import FileError
from ddbmock._internal.formats.files import InputFile, open_to_write, read_text

zstd = compression._zstd_library()
needs_zstd = pytest.mark.skipif(zstd is None, reason="needs Python 3.14 or backports.zstd")

# --- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "a.json"
    path.write_bytes('["ö"]'.encode(encoding))
    assert read_text(path) == '["ö"]'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_of_lines(encoding):
    content = '{"a": "ö"}\r\n\n[1]'.encode(encoding)
    lines = list(InputFile.of("a", content).lines())
    assert [line.number for line in lines] == [1, 3]
    assert [line.content.decode() for line in lines] == ['{"a": "ö"}', "[1]"]
    assert lines[-1].progress == 1
    assert [line.number for line in InputFile.of("a", gzip.compress(content)).lines()] == [1, 3]


def test_lines_that_are_not_in_their_encoding():
    with pytest.raises(FileError, match=r"a: not text in UTF-16.*: truncated data at byte"):
        list(InputFile.of("a", "[1]".encode("utf-16") + b"x").lines())


def test_compressed_content_is_recognised_whatever_its_name():
    assert InputFile.of("a.json", gzip.compress(b"[]")).text() == "[]"


def test_compression_that_is_named_is_not_guessed():
    packed = gzip.compress(b"[]")
    assert InputFile.of("a", packed, compression="GZIP").text() == "[]"
    assert InputFile.of("a", packed, compression="NONE").beginning(2) == packed[:2]
    with pytest.raises(FileError, match="a: cannot be decompressed: Not a gzipped file"):
        InputFile.of("a", b"[]", compression="GZIP").text()


@needs_zstd
def test_zstandard(tmp_path):
    packed = zstd.compress(b"[]\n[1]")
    assert InputFile.of("a", packed).text() == "[]\n[1]"
    assert InputFile.of("a", packed, compression="ZSTD").text() == "[]\n[1]"
    for wrong in (packed[:-3], packed[:5] + b"oops" * 5, b"[]"):
        with pytest.raises(FileError, match="a: cannot be decompressed: "):
            InputFile.of("a", wrong, compression="ZSTD").text()
    with open_to_write(tmp_path / "a.jsonl.zst") as file:
        file.write("one\n")
    assert (tmp_path / "a.jsonl.zst").read_bytes().startswith(b"\x28\xb5\x2f\xfd")
    assert read_text(tmp_path / "a.jsonl.zst") == "one\n"


def test_zstandard_without_its_library(tmp_path, monkeypatch):
    for module in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, module, None)
    text = "to read or write Zstandard, install backports.zstd: pip install 'mock-dynamodb"
    with pytest.raises(FileError, match=text):
        InputFile.of("a", b"\x28\xb5\x2f\xfd").text()
    with pytest.raises(FileError, match=text), open_to_write(tmp_path / "a.zst"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_lines_with_their_numbers_and_progress():
    lines = list(InputFile.of("a", b"ab\n\n  \ncd\nef").lines())
    assert [(line.number, line.content) for line in lines] == [
        (1, b"ab"),
        (4, b"cd"),
        (5, b"ef"),
    ]
    assert lines[-1].progress == 1
    compressed = list(InputFile.of("a", gzip.compress(os.urandom(400_000))).lines())
    assert compressed[0].progress < compressed[-1].progress == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = InputFile.at(pipe)
    if os.fork() == 0:
        with pipe.open("wb") as file:
            file.write(b"one\ntwo\n")
        os._exit(0)
    assert reader.beginning(3) == b"one"
    assert [line.content for line in reader.lines()] == [b"one", b"two"]
    os.wait()


def test_files_that_cannot_be_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError) as raised:
        read_text(Path("none.json"))
    assert str(raised.value) == (
        "none.json: cannot be read: No such file or directory"
        f" (the working directory is {tmp_path})"
    )
    for path in (tmp_path, tmp_path / ("x" * 300), Path("a\0b"), tmp_path / "a.json" / "b"):
        with pytest.raises(FileError, match="cannot be read: "):
            read_text(path)
    with pytest.raises(FileError, match=r"^a: not text in UTF-8: .* at byte 1$"):
        InputFile.of("a", b"a\xe9b").text()


# --- writing -------------------------------------------------------------------------------------


def write(path, text="new"):
    with open_to_write(path) as file:
        file.write(text)


def test_a_file_is_replaced_when_it_is_complete(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("old")
    path.chmod(0o640)
    with open_to_write(path) as file:
        file.write("new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_file_stays_when_the_new_one_fails(tmp_path, name, error):
    path = tmp_path / name
    write(path, "old")
    before = path.read_bytes()

    def fail():
        yield "new" * 100_000
        raise error

    with pytest.raises(error), open_to_write(path) as file:
        file.writelines(fail())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


class FullDisk(io.TextIOWrapper):
    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_no_space_left(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text("old")
    with monkeypatch.context() as context:
        context.setattr(io, "TextIOWrapper", FullDisk)
        with pytest.raises(FileError, match=r"a.json: cannot be written: No space left on device"):
            write(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "target.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "target.json")
    write(tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "target.json").read_text() == "new"


def test_a_device_is_written_directly():
    write(Path(os.devnull))
    assert not Path(os.devnull).is_file()


def test_files_that_cannot_be_written(tmp_path):
    with pytest.raises(FileError) as raised:
        write(tmp_path / "none" / "a.json")
    assert str(raised.value) == (
        f"{tmp_path / 'none' / 'a.json'}: cannot be written: there is no folder {tmp_path / 'none'}"
    )
    for path in (tmp_path / ("x" * 300), tmp_path):
        with pytest.raises(FileError, match="cannot be written: "):
            write(path)
    with pytest.raises(FileError, match="cannot be written in UTF-8: surrogates not allowed"):
        write(tmp_path / "a.json", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_equal_contents_are_equal_files(tmp_path):
    write(tmp_path / "a.gz", "same")
    write(tmp_path / "b.gz", "same")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
