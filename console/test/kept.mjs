// What the fixture server tells of rollouts, flags, and what people keep together.
import { STRINGS } from "./hostile.mjs";

const MINUTE = 60_000;
const iso = (time) => new Date(time).toISOString();
const nothing = { rollouts: [], flags: [], asked: [], named: [], notebooks: [], keys: [] };

/** The parts of a story that pages of its own show; strings from outside are as hostile as the story. */
export function keptStory(scenario, now) {
  if (scenario === "empty") return structuredClone(nothing);
  const rough = scenario === "hostile" ? STRINGS : null;
  const odd = (text, at) => rough?.[at % rough.length] ?? text;
  const at = (minutes) => iso(now - minutes * MINUTE);
  const change = (kind, minutes, more = {}) => ({ id: `${kind}-${minutes}`, kind, time: at(minutes), service: "query-api", environment: "production", name: odd(kind, minutes), ...more });
  const shares = (from, until, rise) => Array.from({ length: 40 }, (_, index) => ({ time: at(80 - index * 2), share: rise(Math.min(1, Math.max(0, (from - (80 - index * 2)) / (from - until)))), events: 100 }));
  const rollout = (build, minutes, landing, more = {}) => ({
    id: `rollout-${build}`, service: odd("query-api", 3), build_id: odd(build, 4 + minutes), commit: "5f2c9e1ab4", repository: "lantern/query-api", time: at(minutes),
    merge: null, build: null, artifact: null, verdict: null, incidents: [], slo_impact: [],
    environments: [{ environment: "production", confirmed: true, note: "", deploys: [change("deploy", minutes)], first_seen: at(minutes - 0.1), everywhere_at: null, lead_time_seconds: null, events: 4200, share: 0.75, rollback: false, rolled_back_at: null, ...landing }],
    ...more,
  });
  const bubbleup = {
    dataset: "query-api", filters: [{ column: "name", op: "=", value: odd("query", 14) }], filter_combination: "AND", start_time: Math.floor(now / 1000) - 3600, end_time: Math.floor(now / 1000),
    selection: { box: { column: "duration_ms", min: 2000, max: 20_000, start_time: at(3), end_time: at(0) } },
  };
  const question = { calculations: [{ op: "COUNT" }, { op: "P95", column: odd("duration_ms", 9) }], breakdowns: [odd("customer_id", 10)], time_range: 3600 };
  return {
    rollouts: [
      rollout("8812", 4, { shares: shares(4, 0, (done) => 0.75 * done) }, {
        merge: change("merge", 14), build: change("build", 12, { finished_at: at(9) }), verdict: "blamed", incidents: [{ id: "i-42", slo: odd("query-api-fast", 5), state: "open", posterior: 0.98 }],
        slo_impact: [{ slo: "query-api-fast", environment: "production", since: at(4), until: at(0), build: { events: 4890, bad: 1030 }, rest: { events: 21_532, bad: 12 }, excess_bad: 1006, excess_low: 976, excess_high: 1036, budget_share: 0.124, p_value: 1e-12 }],
      }),
      rollout("8811", 60, { everywhere_at: at(55), shares: shares(60, 55, (done) => done) }),
      rollout("2207", 200, { confirmed: false, note: odd("declared, but no event of this build has come in", 6), first_seen: null, events: 0, share: null }),
      rollout("8809", 700, { rolled_back_at: at(600), shares: [] }),
    ],
    flags: [
      { key: odd("short-cache", 7), version: "12", on: true, variations: ["true", "false"], off_variation: "false", temporary: true, archived: false, tags: [], refusals: [] },
      { key: odd("labels", 8), version: "3", on: true, variations: ["true", "false"], off_variation: null, temporary: false, archived: false, tags: [odd("kill-switch", 11)], refusals: [odd("The flag labels is not listed under guard.eligible.", 12)] },
    ],
    asked: [{ id: "a-b", dataset: "query-api", who: odd("lee", 12), first_asked_at: at(2), last_asked_at: at(2), times: 1, elapsed_ms: 21, rows: 6, query: { bubbleup } }, ...[0, 1, 2].map((each) => ({ id: `a-${each}`, dataset: "query-api", who: odd("dana", 13 + each), first_asked_at: at(90), last_asked_at: at(5 + each), times: 1 + each * 3, elapsed_ms: 12, rows: 8, query: { ...question, limit: 10 + each } }))],
    named: [{ id: "n-1", name: odd("Who asks most", 16), description: odd("The first look in any burn.", 17), dataset: "query-api", query_id: "q", updated_at: at(30), query: question }],
    notebooks: [{
      id: "nb-1", title: odd("Retail, after the merge", 18), description: odd("What we saw, step by step.", 19), created_at: at(40), updated_at: at(20),
      steps: [0, 1].map((each) => ({
        title: odd(["Who asks?", "On which build?"][each], 20 + each), note: odd("One customer asks far more than before.", 22),
        question: { dataset: "query-api", calculations: [{ op: "COUNT", column: "" }], breakdowns: [["customer_id", "build_id"][each]], span: { since: now - 60 * MINUTE, until: now } },
        seen: { at: at(20), fields: [odd(["customer_id", "build_id"][each], 23), "COUNT"], rows: [[odd("retail", 24), 4890], [odd("acme", 25), 312]], more: 3, examined: 5202 },
      })),
    }],
    keys: [
      { id: null, name: odd("root", 26), scopes: ["admin"], trusted: true, created_by: null, created_at: null },
      { id: "k-1", name: odd("collector", 27), scopes: ["ingest"], trusted: true, created_by: odd("root", 28), created_at: at(300) },
    ],
  };
}

