"""The front-end files: ours have no typeface, crest or source map of others, and are fetched once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rightplace.site import assets
from rightplace.site.cannot_start import CannotStart

STYLE = (
    '@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2) format("woff2")}'
    "a{font-family:GDS Transport,arial,sans-serif}"
    "b:before{background:currentcolor;-webkit-mask-image:url(/assets/images/govuk-crest.svg);"
    "mask-image:url(/assets/images/govuk-crest.svg);width:9px}"
    "c{background-image:url(/assets/images/govuk-crest.svg);color:red}"
    "d{background:url(/assets/images/ours.svg)}\n/*# sourceMappingURL=govuk-frontend.min.css.map */\n"
)


def test_typeface_crest_and_source_map_are_taken_out_and_the_rest_stays() -> None:
    assert assets.adapted_style(STYLE) == (
        f"a{{font-family:{assets.TYPEFACE}}}b:before{{background:currentcolor;width:9px}}c{{color:red}}"
        "d{background:url(images/ours.svg)}\n"
    )


@pytest.mark.parametrize("left_over", ["GDS Transport Narrow", "url(fonts/other.woff)", "govuk-crest-2"])
def test_a_new_version_that_is_not_understood_is_refused(left_over: str) -> None:
    with pytest.raises(CannotStart, match=r"still names .*; correct rightplace/site/assets.py"):
        assets.adapted_style(f"a{{src:{left_over}}}")


def test_a_script_loses_its_source_map_only() -> None:
    assert assets.without_source_map("run();//# sourceMappingURL=a.js.map\n") == "run();\n"


def test_files_that_are_there_are_not_fetched_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fetches = pretend(monkeypatch, tmp_path)
    assert assets.build_assets() is True
    assert assets.build_assets() is False
    assert len(fetches) == 1
    assert "GDS" not in (tmp_path / "vendor" / assets.STYLE).read_text()


def test_files_of_an_older_lock_are_fetched_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fetches = pretend(monkeypatch, tmp_path)
    assets.build_assets()
    (tmp_path / "vendor" / "stamp").write_text("older")
    assert assets.build_assets() is True
    assert len(fetches) == 2


def test_a_machine_without_npm_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(assets.sys, "executable", str(tmp_path / "python"))
    with pytest.raises(CannotStart, match="need npm; install Node.js, or run make again"):
        assets.build_assets()


def test_a_registry_that_fails_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error code E503' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(
        CannotStart, match=r"could not fetch the front-end files \(npm error code E503\); check"
    ):
        assets.build_assets()
    assert not (tmp_path / "vendor").exists()


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[Path]:
    """An npm that lays out a package of two small files; the list grows with every fetch."""
    fetches: list[Path] = []

    def fetched(into: Path) -> Path:
        fetches.append(into)
        package = into / "node_modules" / "govuk-frontend" / "dist" / "govuk"
        package.mkdir(parents=True)
        (package / assets.STYLE).write_text(STYLE)
        (package / assets.SCRIPT).write_text("run();")
        return into

    monkeypatch.setattr(assets, "VENDOR", folder / "vendor")
    monkeypatch.setattr(assets, "_fetched", fetched)
    return fetches
