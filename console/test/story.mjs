// A plausible incident for the page's own tests: a new build is slow for one customer, behind a
// flag. Seeded, so that two runs look the same.
import { happenings, random } from "./events.mjs";
import { hostile } from "./hostile.mjs";

const MINUTE = 60_000;

const iso = (time) => new Date(time).toISOString();
const term = (field, value) => ({ field, value });
const told = (what, excess) => ({
  excess_low: Math.round(excess * 0.97), excess_high: Math.round(excess * 1.03), budget_share: excess / 8_120,
  says: `${what}: 21 % of these events are selected, of the others 0.1 %; ${excess} (${Math.round(excess * 0.97)} to ${Math.round(excess * 1.03)}) more than if they were like the others, ${(excess / 81.2).toFixed(1)} % of the error budget`,
});
const cause = (terms, selection_share, baseline_share, excess, p_value) => ({
  terms, selection_share, baseline_share, excess, p_value,
  ...told(terms.map((each) => `${each.field} = ${each.value}`).join(" and "), excess),
});
const dimension = (field, value, selection_share, baseline_share, excess, p_value) => ({
  field, type: "dimension", value, selection_share, baseline_share, excess, p_value,
  ...told(`${field} = ${value}`, excess),
});

const FLAG = {
  key: "short-cache", on: true, variations: [true, false], offVariation: 1,
  targets: [], contextTargets: [], rules: [{ id: "beta", clauses: [{ attribute: "beta", op: "in", values: [true] }], variation: 0 }],
  fallthrough: { variation: 1 },
};

/** Everything the fixture server answers with, for one of the scenarios talk, none, unsure, empty. */
export function story(scenario, now) {
  const began = now - 170_000;
  const empty = scenario === "empty";
  if (scenario === "hostile") return hostile({ ...story("talk", now), scenario: "talk" });
  return {
    now, began, scenario, stoppedAt: null,
    guard: {
      mode: "ask", stop: false, eligible: ["short-cache", "beta-*"], environment: "production",
      limits: { toggles_per_hour: 3, toggles_per_day: 10, toggles_per_flag_per_day: 4 },
    },
    slos: slos(empty),
    changes: empty ? [] : changes(began),
    incidents: empty ? [] : [incident(scenario, began, now), older(now)],
    audit: empty ? [] : audit(scenario, began),
    events: empty ? [] : happenings(began, now),
    boards: [],
  };
}

function slos(empty) {
  const slo = (id, name, service, target, rest) => ({
    id, name, service, dataset: service, target, window_seconds: 30 * 86_400, exhausted_at: null,
    filters: [{ column: "name", op: "=", value: "query" }], filter_combination: "AND",
    ...rest,
  });
  return [
    slo("query-api-fast", "Queries answer in under two seconds", "query-api", 0.999, empty
      ? { eligible: 0, bad: 0, budget_remaining: null, burn_rates: { "5m": null, "1h": null, "6h": null } }
      : { eligible: 8_120_400, bad: 1_056, budget_remaining: 0.87,
        burn_rates: { "5m": 31.2, "1h": 3.1, "6h": 0.84 },
        threshold: { column: "duration_ms", op: "<", value: 2000 } }),
    slo("ingest-accepts", "Ingest accepts events", "ingest", 0.9995,
      { eligible: 214_380_000, bad: 31_000, budget_remaining: 0.711, burn_rates: { "5m": 0.2, "1h": 0.35, "6h": 0.31 } }),
    slo("builds-under-ten-minutes", "Builds finish in under ten minutes", "ci", 0.95,
      { eligible: 412, bad: 9, budget_remaining: -0.12, burn_rates: { "5m": null, "1h": 0, "6h": 1.4 } }),
  ];
}

function changes(began) {
  const at = (minutes) => iso(began + minutes * MINUTE);
  return [
    { id: "c-labels", kind: "flag", time: at(-32), service: "query-api", environment: "production", name: "labels", flag: "labels", summary: "labels to 10 %", actor: "dana", url: "https://flags.example/labels", before: { ...FLAG, key: "labels", fallthrough: { variation: 1 } }, after: { ...FLAG, key: "labels", fallthrough: { rollout: { variations: [{ variation: 0, weight: 10_000 }, { variation: 1, weight: 90_000 }] } } } },
    { id: "c-8811", kind: "deploy", time: at(-48), service: "query-api", environment: "production", name: "query-api 8811", build_id: "8811", summary: "Merge of 4119", actor: "lee", url: "https://code.example/4119" },
    { id: "c-8812-build", kind: "build", time: at(-9), service: "query-api", environment: "", name: "query-api build 8812", build_id: "8812", commit: "5f2c9e1ab4", summary: "Cache beta results for ten seconds", actor: "lee", url: "https://ci.example/8812" },
    { id: "c-8812", kind: "deploy", time: at(-3.5), service: "query-api", environment: "production", name: "query-api 8812", build_id: "8812", summary: "Cache beta results for ten seconds", actor: "lee", url: "https://code.example/4127" },
    { id: "c-dark", kind: "flag", time: at(-0.25), service: "web", environment: "production", name: "dark-mode", flag: "dark-mode", summary: "dark-mode to 50 %", actor: "dana", url: "javascript:alert(1)" },
    { id: "c-odd", kind: "marker", time: at(-20), service: "web", environment: "production", name: "<img src=x onerror=alert(1)>", summary: "a-very-long-name-that-somebody-gave-to-a-release-and-that-does-not-break-by-itself-because-it-has-no-spaces", actor: "ci", url: "" },
  ];
}

