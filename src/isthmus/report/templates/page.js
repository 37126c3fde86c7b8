// Comforts only: the page is whole without them. Theme, sorting, CSV, the details of a cell, and labels of marks.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, className, words) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (words !== undefined) made.textContent = words;
    return made;
  };

  const root = document.documentElement;
  const theme = document.querySelector(".theme");
  const remembered = () => { try { return localStorage.getItem("isthmus-theme"); } catch { return null; } };
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const told = () => {
    theme.textContent = dark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", dark() ? "Use light colours" : "Use dark colours");
    theme.removeAttribute("aria-pressed");
  };
  if (remembered()) root.dataset.theme = remembered();
  theme.hidden = false;
  told();
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("isthmus-theme", root.dataset.theme); } catch { /* a page from disk may have no storage */ }
    told();
  });

  const plain = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
  const numeric = (words) => {
    const found = words.replace(/,/g, "").replace("−", "-").match(/^[+-]?\d+(\.\d+)?/);
    return found ? Number(found[0]) : null;
  };
  const compare = (one, other) => {
    const a = numeric(one), b = numeric(other);
    if (a !== null && b !== null) return a - b;
    if ((a === null) !== (b === null)) return a === null ? -1 : 1;
    return one.localeCompare(other);
  };
  const sort = (table, column, head) => {
    const first = head.getAttribute("aria-sort");
    const sample = all("tbody:not(.fixed) tr", table).map((row) => numeric(plain(row.cells[column]))).find((value) => value !== null);
    const order = first ? (first === "ascending" ? "descending" : "ascending") : sample === undefined ? "ascending" : "descending";
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    all("tbody:not(.fixed)", table).forEach((body) => {
      const rows = [...body.rows].map((row) => [plain(row.cells[column]), row]);
      rows.sort((one, other) => sign * compare(one[0], other[0]));
      body.append(...rows.map(([, row]) => row));
    });
  };
  all("table.sortable").forEach((table) => [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = make("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, column, head));
  }));

  const field = (cell) => {
    const copy = cell.cloneNode(true);
    all(".weak", copy).forEach((mark) => mark.remove());
    const words = copy.textContent.replace(/\s+/g, " ").trim().replace(/−/g, "-");
    return /[",\n]/.test(words) ? `"${words.replace(/"/g, '""')}"` : words;
  };
  all("button.csv").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const rows = all("tr", document.getElementById(button.dataset.table));
      const lines = rows.map((row) => [...row.cells].map(field).join(","));
      const link = make("a");
      link.href = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/csv" }));
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  });

  const detail = document.getElementById("detail");
  const effects = new Map();
  all("#effects-table tbody tr").forEach((row) => {
    const [arm, task, language, delta, low, high, seeds, n] = [...row.cells].map(plain);
    effects.set([arm, task, language].join("\t"), { language, delta, low, high, seeds, n });
  });
  const clear = (one) => one.low !== "–" && (numeric(one.low) > 0 || numeric(one.high) < 0);
  const between = (one) => (one.low === "–" ? "no interval" : `${one.low} to ${one.high}`);
  const show = (cell) => {
    const { arm, task, scope, languages, score, weak } = cell.dataset;
    const whole = effects.get([arm, task, scope].join("\t"));
    if (!whole) return;
    all(".cell.on").forEach((other) => other.classList.remove("on"));
    cell.classList.add("on");
    const rows = make("div", "rows");
    const own = languages.split(" ").map((name) => effects.get([arm, task, name].join("\t"))).filter(Boolean);
    own.forEach((one) => {
      const row = make("div", "row");
      row.append(make("span", "", one.language), make(clear(one) ? "b" : "span", "", one.delta), make("span", "", between(one)), make("span", "seeds", one.seeds));
      rows.append(row);
    });
    const words = [`${whole.delta} (${between(whole)})`, `by seed ${whole.seeds}`, `n ${whole.n}`];
    if (score) words.unshift(`score ${score}`);
    if (weak) words.push(`not above ${weak.replace(/baseline:/g, "")}`);
    detail.replaceChildren(make("h3", "", `${arm} on ${task}`), make("p", "", words.join(" · ")), rows);
    detail.hidden = false;
  };
  all("button.cell").forEach((cell) => ["pointerenter", "focus", "click"].forEach((event) => cell.addEventListener(event, () => show(cell))));
  const shown = () => all(".matrix").find((matrix) => matrix.offsetParent !== null);
  const same = ({ arm, task }) => all("button.cell", shown()).find((cell) => cell.dataset.arm === arm && cell.dataset.task === task);
  all("input[name=scope]").forEach((input) => input.addEventListener("change", () => {
    const last = document.querySelector(".cell.on");
    const cell = last && same(last.dataset);
    if (cell) show(cell);
  }));
  const first = shown() && (shown().querySelector("button.cell.clear") || shown().querySelector("button.cell"));
  if (first) show(first);

  const tip = make("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  all("figure g").forEach((mark) => {
    const title = [...mark.children].find((child) => child.tagName === "title");
    if (!title) return;
    const words = title.textContent;
    mark.setAttribute("aria-label", words);
    title.remove();
    mark.addEventListener("pointermove", (event) => {
      tip.textContent = words;
      tip.hidden = false;
      const box = tip.getBoundingClientRect();
      tip.style.left = `${Math.max(8, Math.min(event.clientX + 12, innerWidth - box.width - 8))}px`;
      tip.style.top = `${event.clientY + 16 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 16}px`;
    });
    mark.addEventListener("pointerleave", () => { tip.hidden = true; });
  });
})();
