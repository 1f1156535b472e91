"""No password, key or token in any tracked file, with detect-secrets; what it mistakes for one is in tools/secrets.json.

    python tools/check_secrets.py             compare with the baseline
    python tools/check_secrets.py --accept    write the baseline anew, after reading every line of it

A finding is known by its file, its kind and the digest of what was found, never by the words themselves.
"""

import hashlib
import json
import multiprocessing
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / "tools" / "secrets.json"
SCANNED = ROOT / "var" / "scanned_for_secrets.json"
ENDINGS = (
    ".py",
    ".toml",
    ".yml",
    ".yaml",
    ".md",
    ".js",
    ".html",
    ".sh",
    ".txt",
    ".json",
    ".cfg",
    ".env",
    ".ini",
    ".pem",
    ".key",
)
# Digests of packages, not secrets.
LEFT_OUT = {"requirements.txt", "package-lock.json", "uv.lock", "tools/secrets.json"}
PLUGINS = (
    "KeywordDetector", "PrivateKeyDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "GitHubTokenDetector",
    "BasicAuthDetector", "JwtTokenDetector", "SlackDetector", "StripeDetector", "SendGridDetector", "TwilioKeyDetector",
    "HexHighEntropyString",
    "Base64HighEntropyString",
)  # fmt: skip


def main():
    """Compare with the baseline, or write it; the exit code."""
    if not (ROOT / ".git").exists():
        print("NOT RUN: this is no git repository, so which files are ours is not known")
        return 0
    scanned = json.loads(SCANNED.read_text()) if SCANNED.exists() else {}
    contents = {name: digest(name) for name in tracked()}
    unread = [name for name, content in contents.items() if content not in scanned]
    with multiprocessing.Pool(2, initializer=set_up) as pool:
        scanned |= {contents[name]: found for name, found in pool.imap_unordered(findings, unread, 20)}
    remember({content: scanned[content] for content in contents.values()})
    found = [(name, *one) for name, content in sorted(contents.items()) for one in scanned[content]]
    if "--accept" in sys.argv:
        BASELINE.write_text(json.dumps([list(one) for one in found], indent=1) + "\n")
    known = {tuple(one) for one in json.loads(BASELINE.read_text())}
    new = [one for one in found if one not in known]
    for file, kind, _ in new:
        print(f"{file}: looks like a secret ({kind})")
    print(f"{len(contents)} files, {len(found) - len(new)} look-alikes known, {len(new)} new")
    return 1 if new else 0


def digest(name):
    """What stands in a file, with the detectors that are asked: a file that did not change is not read again."""
    return hashlib.sha256(repr((PLUGINS, name)).encode() + (ROOT / name).read_bytes()).hexdigest()


def remember(scanned):
    """Keep what was found in each file as it stands now."""
    SCANNED.parent.mkdir(exist_ok=True)
    SCANNED.write_text(json.dumps(scanned))


def tracked():
    """Every tracked file that is text of ours."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [
        name
        for name in listed.splitlines()
        if name.endswith(ENDINGS) and name not in LEFT_OUT and (ROOT / name).is_file()
    ]


def set_up():
    """The detectors, once for each process."""
    from detect_secrets.settings import get_settings

    get_settings().configure_plugins([{"name": each} for each in PLUGINS])


def findings(name):
    """What looks like a secret in one file: kind and digest of each."""
    from detect_secrets.core.scan import scan_file

    return name, sorted({(one.type, one.secret_hash) for one in scan_file(str(ROOT / name))})


if __name__ == "__main__":
    sys.exit(main())