const VERDICTS = {
  talk: { kind: "deploy", change_id: "c-8812", flag: "short-cache", variation: "true", build_id: "8812", terms: [term("customer_id", "retail")], posterior: 0.98 },
  none: { kind: "none", change_id: null, flag: null, variation: null, build_id: null, terms: [], posterior: 0.93 },
  unsure: { kind: "unsure", change_id: null, flag: null, variation: null, build_id: null, terms: [], posterior: 0.41 },
};

function suspects(scenario) {
  const none = (posterior, forIt, against) => ({ change_id: "", kind: "none", name: "none of ours", posterior, for: forIt, against, evidence: null });
  const dark = { change_id: "c-dark", kind: "flag", name: "dark-mode", posterior: 0.004, for: [], against: ["as many slow queries with it as without: risk ratio 1.02 (0.91 to 1.14)"], evidence: { exposed: { events: 107_200, bad: 524 }, unexposed: { events: 108_222, bad: 518 }, units_affected: 1, onset_lag_s: 15 } };
  const build = (posterior) => ({
    change_id: "c-8812", kind: "deploy", name: "query-api 8812", posterior,
    for: ["slow on 8812: 21 % of retail's queries; on 8811 in the same minutes: 0 of 312", "began 3 min 30 s after the first event of 8812, host by host as it rolled"],
    against: ["other customers on 8812 are well, so rolling back all of it would cost more than it saves"],
    evidence: { exposed: { events: 4_890, bad: 1_030 }, unexposed: { events: 210_532, bad: 12 }, units_affected: 1, onset_lag_s: 210 },
  });
  if (scenario === "none") return [none(0.93, ["every build and every variation is hit alike"], []), { ...build(0.05), against: ["hosts still on 8811 are as slow"] }, dark];
  if (scenario === "unsure") return [{ ...build(0.41), evidence: { exposed: { events: 92, bad: 4 }, unexposed: { events: 301, bad: 2 }, units_affected: 1, onset_lag_s: 210 } }, none(0.38, [], []), dark];
  return [build(0.98), none(0.012, [], ["hosts still on 8811 are well in the same minutes"]), dark];
}

function incident(scenario, began, now) {
  const talk = scenario === "talk";
  return {
    id: "i-42", slo: "query-api-fast", slo_name: "Queries answer in under two seconds", service: "query-api", target: 0.999,
    dataset: "query-api", state: "open", opened_at: iso(began + 48_000), burn_began_at: iso(began), closed_at: null,
    detected_by: "contrast", burn_rate: 31.2, budget_spent_at_detection: 0.004, budget_remaining: 0.87,
    verdict: VERDICTS[scenario], suspects: suspects(scenario), ...explanation(talk),
    mitigation: talk ? {
      id: "m-7", state: "recommended",
      action: { flag: "short-cache", audience: { kind: "context", context_kind: "customer", keys: ["retail"] }, to_variation: "false" },
      refusals: ["The mode is ask: a person approves first."],
      predicted: { burn_rate_after: 0.4, low: 0.2, high: 0.7, traffic_affected: 0.003 },
      observed: null, actor: "guard", note: "", before: null, after: null, applied_at: null,
    } : null,
    counterfactuals: talk ? ladder() : [],
    queries: [],
  };
}

function ladder() {
  const step = (name, burn, low, high, traffic, more = {}) => ({
    step: name, possible: burn !== null, name: "", flag: "short-cache", variation: "true", build_id: null, terms: [],
    burn_rate: { value: burn, low, high }, bad_events_avoided: { value: 0, low: 0, high: 0 }, budget_remaining: { value: null, low: null, high: null },
    traffic_affected: traffic, good_events_affected: 0, note: "", ...more,
  });
  return [
    step("nothing", 31.2, 29.8, 32.6, 0, { flag: null }),
    step("customer", 0.4, 0.2, 0.7, 0.003, { terms: [term("customer_id", "retail")] }),
    step("segment", null, null, null, null, { note: "those who fail share nothing that a segment could be made of" }),
    step("rule", 0.3, 0.2, 0.5, 0.041, { name: "take short-cache = true from rule beta" }),
    step("flag", 0.3, 0.2, 0.5, 0.12),
    step("build", 0.4, 0.2, 0.7, 0.36, { flag: null, build_id: "8812" }),
  ];
}

/** What is in a dragged box: the same, with fewer events. */
export function boxed(rich) {
  const whole = explanation(rich);
  const scaled = (each) => ({ ...each, excess: Math.round(each.excess * 0.18) });
  return {
    ...whole, selected: 187, baseline: 36_402, causes: whole.causes.map(scaled),
    conjunctions: whole.conjunctions.map(scaled), differences: whole.differences.map(scaled),
  };
}