const SCOPES = ["ingest", "query", "slo:write", "mitigate:recommend", "mitigate:arm", "stop", "admin"];
const problem = (status, detail) => ({ status, body: { title: "Problem", status, detail } });

/** Answers what the routes of these pages are asked; null where it is none of them. */
export function keptAnswer(kept, method, url, body) {
  const [, , , what, id] = url.pathname.split("/").map(decodeURIComponent);
  switch (`${method} ${what}`) {
    case "GET rollouts":
      return id ? kept.rollouts.find((each) => each.id === id) : { rollouts: kept.rollouts };
    case "GET dora":
      if (kept.rollouts.length === 0) return { environment: "production", deploys: 0, deployment_frequency_per_day: 0, lead_time_seconds: null, lead_times: 0, failed: 0, change_failure_rate: null, time_to_restore_seconds: null, restored: 0 };
      return { environment: "production", deploys: 4, deployment_frequency_per_day: 4, lead_time_seconds: 606, lead_times: 1, failed: 1, change_failure_rate: 0.25, time_to_restore_seconds: null, restored: 0 };
    case "GET flags":
      return { flags: kept.flags, truncated: false };
    case "GET queries": {
      const words = (url.searchParams.get("find") ?? "").toLowerCase().split(/\s+/);
      const has = (each) => words.every((word) => JSON.stringify(each).toLowerCase().includes(word));
      return { asked: kept.asked.filter(has), named: kept.named.filter(has), kept_at_most: 5000 };
    }
    case "GET notebooks":
      if (!id) return { notebooks: kept.notebooks.map((each) => ({ ...each, steps: each.steps.length })) };
      return kept.notebooks.find((each) => each.id === id) ?? problem(404, `there is no notebook ${id}`);
    case "POST notebooks":
    case "PUT notebooks": {
      const before = kept.notebooks.find((each) => each.id === id);
      if (body.updated_at && body.updated_at !== before?.updated_at) return problem(409, `somebody changed it at ${before?.updated_at}, after you read it`);
      const saved = { description: "", steps: [], ...body, id: id ?? `nb-${kept.notebooks.length + 1}`, created_at: before?.created_at ?? iso(Date.now()), updated_at: iso(Date.now()) };
      kept.notebooks = [saved, ...kept.notebooks.filter((each) => each.id !== saved.id)];
      return { status: 201, body: saved };
    }
    case "DELETE notebooks":
      kept.notebooks = kept.notebooks.filter((each) => each.id !== id);
      return {};
    case "GET keys":
      return { open: kept.keys.length === 0, senders_trusted: true, scopes: SCOPES, keys: kept.keys };
    case "POST keys": {
      if (kept.keys.some((each) => each.name === body.name)) return problem(409, `there is a key called ${body.name}; take another name`);
      const made = { id: `k-${kept.keys.length + 1}`, created_by: "root", created_at: iso(Date.now()), ...body };
      kept.keys = [...kept.keys, made];
      return { status: 201, body: { ...made, secret: "fb_c2VjcmV0LW9mLXRoZS1maXh0dXJl" } };
    }
    case "DELETE keys":
      kept.keys = kept.keys.filter((each) => each.id !== id);
      return {};
    case "GET notifications":
    case "POST notifications":
      if (method === "POST") kept.told = (kept.told ?? 12) + 2;
      return { destinations: kept.keys.length === 0 ? [] : ["slack", "pagerduty-1"], waiting: 0, delivered: kept.told ?? 12, given_up: 0, last_trouble: null };
  }
  return null;
}
