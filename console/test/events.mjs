// The events of the page's tests, and just enough of a store to answer questions about them.

export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const of = key(item);
    if (!groups.has(of)) groups.set(of, []);
    groups.get(of).push(item);
  }
  return groups;
}

const HOUR = 3_600_000;
const EVENTS = 4_000;
const CUSTOMERS = ["retail", "acme", "globex", "initech", "umbrella", "hooli"];
export const LONG_TRACE = "f00d0000000000000000000000010000";

/** An hour of queries, slow for one customer on the new build since it began to burn, and two traces. */
export function happenings(began, now) {
  const next = random(42);
  const events = [];
  for (let at = 0; at < EVENTS; at++) {
    const time = now - HOUR + (at / EVENTS) * HOUR;
    const customer = CUSTOMERS[Math.floor(next() ** 2 * CUSTOMERS.length)];
    const build = time > began - 210_000 && next() < 0.6 ? "8812" : "8811";
    const slow = customer === "retail" && build === "8812" && time >= began;
    const trace = `4bf92f3577b34da6${String(at).padStart(16, "0")}`;
    events.push({
      time, dataset: "query-api", sampleRate: 1, fields: {
        name: "query", "service.name": "query-api", duration_ms: Math.round((slow ? 6000 : 80) * Math.exp(1.6 * (next() + next() - 1)) * 10) / 10,
        customer_id: customer, build_id: build, "flag.short-cache": next() < 0.12, "result.groups": slow ? 9000 : Math.floor(next() * 900),
        partition: Math.floor(next() * 96), "host.name": `q-${1 + Math.floor(next() * 8)}`, error: false,
        "trace.trace_id": trace, "trace.span_id": `${at}a`,
      },
    });
  }
  for (let at = 0; at < 200; at++) events.push({ time: now - HOUR + at * 18_000, dataset: "ingest", sampleRate: 10, fields: { name: "batch", duration_ms: 4 + at % 7, "service.name": "ingest" } });
  for (let at = 0; at < 240; at++) {
    for (const host of ["q-1", "q-2"]) events.push({ time: now - HOUR + at * 15_000, dataset: "runtime", sampleRate: 1, fields: { "process.cpu.utilization": Math.round((host === "q-1" ? 0.4 : 0.3) * (1 + 0.2 * Math.sin(at / 9)) * 1000) / 1000, "host.name": host, "service.name": "query-api", "meta.signal_type": "metric" } });
  }
  return [...events, ...long(now - 100_000)].sort((a, b) => a.time - b.time);
}

/** A trace of ten thousand spans, with a missing parent, an event, a link and failures. */
function long(start) {
  const next = random(7);
  const span = (id, parent, offset, duration, more = {}) => ({
    time: start + offset, dataset: "store", sampleRate: 1,
    fields: { name: `read segment ${id}`, duration_ms: duration, "trace.trace_id": LONG_TRACE, "trace.span_id": `s${id}`, ...(parent === null ? {} : { "trace.parent_id": parent }), ...more },
  });
  const spans = [span(0, null, 0, 9000, { name: "query", "service.name": "query-api", customer_id: "retail", build_id: "8812", "flag.labels": true })];
  for (let id = 1; id < 10_000; id++) {
    const parent = id === 77 ? "gone" : `s${id % 5 === 0 ? 0 : Math.floor(next() * Math.min(id, 60))}`;
    spans.push(span(id, parent, id * 0.8, 5 + next() * 200, id % 997 === 0 ? { error: true, name: "read segment failed" } : {}));
  }
  const note = (type, more) => ({ time: start + 20, dataset: "store", sampleRate: 1, fields: { "trace.trace_id": LONG_TRACE, "trace.parent_id": "s0", "meta.annotation_type": type, name: "cache missed", ...more } });
  return [...spans, note("span_event", { key: "beta" }), note("link", { "trace.link.trace_id": "4bf92f3577b34da60000000000000007" })];
}

const type = (value) => (typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : Number.isInteger(value) ? "integer" : "float");

export function fieldTypes(events) {
  const types = new Map();
  for (const { fields } of events) for (const [name, value] of Object.entries(fields)) if (types.get(name) !== "float") types.set(name, type(value));
  return types;
}

