"""Colours: readable text, and a heat map that says the same in grey; computed from the one palette."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pytest

from xl_fzzf.model.status import Status
from xl_fzzf.sheets import styles

READABLE = 4.5
"""WCAG 2.1, 1.4.3."""

GROUPS: dict[str, Mapping[Any, styles.Style]] = {
    "cells": {**styles.STYLES, **styles.SUMMARY_STYLES},
    "statuses": styles.STATUS_STYLES,
    "alerts": styles.ALERT_STYLES,
    "roles": styles.ROLE_STYLES,
    "severities": styles.SEVERITY_STYLES,
    "verdicts": styles.VERDICT_STYLES,
}


def channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def luminance(rgb: tuple[float, float, float]) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted(luminance(channels(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def written() -> Iterator[tuple[str, str, str]]:
    """What is written in which colour on which."""
    for group, named in GROUPS.items():
        for name, style in named.items():
            text = style.get("font_color", styles.INK)
            yield f"{group} {name}", text, style.get("bg_color", styles.WHITE)
    # a conditional format may lay its fill below the text of any cell
    yield "heat low", styles.INK, styles.SHARE_SCALE["min_color"]
    yield "heat high", styles.INK, styles.SHARE_SCALE["max_color"]
    yield "bar", styles.INK, styles.bar(100)["bar_color"]


@pytest.mark.parametrize(("name", "text", "ground"), list(written()))
def test_text_can_be_read(name: str, text: str, ground: str) -> None:
    assert contrast(text, ground) >= READABLE, name


def test_the_heat_map_is_of_one_hue_and_the_lower_the_darker() -> None:
    low, high = (channels(styles.SHARE_SCALE[f"{end}_color"]) for end in ("min", "max"))
    assert "mid_color" not in styles.SHARE_SCALE
    steps = []
    for step in range(11):
        red, green, blue = (a + (b - a) * step / 10 for a, b in zip(low, high, strict=True))
        steps.append((red, green, blue))
    shades = [luminance(rgb) for rgb in steps]
    assert all(darker < lighter for darker, lighter in pairwise(shades))
    assert shades[-1] > 2 * shades[0], "0 and 100 do not look alike in grey"
    hues = [colorsys.rgb_to_hls(*rgb)[0] * 360 for rgb in steps]
    assert max(hues) - min(hues) < 12


def test_no_status_is_told_by_its_colour_alone() -> None:
    assert set(styles.STATUS_STYLES) == set(Status)
    grounds = [style["bg_color"] for style in styles.STATUS_STYLES.values()]
    assert len(set(grounds)) == len(grounds)
    for troubled in (Status.UNMET, Status.INVALID):
        assert styles.STATUS_STYLES[troubled]["bold"], "what is wrong stands out in grey as well"