export function explanation(rich) {
  if (!rich) return { selected: 1_042, baseline: 214_380, fields_tested: 61, differences: [], conjunctions: [], causes: [], elapsed_ms: 9 };
  const groups = Array.from({ length: 12 }, (_, index) => ({
    low: 100 * 2 ** (index * 0.8), high: 100 * 2 ** ((index + 1) * 0.8),
    selection_share: index < 7 ? 0.01 : 0.19 - Math.abs(index - 9) * 0.03, baseline_share: Math.max(0.004, 0.28 - Math.abs(index - 2.5) * 0.06),
  }));
  return {
    selected: 1_042, baseline: 214_380, fields_tested: 61, elapsed_ms: 9,
    causes: [
      cause([term("customer_id", "retail"), term("build_id", "8812")], 0.97, 0.001, 1_006, 1e-40),
      cause([term("customer_id", "retail")], 0.97, 0.014, 990, 1e-38),
      cause([term("partition", 17)], 0.41, 0.011, 420, 1e-12),
      cause([term("flag.short-cache", true)], 1, 0.12, 917, 1e-30),
      cause([term("build_id", "8812")], 1, 0.35, 677, 1e-20),
    ],
    conjunctions: [cause([term("customer_id", "retail"), term("build_id", "8812")], 0.97, 0.001, 1_006, 1e-40)],
    differences: [
      dimension("customer_id", "retail", 0.97, 0.014, 990, 1e-38),
      { field: "result.groups", type: "measure", histogram: groups, selection_share: 0.88, baseline_share: 0.02, excess: 896, p_value: 1e-25 },
    ],
  };
}

function older(now) {
  const began = now - 26 * 60 * MINUTE;
  return {
    ...incident("none", began, now), id: "i-41", slo: "ingest-accepts", slo_name: "Ingest accepts events", service: "ingest", dataset: "ingest",
    state: "closed", closed_at: iso(began + 14 * MINUTE), burn_rate: 8.4, detected_by: "burn_rate",
  };
}

/** A hash for the eye: the chain is followed, not computed. */
export const hashOf = (seq) => (seq < 1281 ? "0" : (seq * 2_654_435_761 % 2 ** 32).toString(16).padStart(8, "0").repeat(8)).padStart(64, "0");

function audit(scenario, began) {
  const record = (seq, seconds, kind, body, actor = "guard") =>
    ({ seq, time: iso(began + seconds * 1000), actor, kind, incident: "i-42", mitigation: "", body, hash: hashOf(seq), previous_hash: hashOf(seq - 1) });
  const records = [record(1281, 48, "opened", scenario === "talk" ? { text: "Queries answer in under two seconds burns at 31.2 times the allowed rate." } : {}), record(1282, 51, "attributed", {})];
  if (scenario === "talk") records.push(record(1283, 52, "recommended", {}));
  return records;
}

export const dryRun = () => ({
  summary: "Touches 1 customer; 0.3 % of the traffic of the last hour.",
  before: JSON.stringify(FLAG),
  after: JSON.stringify({ ...FLAG, contextTargets: [{ contextKind: "customer", variation: 1, values: ["retail"] }] }),
});

/** Counts per step: quiet, then burning from the onset until it was stopped. */
export function history(told, id, since, until, step) {
  const slo = told.slos.find((each) => each.id === id);
  const next = random(11 + id.length);
  const points = [];
  for (let time = Math.floor(since / step) * step; time < until && step > 0; time += step) {
    if (slo.budget_remaining === null) continue;
    const eligible = Math.round((900 + 200 * Math.sin(time / 9e5)) * (step / 30_000));
    const burning = id === "query-api-fast" && time >= told.began && time < (told.stoppedAt ?? Infinity);
    const share = (1 - slo.target) * (burning ? 18 + 14 * next() : 0.15 + 0.5 * next());
    points.push({ time: iso(time), good: eligible - Math.round(eligible * share), eligible });
  }
  return points;
}

/** Durations around 80 ms, and a band of slow ones while it burns. */
export function heatmap(told, since, until, step) {
  const columns = [];
  for (let time = Math.floor(since / step) * step; time < Math.min(until, told.now + 3.6e6); time += step) {
    const next = random(Math.floor(time / step));
    const counts = new Map();
    const add = (value) => {
      const bin = Math.round(Math.log2(value) * 4);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
    };
    for (let i = 0; i < 400; i++) add(80 * Math.exp(2.2 * (next() + next() + next() - 1.5)));
    if (time >= told.began && time < (told.stoppedAt ?? Infinity) && told.scenario !== "empty") {
      for (let i = 0; i < 30; i++) add(6_000 * Math.exp(next() + next() - 1));
    }
    columns.push({
      time: iso(time),
      bins: [...counts].map(([bin, count]) => ({ low: 2 ** ((bin - 0.5) / 4), high: 2 ** ((bin + 0.5) / 4), count })),
    });
  }
  return columns;
}