const RELATIONS = {
  "=": (a, b) => a === b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, "<=": (a, b) => a <= b,
  contains: (a, b) => String(a).includes(b), "starts-with": (a, b) => String(a).startsWith(b), exists: (a) => a !== undefined, in: (a, b) => b.includes(a),
};
const NEGATIVE = { "!=": "=", "does-not-contain": "contains", "does-not-start-with": "starts-with", "does-not-exist": "exists", "not-in": "in" };

export function meets(fields, { filters = [], filter_combination = "AND" }) {
  const one = (each) => {
    if (each.filters) return meets(fields, each);
    const value = fields[each.column];
    if (NEGATIVE[each.op]) return !(value !== undefined && RELATIONS[NEGATIVE[each.op]](value, each.value));
    return each.op === "exists" ? value !== undefined : value !== undefined && (RELATIONS[each.op]?.(value, each.value) ?? false);
  };
  return filters.length === 0 || (filter_combination === "OR" ? filters.some(one) : filters.every(one));
}

const range = ({ start_time, end_time, time_range }) => {
  const until = end_time === undefined ? Date.now() : moment(end_time);
  return { since: start_time === undefined ? until - (time_range ?? 7200) * 1000 : moment(start_time), until };
};
const moment = (time) => (typeof time === "number" ? time * 1000 : Date.parse(time));
const called = ({ op, column, name }) => name || (column ? `${op}(${column})` : op);

function calculate({ op, column }, events) {
  const values = events.map((each) => each.fields[column]).filter((each) => typeof each === "number").sort((a, b) => a - b);
  const sum = values.reduce((all, each) => all + each, 0);
  if (op === "COUNT" || op === "CONCURRENCY") return events.reduce((all, each) => all + each.sampleRate, 0);
  if (op === "HEATMAP") return { bins: bins(values) };
  if (op === "COUNT_DISTINCT") return new Set(events.map((each) => each.fields[column])).size;
  if (op === "SUM") return sum;
  if (values.length === 0) return null;
  if (op === "AVG") return sum / values.length;
  if (op === "MIN") return values[0];
  if (op === "MAX") return values.at(-1);
  const digits = op.slice(1);
  return values[Math.min(values.length - 1, Math.floor(values.length * Number(digits) / 10 ** digits.length))];
}

