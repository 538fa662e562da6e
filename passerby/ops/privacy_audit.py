"""`passerby privacy-audit`: are the privacy promises kept on this data folder? A report for people to read."""

import argparse
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from passerby.ingest.salt_log import read_salt_log
from passerby.ingest.salt_vault import vault_folder
from passerby.ingest.salts import DAY_SECONDS, OVERLAP_SECONDS
from passerby.ingest.series import IDLE_SECONDS_MAX
from passerby.ops.audit_traces import FINDINGS_MAX, Finding, search_accounts, search_files, search_store
from passerby.settings import Settings, read_settings
from passerby.store.errors import StoreUnavailable
from passerby.store.rows import EventRow, VisitRow
from passerby.store.store import Store

INVENTORY = Path(__file__).parents[2] / "docs" / "data-inventory.md"
CLOCK_SECONDS = 5
SWEEP_SECONDS = 120  # A running server looks at it once a minute.


class Result(StrEnum):
    """How a check came out."""

    PASS = "pass"  # noqa: S105 - Not a password.
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    result: Result
    promise: str
    detail: str


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the `passerby` parser."""
    parser = commands.add_parser("privacy-audit", help="check that the privacy promises are kept on a data folder")
    parser.add_argument("--data", help="the data folder (default $PASSERBY_DATA or ./passerby-data)")
    parser.add_argument(
        "--also", action="append", default=[], metavar="FOLDER", help="search this folder too, e.g. logs"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the report; 1 when a promise is broken."""
    if arguments.data:
        os.environ["PASSERBY_DATA"] = str(Path(arguments.data).absolute())
    settings = read_settings()
    checks = audit(settings, now=int(time.time()), also=[Path(each) for each in arguments.also])
    print(f"Privacy audit of {settings.data}\n")
    for check in checks:
        print(f"[{check.result}] {check.promise}\n       {check.detail}")
    broken = sum(check.result is Result.FAIL for check in checks)
    print(
        f"\n{len(checks)} checks, {broken} broken promises."
        if broken
        else f"\n{len(checks)} checks, every promise is kept."
    )
    return 1 if broken else 0


def audit(settings: Settings, *, now: int, also: Iterable[Path] = ()) -> list[Check]:
    """Every check on a data folder. The store is looked into only while no server owns it."""
    checks = [
        *_check_vault(settings, now),
        _check_series(settings, now),
        _check_salt_log(settings),
        *_check_permissions(settings),
        _check_files("Nothing in the data folder names a visitor's address or browser", settings.data),
        _check_files("Neither do temporary files", Path(tempfile.gettempdir()), pattern="passerby*"),
        *(_check_files(f"Neither does {folder}", folder) for folder in also),
        _check_accounts(settings),
    ]
    try:
        store = Store.open(settings)
    except StoreUnavailable:
        detail = "Not checked: a running server owns the store. Stop it and run the audit again."
        return [*checks, Check(Result.WARN, "No table names a visitor's address or browser", detail)]
    try:
        return [*checks, *_check_store(store)]
    finally:
        store.close()


def _check_vault(settings: Settings, now: int) -> Iterator[Check]:
    folder, in_memory = vault_folder(settings)
    where = "Salts are kept in memory-backed storage only"
    yield Check(Result.PASS if in_memory else Result.WARN, where, str(folder))
    held = _held_days(folder / "salts")
    today, second = divmod(now, DAY_SECONDS)
    allowed = {today, today - 1} if second < OVERLAP_SECONDS + CLOCK_SECONDS else {today}
    old = sorted(day for day in held if day not in allowed)
    promise = "No salt is older than its day and half an hour"
    if old:
        detail = (
            f"{len(old)} old salts are held, the oldest {today - old[0]} days. Start the server, or delete {folder}."
        )
        yield Check(Result.FAIL, promise, detail)
    else:
        yield Check(Result.PASS, promise, f"{len(held)} salts are held.")


def _held_days(path: Path) -> list[int]:
    try:
        kept = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError):
        return []
    return [kept[name] for name in ("day", "previous_day") if kept.get(name) is not None]


