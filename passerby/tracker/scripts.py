"""The built scripts: found by name, with the site's configuration put in, in the encoding a browser accepts.

Equal scripts have equal bytes and one entity tag, whoever asks: a cached copy can never tell visitors apart.
"""

import gzip
import hashlib
import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

import brotli
import msgspec

from passerby.errors import PasserbyError
from passerby.tracker.config import TrackerConfig

DIST = Path(__file__).parent / "dist"
PLACEHOLDER = "PASSERBY_CONFIG"
SITE_SCRIPTS_CACHED_MAX = 512  # About 9 kB each in all encodings.
LEGACY_BASES = frozenset({"script", "plausible", "analytics"})
IGNORED_EXTENSION = "pageleave"  # Every script measures engagement now; old snippets still ask for it.


class Encoding(StrEnum):
    """How a script's bytes are written, in the order we prefer them."""

    BROTLI = "br"
    GZIP = "gzip"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Script:
    """One script in one encoding. `sha256` is that of the plain text, so it is the same in every encoding."""

    body: bytes
    encoding: Encoding
    sha256: str


class ScriptsMissing(PasserbyError):
    """The package was not built: there is nothing to serve."""


class _Entry(msgspec.Struct, frozen=True):
    """Where a legacy script lies in the pack: (offset, length) for each encoding."""

    sha256: str
    br: tuple[int, int]
    gzip: tuple[int, int]


class _Manifest(msgspec.Struct, frozen=True):
    site: str
    legacy: Mapping[str, _Entry]


class Scripts:
    """Every script of this version. The legacy ones stay on disk until they are asked for."""

    def __init__(self, folder: Path = DIST) -> None:
        self._folder = folder
        self._cached_site = lru_cache(maxsize=SITE_SCRIPTS_CACHED_MAX)(self._build_site)

    def legacy(self, name: str, encoding: Encoding) -> Script | None:
        """The script of a file name such as `script.hash.local`, or None when no such script exists."""
        extensions = legacy_extensions(name)
        entry = None if extensions is None else self._manifest.legacy.get(extensions)
        if entry is None:
            return None
        offset, length = entry.br if encoding is Encoding.BROTLI else entry.gzip
        body = self._pack[offset : offset + length]
        if encoding is Encoding.IDENTITY:
            body = gzip.decompress(body)
        return Script(body=body, encoding=encoding, sha256=entry.sha256)

    def site(self, config: TrackerConfig, encoding: Encoding, *, endpoint: str) -> Script:
        """A site's own script. Sites asked for lately are remembered compressed."""
        return self._cached_site(config, encoding, endpoint)

    @cached_property
    def _manifest(self) -> _Manifest:
        try:
            return msgspec.json.decode((self._folder / "manifest.json").read_bytes(), type=_Manifest)
        except FileNotFoundError as problem:
            raise ScriptsMissing("The tracker is not built: run `make setup`.") from problem

    @cached_property
    def _pack(self) -> mmap.mmap:
        with (self._folder / "legacy.pack").open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @cached_property
    def _template(self) -> str:
        return (self._folder / "site.js").read_text(encoding="utf-8")

    def _build_site(self, config: TrackerConfig, encoding: Encoding, endpoint: str) -> Script:
        text = self._template.replace(PLACEHOLDER, config_literal(config, endpoint=endpoint)).encode()
        return Script(body=_encode(text, encoding), encoding=encoding, sha256=hashlib.sha256(text).hexdigest())


def legacy_extensions(name: str) -> str | None:
    """The manifest's key for a file name without `.js`: its extensions in alphabetical order, or None if malformed."""
    if name == "p":
        return ""
    base, *extensions = name.split(".")
    if base not in LEGACY_BASES or "" in extensions or len(set(extensions)) != len(extensions):
        return None
    return ".".join(sorted(extension for extension in extensions if extension != IGNORED_EXTENSION))


def config_literal(config: TrackerConfig, *, endpoint: str) -> str:
    """The configuration as JavaScript. Only what is on is written: every byte is paid by every visitor."""
    flags = {
        "outboundLinks": config.outbound_links,
        "fileDownloads": config.file_downloads,
        "formSubmissions": config.form_submissions,
    }
    parts = [f"domain:{_js_text(config.domain)}", f"endpoint:{_js_text(endpoint)}"]
    return "{" + ",".join([*parts, *(f"{name}:!0" for name, is_on in flags.items() if is_on)]) + "}"


def _js_text(text: str) -> str:
    # ASCII JSON is JavaScript; an escaped `<` is safe even where somebody pastes the script into a page.
    return json.dumps(text).replace("<", "\\u003c")


def _encode(text: bytes, encoding: Encoding) -> bytes:
    match encoding:
        case Encoding.BROTLI:
            compressed: bytes = brotli.compress(text, mode=brotli.MODE_TEXT)
            return compressed
        case Encoding.GZIP:
            return gzip.compress(text, mtime=0)
        case Encoding.IDENTITY:
            return text
