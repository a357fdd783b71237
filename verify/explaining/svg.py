"""A few shapes of SVG as text; all coordinates are whole units."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

FONT = "font-family='DejaVu Sans, Helvetica, Arial, sans-serif'"


def rectangle(x: int, y: int, width: int, height: int, fill: str, opacity: str = "1") -> str:
    """A filled rectangle."""
    return f"<rect x='{x}' y='{y}' width='{width}' height='{height}' fill='{fill}' fill-opacity='{opacity}'/>"


def line(x1: int, y1: int, x2: int, y2: int, colour: str, dashes: str = "") -> str:
    """A thin line, with ``dashes`` such as ``4 3`` a broken one."""
    broken = f" stroke-dasharray='{dashes}'" if dashes else ""
    return f"<line x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}' stroke='{colour}'{broken}/>"


def curve(points: Iterable[tuple[int, int]], colour: str) -> str:
    """Straight lines from point to point."""
    listed = " ".join(f"{x},{y}" for x, y in points)
    return f"<polyline points='{listed}' fill='none' stroke='{colour}' stroke-width='2'/>"


def text(
    x: int, y: int, words: str, *, size: int = 12, anchor: str = "start", colour: str = "#222", more: str = ""
) -> str:
    """A line of words; ``more`` are further attributes, as they stand in SVG."""
    place = f"x='{x}' y='{y}' font-size='{size}' text-anchor='{anchor}' fill='{colour}'"
    return f"<text {place} {more}>{escape(words)}</text>"


def document(width: int, height: int, title: str, shapes: Iterable[str]) -> str:
    """A whole file on white ground."""
    size = f"width='{width}' height='{height}' viewBox='0 0 {width} {height}'"
    return "\n".join(
        (
            "<?xml version='1.0' encoding='UTF-8'?>",
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' aria-label={quoteattr(title)} {FONT}>",
            f"<title>{escape(title)}</title>",
            rectangle(0, 0, width, height, "#ffffff"),
            *shapes,
            "</svg>\n",
        )
    )
