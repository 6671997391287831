"use strict";
const table = document.getElementById("table");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const rows = [...body.rows];
const order = new Map(rows.map((row, place) => [row, place]));
const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const find = document.getElementById("find");
const shown = document.getElementById("shown");
const choices = ["section", "state"].flatMap((name) => {
  const select = document.getElementById(name);
  return select ? [[select, heads.findIndex((head) => head.dataset.filter === name)]] : [];
});
const more = document.getElementById("more");
const texts = new Map();
const STEP = 500; // rows that are laid out at once: a browser takes seconds for ten thousand
let limit = STEP;

function text(row, column) {
  return row.cells[column].textContent.trim();
}

function wanted(row) {
  if (!choices.every(([select, column]) => select.value === "*" || select.value === "=" + text(row, column))) {
    return false;
  }
  const sought = find.value.trim().toLocaleLowerCase();
  if (!sought) {
    return true;
  }
  if (!texts.has(row)) {
    texts.set(row, [...row.cells].map((cell) => cell.textContent.trim()).join("\n").toLocaleLowerCase());
  }
  return texts.get(row).includes(sought);
}

function show() {
  let count = 0;
  for (const row of rows) {
    const stays = wanted(row);
    count += stays;
    row.hidden = !stays;
    row.classList.toggle("later", stays && count > limit);
  }
  const now = Math.min(count, limit);
  const found = now < count && count < rows.length ? `, ${count} found` : "";
  shown.textContent = `${now} of ${rows.length} ${rows.length === 1 ? "student" : "students"} shown${found}`;
  more.hidden = now === count;
  more.textContent = `Show ${Math.min(STEP, count - now)} more`;
}

function again() {
  limit = STEP;
  show();
}

// Rows without a value stand last either way; equal ones keep the order in which they came.
function sort(column) {
  const head = heads[column];
  const down = head.getAttribute("aria-sort") === "ascending";
  const numbers = head.dataset.sort === "number";
  const keys = new Map(rows.map((row) => [row, text(row, column)]));
  const compare = numbers ? (one, other) => Number(one) - Number(other) : words.compare;
  rows.sort((one, other) => {
    const [a, b] = [keys.get(one), keys.get(other)];
    if (!a !== !b) {
      return a ? -1 : 1;
    }
    return (a && compare(a, b) * (down ? -1 : 1)) || order.get(one) - order.get(other);
  });
  heads.forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.replaceChildren(...rows);
  again();
}

heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sort(column));
});
// For a browser, what lies below the fixed head or column is in view; the style sheet's margins say how far it is not.
table.addEventListener("focusin", ({ target }) => {
  if (target.matches(":focus-visible")) {
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});
find.addEventListener("input", again);
choices.forEach(([select]) => select.addEventListener("change", again));
more.addEventListener("click", () => {
  limit += STEP;
  show();
});
document.getElementById("controls").hidden = false;
show();
table.classList.add("ready");
