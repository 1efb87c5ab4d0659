"""Charts as SVG, each for a light and for a dark page. Colour is never the only sign: every bar has
its name and value in words, and the limit's is an outline."""
import math
from xml.sax.saxutils import escape

import figures
import tables

# Text and Dunlin's bars have a contrast of at least 4.5 to their page, the others' bars of 3.
THEMES = {
    "light": {"page": "#ffffff", "text": "#1f2328", "quiet": "#57606a", "grid": "#d0d7de",
              "dunlin": "#0b5fae", "peer": "#848d97"},
    "dark": {"page": "#0d1117", "text": "#e6edf3", "quiet": "#9da7b1", "grid": "#30363d",
             "dunlin": "#6cb6ff", "peer": "#768390"},
}
LATENCIES = ("get-rate-64", "ping-64")
CPU_PANELS = ("ping-64", "get-64", "echo64k-64", "ping-framed-8x16", "ping-mux-8x16",
              "handshake-full")
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
WIDTH, MARGIN, GAP = 860, 20, 24
BAR, STEP = 14, 21
NAME_WIDTH, VALUE_WIDTH = 124, 76


class Drawing:
    """SVG elements, and how they look in one theme."""

    def __init__(self, theme):
        self.colours = THEMES[theme]
        self.elements = []

    def text(self, x, y, words, size=12, colour="text", anchor="start", weight="normal"):
        self.elements.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
            f'text-anchor="{anchor}" fill="{self.colours[colour]}">{escape(words)}</text>')

    def bar(self, x, y, width, kind):
        colour = self.colours.get(kind, self.colours["peer"])
        look = f'fill="none" stroke="{self.colours["text"]}" stroke-dasharray="3 2"' \
            if kind == "limit" else f'fill="{colour}"'
        self.elements.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1.5):.1f}" '
                             f'height="{BAR}" rx="2" {look}/>')

    def line(self, x1, y1, x2, y2, colour="grid", width=1.0):
        self.elements.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                             f'stroke="{self.colours[colour]}" stroke-width="{width}"/>')

    def dot(self, x, y, radius, colour):
        self.elements.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" '
                             f'fill="{self.colours[colour]}"/>')

    def svg(self, height, title, description):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
                f'width="{WIDTH}" height="{height:.0f}" role="img" font-family="{escape(FONT)}" '
                'aria-labelledby="title description">\n'
                f'<title id="title">{escape(title)}</title>\n'
                f'<desc id="description">{escape(description)}</desc>\n'
                f'<rect width="100%" height="100%" rx="6" fill="{self.colours["page"]}"/>\n'
                + "\n".join(self.elements) + "\n</svg>\n")


def _kind(name):
    return name if name in figures.OURS else "peer"


def measured(results, load, figure):
    """Returns: [(server, median)], the least first."""
    found = [(name, figures.spread(results, load, name, figure).median)
             for name in figures.servers_of(results, load, figure)]
    return sorted(found, key=lambda item: item[1])


def _say(bars, unit):
    words = (f"{tables.short(name)} {tables.number(value)}" for name, value in bars)
    return f"{', '.join(words)} {unit}"


# --- bars

def panel(drawing, left, top, width, title, bars):
    """Draws a title and a bar a server. Returns: its height."""
    drawing.text(left, top + 12, title, 13, weight="600")
    room = width - NAME_WIDTH - VALUE_WIDTH
    longest = max(value for _, value in bars)
    for i, (name, value) in enumerate(bars):
        y = top + 24 + i * STEP
        weight = "600" if name == "dunlin" else "normal"
        drawing.text(left + NAME_WIDTH - 8, y + BAR - 3, tables.short(name), 12, anchor="end",
                     weight=weight)
        length = room * value / longest
        drawing.bar(left + NAME_WIDTH, y, length, _kind(name))
        drawing.text(left + NAME_WIDTH + length + 6, y + BAR - 3, tables.number(value), 12,
                     weight=weight)
    return 24 + len(bars) * STEP


def bars_chart(results, theme, title, panels, unit):
    """panels: [(heading, [(server, value)])], two beside each other."""
    drawing = Drawing(theme)
    drawing.text(MARGIN, 30, title, 17, weight="600")
    drawing.text(MARGIN, 50, f"{unit}; less is better. Each panel has its own scale.", 12, "quiet")
    width = (WIDTH - 2 * MARGIN - GAP) / 2
    top = 72
    for at in range(0, len(panels), 2):
        heights = [panel(drawing, MARGIN + i * (width + GAP), top, width, heading, bars)
                   for i, (heading, bars) in enumerate(panels[at:at + 2])]
        top += max(heights) + GAP
    top = _foot(drawing, top, results)
    described = ". ".join(f"{heading}: {_say(bars, unit)}" for heading, bars in panels)
    return drawing.svg(top, title, described)


