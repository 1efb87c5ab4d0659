"""The tables: one of ratios for the README and the terminal, one of targets, one of everything."""
import figures

SHORT = {"dunlin": "Dunlin", "limit": "limit", "cpp-nonblocking": "C++ non-blocking",
         "cpp-threaded": "C++ threaded", "cpp-pool": "C++ pool", "go": "Apache Go",
         "finagle": "Finagle", "finagle-thrift": "Finagle thrift",
         "finagle-mux": "Finagle mux"}
COLUMNS = ["limit", "dunlin", "volo", "kitex", "go", "cpp-nonblocking", "cpp-threaded", "cpp-pool",
           "finagle", "c_glib"]


def number(value):
    """Three digits that matter."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def short(name):
    """What a server is called where there is little room."""
    return SHORT.get(name, name)


def markdown(head, rows, right=True):
    align = "--:" if right else "---"
    lines = [head, ["---", *[align] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def text(head, rows):
    """The same for a terminal."""
    lines = [[cell.replace("`", "").replace("**", "") for cell in line] for line in [head, *rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(line, widths))).rstrip()
                     for line in lines) + "\n"


# --- the table of ratios

def _columns(results):
    """Those that were measured: (column, {server names})."""
    names = {}
    for load in results["loads"].values():
        for server in load["servers"]:
            column = results["servers"][server]["column"]
            names.setdefault(column, set()).add(server)
    order = {name: i for i, name in enumerate(COLUMNS)}
    return sorted(names.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def _cell(results, load, server, figure):
    found = figures.spread(results, load, server, figure)
    if not found:
        return "failed" if figures.failures(results, load, server) else ""
    words = number(found.median)
    if server == "dunlin":
        return f"**{words}**"
    ratio = figures.ratio(results, (load, server), (load, "dunlin"), figure)
    return f"{words} ({number(ratio.median)})" if ratio else words


def _cell_of_column(results, load, servers, figure):
    there = [name for name in sorted(servers) if name in results["loads"][load]["servers"]]
    cells = [_cell(results, load, name, figure) for name in there]
    return next((cell for cell in cells if cell), "")


def _unit(figure):
    words, _ = figures.NAMES[figure]
    return "" if figure == "cpu_us" else f": {words}"


def ratios(results):
    """Returns: (head, rows). A cell is a median and, in brackets, how many times Dunlin's it is."""
    columns = _columns(results)
    head = ["", *[short(column) for column, _ in columns], "spread"]
    rows = []
    for name, load in results["loads"].items():
        for figure in load["figures"]:
            cells = [_cell_of_column(results, name, servers, figure) for _, servers in columns]
            if any(cells):
                rows.append([load["title"] + _unit(figure), *cells, _spread(results, name, figure)])
    return head, rows


def _spread(results, load, figure):
    """The widest of those that were measured more than once."""
    found = [figures.spread(results, load, server, figure)
             for server in results["loads"][load]["servers"]]
    wide = [one.percent for one in found if one and one.n > 1]
    return f"± {max(wide):.0f} %" if wide else ""


# --- the others

def targets(rows):
    """Returns: (head, rows)."""
    head = ["load", "figure", "against", "wanted", "is", "from", "to", ""]
    return head, [[row["load"], row["figure"], row["against"], row["bound"], number(row["value"]),
                   number(row["low"]), number(row["high"]), row["verdict"]] for row in rows]


def everything(results):
    """Returns: (head, rows): every median with its spread."""
    names = list(figures.NAMES)
    head = ["load", "server", "n", *[figures.NAMES[name][0] for name in names]]
    rows = []
    for load, found in results["loads"].items():
        for server in found["servers"]:
            spreads = [figures.spread(results, load, server, name) for name in names]
            count = max((one.n for one in spreads if one), default=0)
            rows.append([load, results["servers"][server]["label"], str(count),
                         *[f"{number(one.median)} ± {one.percent:.0f} %" if one else ""
                           for one in spreads]])
    return head, rows


# --- the report

def setting(results):
    """What the figures were measured on, and with what: lines of Markdown."""
    machine, versions = results["machine"], results["versions"]
    run = "quick run" if results["quick"] else "full run"
    yield (f"Measured on {machine['cpu']}, {machine['cores']} cores, {machine['system']}, "
           f"{machine['kernel']}; {run} of {results['date'][:10]}, median of up to "
           f"{max((load['rounds'] for load in results['loads'].values()), default=0)} alternating "
           f"rounds; Dunlin {versions['dunlin']}, {versions['openssl']}.")
    peers = [f"{one['label']} ({one['version']})" for one in results["servers"].values()
             if one.get("version") and one["column"] not in figures.OURS]
    if peers:
        yield "Peers: " + "; ".join(peers) + "."
    for line in results["left_out"].values():
        yield f"Left out: {line}"
    for line in results["notes"]:
        yield f"Note: {line}"


def report(results, clients=""):
    """The whole report as Markdown: table.md is its first table alone. @clients: that section."""
    parts = ["# ./run bench\n", "\n".join(f"- {line}" for line in setting(results)) + "\n",
             "Server CPU microseconds per call (user and system), and in brackets how many times "
             "Dunlin's that is.\n", markdown(*ratios(results)),
             *(["## Clients\n", clients + "\n"] if clients else []), "## Targets\n",
             markdown(*targets(results["targets"]), right=False), "## Everything\n",
             markdown(*everything(results))]
    failed = [f"- {load}: {server}: {text}" for load, found in results["loads"].items()
              for server, one in found["servers"].items() for text in one["failures"]]
    if failed:
        parts += ["## What failed\n", "\n".join(failed) + "\n"]
    return "\n".join(parts)
