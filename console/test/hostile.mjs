// Two hundred strings that somebody may send as a name, a value, a flag's key, a commit's message.

const ATTACKS = [
  "<script>globalThis.harmed = true</script>", "<img src=x onerror=\"globalThis.harmed = true\">", "<svg onload=\"globalThis.harmed = true\">", "\"><iframe srcdoc=\"<script>top.harmed=true</script>\">",
  "javascript:globalThis.harmed=true", "{@html '<img src=x onerror=globalThis.harmed=true>'}", "${globalThis.harmed = true}", "{{constructor.constructor('globalThis.harmed=true')()}}",
  "</title><script>globalThis.harmed=true</script>", "<style>*{display:none!important}</style>", "' onmouseover='globalThis.harmed=true", "<a href=\"javascript:globalThis.harmed=true\">x</a>",
  "<base href=\"http://evil.invalid/\">", "<meta http-equiv=refresh content=\"0;url=http://evil.invalid/\">", "<form action=http://evil.invalid><input autofocus onfocus=globalThis.harmed=true>",
];
const ODD = [
  "W".repeat(400), "ﷺ".repeat(60), "a".repeat(30) + "\u0301".repeat(300), "\u202eesrever\u202d", "\u0000\u0001\u0007\u001b[31m", "line\nbreak\r\nand\ttab", "👩‍👩‍👧‍👦".repeat(40), "   ", "\u200b", "../../etc/passwd",
  "%00%2e%2e%2f", "__proto__", "constructor", "toString", "hasOwnProperty", "=cmd|' /C calc'!A0", "-0", "NaN", "null", "undefined", "日本語のとても長い名前".repeat(20), "שלום עולם مرحبا", "a&b=c#d?e/f", "\ud800", "';DROP TABLE events;--",
];

/** Each different from all others. */
export const STRINGS = Array.from({ length: 200 }, (_, at) => {
  const all = [...ATTACKS, ...ODD];
  const base = all[at % all.length];
  return at < all.length ? base : `${base}${at}`;
});

/** The story with such strings wherever somebody else chooses the words. */
export function hostile(told) {
  let at = 0;
  const next = () => STRINGS[at++ % STRINGS.length];
  const some = (many) => Array.from({ length: many }, next);
  for (const slo of told.slos) Object.assign(slo, { name: next(), service: next() });
  told.changes = STRINGS.map((text, index) => ({
    id: `h-${index}`, kind: ["build", "deploy", "flag", "marker"][index % 4], time: new Date(told.began - index * 20_000).toISOString(), service: STRINGS[(index + 7) % 200],
    environment: STRINGS[(index + 9) % 200], name: text, build_id: STRINGS[(index + 11) % 200], flag: STRINGS[(index + 13) % 200], summary: STRINGS[(index + 17) % 200], actor: STRINGS[(index + 19) % 200], url: text,
    before: { key: text }, after: { [text]: STRINGS[(index + 3) % 200] },
  }));
  const [incident, older] = told.incidents;
  Object.assign(incident, { slo_name: next(), service: next(), detected_by: next() });
  Object.assign(older, { slo_name: next() });
  Object.assign(incident.verdict, { flag: next(), variation: next(), build_id: next(), terms: some(4).map((value) => ({ field: next(), value })) });
  incident.suspects = some(12).map((name, index) => ({ change_id: `h-${index}`, kind: index === 11 ? "none" : "flag", name, posterior: 1 / (index + 2), for: [next()], against: [next()], evidence: null }));
  incident.causes = some(20).map((value, index) => ({ terms: [{ field: next(), value }, { field: next(), value: next() }], selection_share: 1 - index / 40, baseline_share: 0.02, excess: 900 - index, p_value: 1e-9, says: next() }));
  incident.conjunctions = [];
  incident.differences = [];
  Object.assign(incident.mitigation, { action: { flag: next(), audience: { kind: "context", context_kind: next(), keys: some(3) }, to_variation: next() }, refusals: some(3), note: next() });
  incident.counterfactuals = incident.counterfactuals.map((each) => ({ ...each, terms: [{ field: next(), value: next() }], note: next(), flag: each.flag && next() }));
  told.audit = told.audit.map((record) => ({ ...record, actor: next(), body: { summary: next(), [next()]: next() } }));
  told.guard.eligible = some(6);
  told.guard.environment = next();
  const now = told.now;
  told.events = STRINGS.map((text, index) => ({
    time: now - index * 10_000, dataset: index < 100 ? "query-api" : STRINGS[index - 100], sampleRate: 1,
    fields: { name: text, duration_ms: 10 + index * 40, "trace.trace_id": STRINGS[index % 20] || "t", "trace.span_id": `${index}`, customer_id: text, error: index % 9 === 0, ...Object.fromEntries(STRINGS.slice(index, index + 12).map((field) => [field, text])) },
  })).sort((a, b) => a.time - b.time);
  return told;
}
