// The table of findings: filters, sorts, and draws what is in sight. All text goes in as text
// (textContent), never as markup. Nothing is fetched, stored or sent.
"use strict";
(() => {
  const { rules, findings } = JSON.parse(document.getElementById("data").textContent);
  const by = (id) => document.getElementById(id);
  const SEVERITIES = ["low", "medium", "high", "critical"];
  const OUTCOMES = ["pass", "waived", "not-assessed", "carried-over", "fail"];
  const CHUNK = 100;

  // What a filter compares and a column sorts by.
  const FIELDS = {
    severity: (finding) => rules[finding.rule].severity,
    outcome: (finding) => finding.outcome,
    service: (finding) => rules[finding.rule].service,
    topic: (finding) => rules[finding.rule].topic,
    account: (finding) => finding.account,
    region: (finding) => finding.region,
    // There is a choice of it where there is a baseline.
    ...(by("baseline") && { baseline: (finding) => finding.baseline ?? "" }),
  };
  const COLUMNS = {
    severity: (finding) => OUTCOMES.indexOf(finding.outcome) * 4 + SEVERITIES.indexOf(rules[finding.rule].severity),
    finding: (finding) => rules[finding.rule].title,
    resource: (finding) => finding.name,
    account: FIELDS.account,
    region: FIELDS.region,
  };

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // --- Filters. The address holds them, so that a view can be linked to.
  const filters = new URLSearchParams();
  let sorting = { column: "severity", down: true };
  let shown = [];
  let drawn = 0;
  let expanded = false;

  // What others than the rule say of a finding.
  const waived = ({ owner, expires, reason }) => `waived by ${owner}${expires ? ` until ${expires}` : ""}: ${reason}`;
  const said = (finding) => {
    if (finding.waiver) return waived(finding.waiver);
    return finding.last_seen ? `not assessed in this scan; failed when last seen, on ${finding.last_seen.slice(0, 10)}` : "";
  };

  const haystack = (finding) => {
    const rule = rules[finding.rule];
    const tags = Object.entries(finding.tags).map(([key, value]) => `${key}=${value}`);
    finding.haystack ??= [rule.id, rule.title, finding.name, finding.arn, finding.kind, finding.message, finding.fingerprint, said(finding), ...finding.gaps, ...tags]
      .join("\n").toLowerCase();
    return finding.haystack;
  };

  // What is carried over was not assessed either.
  const isOf = (wanted, value) => wanted === value || (wanted === "not-assessed" && value === "carried-over");

  const chosen = (finding) => {
    for (const [name, field] of Object.entries(FIELDS)) {
      if (filters.has(name) && !isOf(filters.get(name), field(finding))) return false;
    }
    if (filters.has("control")) {
      const [framework, id] = filters.get("control").split(" ");
      if (!rules[finding.rule].controls[framework]?.includes(id)) return false;
    }
    const words = (filters.get("q") ?? "").toLowerCase().split(/\s+/);
    return words.every((word) => haystack(finding).includes(word));
  };

  const compare = (a, b) => {
    const key = COLUMNS[sorting.column];
    const [left, right] = [key(a), key(b)];
    const order = left < right ? -1 : left > right ? 1 : 0;
    return sorting.down ? -order : order;
  };

  const show = () => {
    // Equal ones keep the order of the report.
    shown = findings.filter(chosen).sort(compare);
    drawn = 0;
    by("rows").replaceChildren();
    draw();
    by("count").textContent = `${shown.length} of ${findings.length} ${findings.length === 1 ? "finding" : "findings"}`;
    by("reset").hidden = [...filters.keys()].length === 0;
    by("control").hidden = !filters.has("control");
    by("control").textContent = filters.has("control") ? `control ${filters.get("control")} ✕` : "";
    for (const name of [...Object.keys(FIELDS), "q"]) {
      by(name).value = filters.get(name) ?? "";
      by(name).classList.toggle("set", filters.has(name));
    }
    for (const header of document.querySelectorAll("#table th")) {
      const own = header.dataset.column === sorting.column;
      header.setAttribute("aria-sort", own ? (sorting.down ? "descending" : "ascending") : "none");
    }
    const address = filters.toString();
    if (location.hash.slice(1) !== address) history.replaceState(null, "", `#${address}`);
  };

  const set = (name, value) => {
    if (value) filters.set(name, value); else filters.delete(name);
  };
  const replace = (query) => {
    [...filters.keys()].forEach((name) => filters.delete(name));
    new URLSearchParams(query).forEach((value, name) => set(name, value));
    show();
  };

  // --- Rows.
  const draw = (until = drawn + CHUNK) => {
    const rows = shown.slice(drawn, until).map(row);
    by("rows").append(...rows);
    drawn += rows.length;
    if (expanded) rows.forEach((made) => toggle(made, true));
    by("more").hidden = drawn >= shown.length;
  };

  const row = (finding) => {
    const rule = rules[finding.rule];
    const tone = finding.outcome === "fail" ? rule.severity : finding.outcome;
    const title = element("button", { className: "title", textContent: rule.title, type: "button" });
    title.setAttribute("aria-expanded", "false");
    const cells = [
      [element("span", { className: "tag", textContent: tone.replace("-", " ") })],
      [title, ...[finding.outcome === "pass" ? rule.id : finding.message, said(finding)].filter(Boolean).map((textContent) => element("div", { className: "said", textContent }))],
      [finding.name, element("div", { className: "said", textContent: finding.kind })],
      [finding.account],
      [finding.region],
    ];
    const made = element("tr", { className: `row ${tone}` }, ...cells.map((children) => element("td", {}, ...children)));
    made.finding = finding;
    return made;
  };

  const toggle = (made, open) => {
    const title = made.querySelector(".title");
    if ((title.getAttribute("aria-expanded") === "true") === open) return;
    title.setAttribute("aria-expanded", String(open));
    if (open) made.after(detail(made.finding, made.className.replace("row", "detail")));
    else made.nextElementSibling.remove();
  };

  // --- Details.
  const part = (title, ...children) => element("div", { className: "part" }, element("h3", { textContent: title }), ...children);
  const list = (items) => element("ul", {}, ...items.map((item) => element("li", {}, item)));
  const terms = (entries) => {
    const pairs = entries.flatMap(([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: value })]);
    return element("dl", {}, ...pairs);
  };

  const code = (text) => {
    const copy = element("button", { className: "small copy", type: "button", textContent: "Copy" });
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text);
      copy.textContent = "Copied";
    });
    return element("div", {}, ...(navigator.clipboard ? [copy] : []), element("pre", { textContent: text }));
  };

  const link = (address) => {
    // A rule of the user's own may name any scheme.
    if (!/^https?:/.test(address)) return address;
    return element("a", { href: address, textContent: address, target: "_blank", rel: "noopener noreferrer" });
  };

  const detail = (finding, className) => {
    const rule = rules[finding.rule];
    const { text = rule.fix, cli, terraform } = finding.fix ?? {};
    const paths = finding.evidence["network.internet_paths"];
    const evidence = Object.entries(finding.evidence).map(([path, value]) => [path, typeof value === "string" ? value : JSON.stringify(value)]);
    const controls = Object.entries(rule.controls).map(([framework, ids]) => [framework, ids.join(", ")]);
    const reached = Array.isArray(paths) && paths.length > 0;
    const columns = [
      finding.waiver && part("Waived", terms(Object.entries(finding.waiver))),
      finding.last_seen && part("Carried over", said(finding)),
      finding.gaps.length > 0 && part("Could not be read", list(finding.gaps)),
      finding.outcome !== "pass" && rule.risk && part("Risk", rule.risk),
      finding.outcome === "fail" && text && part("Fix", element("p", { textContent: text }), ...(cli ? [code(cli)] : [])),
      finding.outcome === "fail" && terraform && part("Terraform", code(terraform)),
      evidence.length > 0 && part("Evidence", terms(evidence)),
      finding.last_change && part("Last change", finding.last_change),
      part("Resource", terms([["arn", finding.arn], ...Object.entries(finding.tags).map(([key, value]) => [`tag ${key}`, value])])),
      part("Rule", terms([["id", rule.id], ["severity", rule.severity], ["topic", rule.topic], ["finding", finding.fingerprint], ...(finding.baseline ? [["baseline", finding.baseline]] : [])])),
      controls.length > 0 && part("Controls", terms(controls)),
      rule.references.length > 0 && part("References", list(rule.references.map(link))),
    ].filter(Boolean);
    const cell = element("td", { colSpan: 5 }, ...(reached ? [part("From the internet to the database", ...drawing(paths, finding.name))] : []),
      element("div", { className: "columns" }, ...columns));
    return element("tr", { className }, cell);
  };

  // --- The path from the internet, a row of boxes each.
  const PATHS = 6;
  const WHAT = [[/^igw-/, "internet gateway"], [/^rtb-/, "route table"], [/^acl-/, "network ACL"], [/^sg-/, "security group"], [/^\d+$/, "port"]];
  const shape = (name, attributes, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const drawing = (paths, database) => {
    const drawings = paths.slice(0, PATHS).map((path) => drawPath([...String(path).split(" → "), database]));
    if (paths.length > PATHS) drawings.push(element("p", { className: "said", textContent: `and ${paths.length - PATHS} more, listed in the evidence` }));
    return drawings;
  };

  const drawPath = (steps) => {
    const [width, height, between] = [138, 44, 26];
    const total = steps.length * width + (steps.length - 1) * between;
    const svg = shape("svg", { class: "path", viewBox: `-2 -2 ${total + 4} ${height + 24}`, role: "img", "aria-label": steps.join(" to ") });
    svg.style.maxWidth = `${total + 4}px`;
    steps.forEach((step, position) => {
      const x = position * (width + between);
      const [middle, last] = [x + width / 2, position === steps.length - 1];
      if (position > 0) {
        svg.append(
          shape("path", { class: "arrow", d: `M${x - between + 2} ${height / 2}H${x - 8}` }),
          shape("path", { class: "head", d: `M${x - 2} ${height / 2}l-8 -5v10z` }));
      }
      if (last) {
        const [top, bottom] = [7, height - 7];
        svg.append(
          shape("path", { class: "box target", d: `M${x} ${top}v${bottom - top}a${width / 2} 7 0 0 0 ${width} 0v${top - bottom}` }),
          shape("ellipse", { class: "box target", cx: middle, cy: top, rx: width / 2, ry: 7 }));
      } else {
        svg.append(shape("rect", { class: position === 0 ? "box source" : "box", x, y: 0, width, height, rx: position === 0 ? height / 2 : 6 }));
      }
      const what = last ? "database" : position === 0 ? "internet" : (WHAT.find(([pattern]) => pattern.test(step)) ?? [])[1] ?? "";
      const label = step.length > 18 ? `${step.slice(0, 17)}…` : step;
      const text = shape("text", { x: middle, y: height / 2 + (last ? 8 : 4) }, label);
      text.append(shape("title", {}, step));
      svg.append(text, shape("text", { class: "what", x: middle, y: height + 16 }, what));
    });
    return svg;
  };

  // --- What a reader does.
  for (const [name, field] of Object.entries(FIELDS)) {
    const values = [...new Set(findings.map(field))].filter(Boolean).sort();
    if (name === "severity") values.sort((a, b) => SEVERITIES.indexOf(b) - SEVERITIES.indexOf(a));
    by(name).append(...values.map((value) => element("option", { value, textContent: value })));
    by(name).addEventListener("change", () => { set(name, by(name).value); show(); });
  }
  let typing;
  by("q").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => { set("q", by("q").value.trim()); show(); }, 120);
  });
  by("reset").addEventListener("click", () => replace(""));
  by("control").addEventListener("click", () => { filters.delete("control"); show(); });
  by("expand").addEventListener("click", () => {
    expanded = !expanded;
    by("expand").textContent = expanded ? "Close all" : "Open all";
    document.querySelectorAll("tr.row").forEach((made) => toggle(made, expanded));
  });
  by("theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.dataset.theme = dark === "dark" ? "light" : "dark";
  });
  by("rows").addEventListener("click", (event) => {
    const made = event.target.closest("tr.row");
    // Selecting text is no click.
    if (made && getSelection().isCollapsed) toggle(made, made.querySelector(".title").getAttribute("aria-expanded") !== "true");
  });
  for (const button of document.querySelectorAll("#table th button")) {
    button.addEventListener("click", () => {
      const { column } = button.parentElement.dataset;
      sorting = { column, down: sorting.column === column ? !sorting.down : column === "severity" };
      show();
    });
  }
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      replace(button.dataset.filter);
      by("findings").scrollIntoView();
      by("q").focus({ preventScroll: true });
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const title = event.target.closest?.("tr.row .title");
    if (event.key === "/" && !event.target.closest?.("input, select")) {
      event.preventDefault();
      by("q").focus();
    } else if (event.key === "Escape" && event.target === by("q")) {
      replace("");
    } else if (title && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const titles = [...document.querySelectorAll("tr.row .title")];
      titles[titles.indexOf(title) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    }
  });
  addEventListener("hashchange", () => replace(location.hash.slice(1)));
  // Paper has no scrolling: all rows of the filter, and closed sections too.
  addEventListener("beforeprint", () => {
    draw(Infinity);
    document.querySelectorAll("details").forEach((section) => { section.open = true; });
  });
  by("more").addEventListener("click", () => draw());
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && drawn < shown.length) draw();
  }, { rootMargin: "600px" }).observe(by("more"));
  replace(location.hash.slice(1) || by("findings").dataset.first);
})();