def _check_series(settings: Settings, now: int) -> Check:
    promise = "No secret of backfilled series outlives a week without use"
    folder, _ = vault_folder(settings)
    try:
        used_at = int(msgspec.json.decode((folder / "series").read_bytes())["used_at"])
    except (OSError, msgspec.MsgspecError, KeyError, TypeError, ValueError):
        return Check(Result.PASS, promise, "There is none.")
    days = (now - used_at) // DAY_SECONDS
    is_old = now - used_at >= IDLE_SECONDS_MAX + SWEEP_SECONDS
    detail = f"It was used {days} days ago. Start the server, or delete {folder}." if is_old else "It is in use."
    return Check(Result.FAIL if is_old else Result.PASS, promise, detail)


def _check_salt_log(settings: Settings) -> Check:
    promise = "The log of salts is whole, and every salt but the living ones was destroyed"
    try:
        events = read_salt_log(settings.data)
    except ValueError as problem:
        return Check(Result.FAIL, promise, f"The chain is broken: {problem}.")
    made = [event.fingerprint for event in events if event.what == "created"]
    gone = {event.fingerprint for event in events if event.what == "destroyed"}
    alive = [fingerprint for fingerprint in made if fingerprint not in gone]
    detail = f"{len(made)} created, {len(gone)} destroyed."
    # One more than the two that may live: memory that a reboot cleared takes its salt along without a line here.
    return Check(Result.PASS if len(alive) <= 2 else Result.WARN, promise, detail)  # noqa: PLR2004 - Today's and yesterday's.


def _check_permissions(settings: Settings) -> Iterator[Check]:
    promise = "Nobody else on this machine can read the data folder"
    mode = stat.S_IMODE(settings.data.stat().st_mode)
    if mode & 0o007:
        yield Check(Result.FAIL, promise, f"Its mode is {mode:04o}. Run: chmod 700 {settings.data}")
    else:
        yield Check(Result.WARN if mode & 0o070 else Result.PASS, promise, f"Its mode is {mode:04o}.")
    folder, _ = vault_folder(settings)
    if folder.is_dir():
        open_to_others = [each for each in (folder, *folder.iterdir()) if stat.S_IMODE(each.stat().st_mode) & 0o077]
        detail = ", ".join(map(str, open_to_others)) or "Only its owner can."
        yield Check(Result.FAIL if open_to_others else Result.PASS, "Nobody else can read the salts", detail)


def _check_files(promise: str, folder: Path, pattern: str = "*") -> Check:
    return _told(promise, list(search_files(folder, pattern)))


def _check_accounts(settings: Settings) -> Check:
    promise = "The accounts database names no address or browser but those an owner entered"
    path = settings.data / "accounts.sqlite3"
    if not path.exists():
        return Check(Result.PASS, promise, "There is none in this folder.")
    return _told(promise, list(search_accounts(path)))


def _check_store(store: Store) -> Iterator[Check]:
    yield _told("No table names a visitor's address or browser", list(search_store(store)))
    yield _check_columns(store)
    yield _retention(store)


def _check_columns(store: Store) -> Check:
    """Columns against the inventory; where the manual is not installed, those about visits against the code."""
    rows = store.query("SELECT table, name FROM system.columns WHERE database = currentDatabase()").rows
    known = _inventory()
    found = {(table, name) for table, name in rows if table in known}
    tables = {table for table, _ in rows if INVENTORY.exists()}
    strange = sorted(f"{table}.{name}" for table, name in found if name not in known[table])
    strange += sorted(f"table {table}" for table in tables - known.keys())
    promise = "Every column is in the data inventory"
    return Check(Result.FAIL if strange else Result.PASS, promise, ", ".join(strange) or f"{len(found)} columns.")


def _inventory() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {
        "events": set(EventRow.__struct_fields__),
        "visits": set(VisitRow.__struct_fields__),
    }
    if INVENTORY.exists():
        known, columns = {}, set[str]()
        for line in INVENTORY.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                columns = known[line.removeprefix("## ")] = set()
            elif line.startswith("| `"):
                columns.add(line.split("`")[1])
    return known


def _retention(store: Store) -> Check:
    events, oldest = store.query("SELECT count(), toString(toDate(min(timestamp))) FROM events").rows[0]
    detail = f"{events} events, the oldest of {oldest}." if events else "Nothing is stored."
    return Check(Result.PASS, "How long events are kept is known", f"{detail} They are kept until they are deleted.")


def _told(promise: str, findings: list[Finding]) -> Check:
    if not findings:
        return Check(Result.PASS, promise, "Nothing was found.")
    told = "; ".join(f"{found.kind} in {found.place}" for found in findings[:FINDINGS_MAX])
    return Check(Result.FAIL, promise, told)