def _foot(drawing, top, results):
    machine = results["machine"]
    words = (machine["cpu"], machine["kernel"], results["date"][:10])
    drawing.text(MARGIN, top + 4, ", ".join(words), 11, "quiet")
    return top + 18


def cpu(results, theme):
    panels = []
    for load in CPU_PANELS:
        found = results["loads"].get(load)
        bars = measured(results, load, found["figures"][0]) if found else []
        if bars:
            panels.append((found["title"].replace("`", ""), bars))
    return bars_chart(results, theme, "What a call costs", panels,
                      "server CPU microseconds per call") if panels else None


def memory(results, theme):
    panels = []
    for load in ("idle-10000", "idle-1000"):
        bars = measured(results, load, "idle_kib")
        if bars:
            panels.append((results["loads"][load]["title"].replace("`", ""), bars))
    return bars_chart(results, theme, "What an idle connection costs", panels,
                      "KiB of memory per mutual-TLS connection") if panels else None


# --- latency

def _scale(values, left, width):
    """A logarithmic scale over whole decades."""
    low = math.floor(math.log10(max(min(values), 1)))
    high = max(math.ceil(math.log10(max(values))), low + 1)

    def x(value):
        return left + width * (math.log10(max(value, 1)) - low) / (high - low)
    return x, [10 ** i for i in range(low, high + 1)]


def latency(results, theme):
    """A line from p50 over p99 to p99.9 for each server: where all have the same to do, or, in a
    run without that load, as fast as their callers can."""
    load = next((one for one in LATENCIES if one in results["loads"]), LATENCIES[-1])
    pace = "" if "rate" in load else ", as fast as the callers can"
    names = ("p50_us", "p99_us", "p999_us")
    rows = []
    for server, _ in measured(results, load, "p50_us"):
        spreads = [figures.spread(results, load, server, name) for name in names]
        if all(spreads):
            rows.append((server, [one.median for one in spreads]))
    if not rows:
        return None
    drawing = Drawing(theme)
    title = f"How long a call takes: {results['loads'][load]['title'].replace('`', '')}"
    drawing.text(MARGIN, 30, title, 17, weight="600")
    drawing.text(MARGIN, 50, "microseconds, logarithmic: p50 (large dot), p99, p99.9 (small dots)"
                 + pace, 12, "quiet")
    x, ticks = _scale([value for _, values in rows for value in values], MARGIN + NAME_WIDTH,
                      WIDTH - 2 * MARGIN - NAME_WIDTH - 190)
    bottom = 84 + len(rows) * STEP
    for tick in ticks:
        drawing.line(x(tick), 70, x(tick), bottom)
        drawing.text(x(tick), bottom + 15, f"{tick:,}", 11, "quiet", "middle")
    for i, (server, values) in enumerate(rows):
        _latency_row(drawing, x, 84 + i * STEP, server, values)
    described = ". ".join(f"{tables.short(server)}: " + ", ".join(
        f"{figures.NAMES[name][0]} {tables.number(value)}" for name, value in zip(names, values))
        for server, values in rows)
    return drawing.svg(_foot(drawing, bottom + 32, results), title, described)


def _latency_row(drawing, x, y, server, values):
    colour = "dunlin" if server == "dunlin" else "text" if server == "limit" else "peer"
    weight = "600" if server == "dunlin" else "normal"
    drawing.text(MARGIN + NAME_WIDTH - 8, y + 4, tables.short(server), 12, anchor="end",
                 weight=weight)
    drawing.line(x(values[0]), y, x(values[2]), y, colour, 2)
    for radius, value in zip((5.5, 4, 3), values):
        drawing.dot(x(value), y, radius, colour)
    drawing.text(WIDTH - MARGIN, y + 4, " / ".join(tables.number(value) for value in values), 12,
                 anchor="end", weight=weight)


CHARTS = {"cpu": cpu, "memory": memory, "latency": latency}


def write(results, folder):
    """Returns: the names of the files that were made."""
    made = []
    for name, chart in CHARTS.items():
        for theme in THEMES:
            drawn = chart(results, theme)
            path = folder / f"{name}-{theme}.svg"
            if drawn:
                path.write_text(drawn)
                made.append(path.name)
            else:
                path.unlink(missing_ok=True)
    return made