function bins(values) {
  const counts = new Map();
  for (const value of values) {
    const bin = Math.round(Math.log2(Math.max(0.01, value)) * 4);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return [...counts].map(([bin, count]) => ({ low: 2 ** ((bin - 0.5) / 4), high: 2 ** ((bin + 0.5) / 4), count }));
}

/** The data of a query's result. */
export function answer(events, query) {
  const { since, until } = range(query);
  const calculations = query.calculations?.length ? query.calculations : [{ op: "COUNT" }];
  const breakdowns = query.breakdowns ?? [];
  const cells = (some) => ({ ...Object.fromEntries(calculations.map((each) => [called(each), calculate(each, some)])), ...formulas(query, calculations, some) });
  const inside = (shift) => events.filter((each) => each.time >= since - shift && each.time < until - shift && meets(each.fields, query));
  const key = (each) => JSON.stringify(breakdowns.map((field) => each.fields[field] ?? null));
  const groups = groupBy(inside(0), key);
  const offset = (query.compare_time_offset_seconds ?? 0) * 1000;
  const before = offset ? groupBy(inside(offset), key) : null;
  if (breakdowns.length === 0 && groups.size === 0) groups.set("[]", []);
  const named = (group) => Object.fromEntries(breakdowns.map((field, at) => [field, JSON.parse(group)[at]]));
  let rows = [...groups].map(([group, some]) => ({
    group, some, data: { ...named(group), ...cells(some) },
    ...(before ? { compare_data: { ...named(group), ...cells(before.get(group) ?? []) } } : {}),
  }));
  for (const { name, op, value } of query.havings ?? []) rows = rows.filter((row) => RELATIONS[op](row.data[name], value));
  const by = query.orders?.[0] ?? { op: "COUNT", order: "descending" };
  const order = by.name ?? (by.op ? called(by) : by.column);
  rows.sort((a, b) => (a.data[order] < b.data[order] ? -1 : 1) * (by.order === "ascending" ? 1 : -1));
  const shown = rows.slice(0, query.limit ?? 100);
  const step = (query.granularity ?? Math.max(1, Math.floor((until - since) / 120_000))) * 1000;
  const series = (some, group) => [...groupBy(some, (each) => Math.floor((each.time - since) / step))]
    .map(([at, of]) => ({ time: new Date(since + at * step).toISOString(), data: { ...group, ...cells(of) } }));
  return {
    results: shown.map(({ data, compare_data }) => ({ data, ...(compare_data ? { compare_data } : {}) })),
    series: shown.flatMap((row) => series(row.some, named(row.group))).sort((a, b) => (a.time < b.time ? -1 : 1)),
    total_by_aggregate: cells(inside(0)), total_by_aggregate_series: series(inside(0), {}),
    other_by_aggregate: cells(rows.slice(shown.length).flatMap((row) => row.some)),
    info: { granularity_seconds: step / 1000, rows_examined: events.length },
  };
}

/** A formula of the tests is one calculation by a number: $COUNT / 60. */
function formulas({ formulas = [] }, calculations, some) {
  return Object.fromEntries(formulas.map(({ name, expression }) => {
    const [, read, divisor] = /^\$(\S+) \/ (\d+)$/.exec(expression) ?? [];
    const calculation = calculations.find((each) => called(each) === read);
    return [name, calculation ? calculate(calculation, some) / Number(divisor) : null];
  }));
}

const iso = (time) => new Date(time).toISOString();

/** The events themselves. */
export function raw(events, body) {
  const { since, until } = range(body);
  const found = events.filter((each) => (body.dataset === "__all__" || each.dataset === body.dataset) && each.time >= since && each.time < until && meets(each.fields, body));
  return {
    events: found.slice(0, body.limit).map((each) => ({ time: iso(each.time), dataset: each.dataset, sample_rate: each.sampleRate, fields: each.fields })),
    truncated: found.length > body.limit,
  };
}

/** A trace as a waterfall. */
export function traceOf(events, id) {
  const own = events.filter((each) => each.fields["trace.trace_id"] === id);
  if (own.length === 0) return null;
  const start = own[0].time;
  const isNote = (each) => "meta.annotation_type" in each.fields;
  const spans = own.filter((each) => !isNote(each));
  const notesOf = groupBy(own.filter(isNote), (each) => each.fields["trace.parent_id"]);
  const byId = new Map(spans.map((each) => [each.fields["trace.span_id"], each]));
  const children = groupBy(spans, (each) => each.fields["trace.parent_id"] ?? "");
  const note = (each) => ({ type: each.fields["meta.annotation_type"], name: each.fields.name, time: iso(each.time), offset_ms: each.time - start, dataset: each.dataset, fields: each.fields });
  const shown = [];
  const walk = (each, parent, depth) => {
    const own_id = each.fields["trace.span_id"];
    const notes = notesOf.get(own_id) ?? [];
    shown.push({
      span_id: own_id, parent_id: each.fields["trace.parent_id"] ?? null, parent, depth, dataset: each.dataset, name: each.fields.name,
      start: iso(each.time), offset_ms: each.time - start, duration_ms: each.fields.duration_ms, error: each.fields.error === true, sample_rate: each.sampleRate, fields: each.fields,
      events: notes.filter((other) => other.fields["meta.annotation_type"] !== "link").map(note), links: notes.filter((other) => other.fields["meta.annotation_type"] === "link").map(note),
    });
    for (const child of children.get(own_id) ?? []) walk(child, "known", depth + 1);
  };
  for (const each of spans) {
    const parent = each.fields["trace.parent_id"];
    if (parent === undefined) walk(each, "root", 0);
    else if (!byId.has(parent)) walk(each, "missing", 0);
  }
  return {
    trace_id: id, start: iso(start), duration_ms: Math.max(...shown.map((each) => each.offset_ms + each.duration_ms)), span_count: shown.length,
    missing_parents: shown.filter((each) => each.parent === "missing").length, truncated: false, spans: shown, unattached: [],
  };
}
