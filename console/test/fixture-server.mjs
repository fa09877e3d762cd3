// Serves the built page and a story over the API, as the real server does it, with the same strict
// policy. node test/fixture-server.mjs [--scenario talk|none|unsure|empty|hostile] [--port 0] [--mode ask]
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { answer, fieldTypes, LONG_TRACE, raw, traceOf } from "./events.mjs";
import { STRINGS } from "./hostile.mjs";
import { keptAnswer, keptStory } from "./kept.mjs";
import { boxed, dryRun, hashOf, heatmap, history, story } from "./story.mjs";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const EFFECT_MS = 700;

/** Starts the server; the answer has its address, the requests it saw, and how to stop it. */
export async function start({ scenario = "talk", port = 0, mode = "ask", trouble = "", secret = "", kept = keptStory(scenario, Date.now()) } = {}) {
  const told = story(scenario, Date.now());
  told.guard.mode = mode;
  if (told.events.length > 0) {
    const queries = [
      { calculations: [{ op: "HEATMAP", column: "duration_ms" }], time_range: 3600 },
      { calculations: [{ op: "COUNT" }], breakdowns: ["customer_id"], orders: [{ op: "COUNT", order: "descending" }], time_range: 3600, limit: 5 },
      { calculations: [{ op: "AVG", column: "process.cpu.utilization" }], breakdowns: ["host.name"], time_range: 3600 },
    ];
    keepBoard(told, "b-1", {
      name: scenario === "hostile" ? STRINGS[1] : "Query API", description: scenario === "hostile" ? STRINGS[15] : "What to look at first", column_layout: "multi", slos: ["query-api-fast"],
      queries: queries.map((query, at) => ({ caption: ["How long queries take", "Who asks most", "How busy the hosts are"][at], query_style: "graph", dataset: at === 2 ? "runtime" : "query-api", query })),
      texts: [{ before: 0, content: scenario === "hostile" ? STRINGS.slice(0, 60).join("\n\n") : "# When queries are slow\n- look at the **heatmap** first: is it one customer?\n- then at [the changes](/changes) of the last hour\n- the runbook: https://runbooks.example/query-api" }],
    });
  }
  const streams = new Set();
  const seen = [];
  const send = (name, data) => {
    for (const stream of streams) stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://fixture");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    seen.push({ method: request.method, path: url.pathname, body });
    response.setHeader("content-security-policy", POLICY);
    response.setHeader("x-content-type-options", "nosniff");
    if (!/^\/(api|1)\//.test(url.pathname)) return page(url.pathname, response);
    if (trouble === "slow") return; // never answered: what the page shows while it waits
    if (secret && request.headers.authorization !== `Bearer ${secret}`) {
      response.writeHead(401, { "content-type": "application/json" });
      return response.end(JSON.stringify(problem(401, "no key; send one as Authorization: Bearer").body));
    }
    if (url.pathname === "/api/v1/stream") return stream(response, streams);
    const found = trouble === "broken"
      ? problem(500, "The disk of the event store does not answer")
      : url.pathname.startsWith("/1/") ? honeycomb(told, request.method, url, body) : keptAnswer(kept, request.method, url, body) ?? api(told, request.method, url, body, send);
    response.writeHead(found.status ?? 200, { "content-type": "application/json" });
    response.end(JSON.stringify(found.body ?? found));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => {
    for (const stream of streams) stream.destroy();
    server.closeAllConnections();
    server.close(resolve);
  });
  return { url: `http://127.0.0.1:${server.address().port}`, port: server.address().port, seen, kept, stop };
}

function page(path, response) {
  const file = normalize(join(DIST, path));
  const found = file.startsWith(DIST) && extname(file) && existsSync(file) ? file : join(DIST, "index.html");
  response.writeHead(200, { "content-type": TYPES[extname(found)] ?? "application/octet-stream" });
  response.end(readFileSync(found));
}

function stream(response, streams) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": open\n\n");
  streams.add(response);
  response.on("close", () => streams.delete(response));
}

function api(told, method, url, body, send) {
  const [, , , what, id, part, mid, decision] = url.pathname.split("/");
  const time = (name) => Date.parse(url.searchParams.get(name));
  switch (`${method} ${what}${part && what !== "traces" ? `/${part}` : ""}`) {
    case "GET slos":
      return { slos: told.slos };
    case "GET slos/history":
      return { points: history(told, id, time("since"), time("until"), url.searchParams.get("step") * 1000) };
    case "GET incidents":
      if (!id) return { incidents: told.incidents };
      return told.incidents.find((each) => each.id === id) ?? problem(404, `There is no incident ${id}`);
    case "GET changes":
      return { changes: told.changes };
    case "GET audit":
      if (id === "verify") return { whole: true, records: told.audit.length, head: told.audit.at(-1)?.hash ?? "0".repeat(64) };
      return { records: told.audit.filter((each) => each.seq > Number(url.searchParams.get("since"))) };
    case "GET guard":
      return told.guard;
    case "PUT guard":
      told.guard = { ...told.guard, ...body };
      send("guard", told.guard);
      return told.guard;
    case "POST events":
      return raw(told.events, body);
    case "GET builds":
      return { builds: told.events.length === 0 ? [] : [{ id: LONG_TRACE, name: "build", commit: "5f2c9e1ab4", build_num: "8812", finished_at: new Date(told.began).toISOString(), failed: false }] };
    case "GET traces":
      return traceOf(told.events, decodeURIComponent(id)) ?? problem(404, `no event has the trace id ${decodeURIComponent(id)}`);
    case "GET store":
      return {
        healthy: true, trouble: "", events: told.events.length, part_bytes: 812_000_000, journal_bytes: 4_100_000, disk_free_bytes: 81e9,
        datasets: Object.fromEntries([...new Set(told.events.map((each) => each.dataset))].map((name) =>
          [name, { events: told.events.filter((each) => each.dataset === name).length, durability: "durable", retention_seconds: 5_184_000 }])),
      };
    case "POST gates":
      return body.service === "query-api"
        ? { allow: false, reasons: ["Queries answer in under two seconds burns at 31 times the allowed rate"], budget_remaining: 0.87 }
        : { allow: body.service === "ci" ? null : true, reasons: body.service === "ci" ? ["too few events to tell"] : [], budget_remaining: 0.7 };
    case "POST heatmap":
      return { columns: heatmap(told, Date.parse(body.start_time), Date.parse(body.end_time), body.granularity_seconds * 1000) };
    case "POST bubbleup":
      return boxed(told.scenario === "talk");
    case "GET incidents/mitigations":
      return nextStep(told.incidents[0].mitigation, url.searchParams.get("build"));
    case "POST incidents/mitigations":
      if (decision === "step" && body.dry_run) return dryRun();
      if (decision === "step") return stepBack(told, body, send);
      if (!mid) return body.dry_run ? dryRun() : decide(told, "approve", send);
      return decide(told, decision, send);
  }
  return problem(404, `${method} ${url.pathname} is not known`);
}

/** Datasets, columns and queries as Honeycomb has them. */
function honeycomb(told, method, url, body) {
  const [, , what, dataset, id] = url.pathname.split("/").map(decodeURIComponent);
  const of = dataset === "__all__" ? told.events : told.events.filter((each) => each.dataset === dataset);
  switch (`${method} ${what}`) {
    case "GET datasets":
      return [...new Set(told.events.map((each) => each.dataset))].map((slug) => ({ name: slug, slug }));
    case "GET columns":
      return [...fieldTypes(of)].map(([key_name, type]) => ({ key_name, type }));
    case "POST queries":
      if (body.filters?.some((each) => each.column === "teapot")) return { status: 400, body: { error: "there is no such thing as a teapot" } };
      told.queries = { ...told.queries, [`q-${Object.keys(told.queries ?? {}).length}`]: body };
      return { status: 201, body: { ...body, id: Object.keys(told.queries).at(-1) } };
    case "GET queries":
      return told.queries?.[id] ? { ...told.queries[id], id } : { status: 404, body: { error: `there is no query ${id}` } };
    case "GET boards":
      if (dataset === undefined) return told.boards;
      return told.boards.find((each) => each.id === dataset) ?? { status: 404, body: { error: `there is no board ${dataset}` } };
    case "POST boards":
    case "PUT boards":
      return { status: method === "POST" ? 201 : 200, body: keepBoard(told, dataset ?? `b-${told.boards.length + 1}`, body) };
    case "DELETE boards":
      told.boards = told.boards.filter((each) => each.id !== dataset);
      return {};
    case "POST query_results":
      return { status: 201, body: { complete: true, data: answer(of, told.queries[body.query_id]) } };
  }
  return { status: 404, body: { error: `${method} ${url.pathname} is not known` } };
}

function keepBoard(told, id, { name, description, column_layout, queries, slos, texts = [] }) {
  const kept = queries.map(({ query, query_id, ...rest }) => {
    if (query) told.queries = { ...told.queries, [`k-${Object.keys(told.queries ?? {}).length}`]: query };
    return { ...rest, query_id: query_id ?? Object.keys(told.queries).at(-1) };
  });
  const board = { id, name, description, column_layout, queries: kept, slos, texts, style: "visual" };
  told.boards = [...told.boards.filter((each) => each.id !== id), board];
  return board;
}

const problem = (status, detail) => ({ status, body: { title: "Problem", status, detail } });

function decide(told, decision, send) {
  const incident = told.incidents[0];
  const become = (state, kind, more = {}, actor = "guard") => {
    incident.mitigation = { ...incident.mitigation, ...more, state };
    const seq = told.audit.at(-1).seq + 1;
    const record = { seq, time: new Date().toISOString(), actor, kind, incident: incident.id, mitigation: "m-7", body: {}, hash: hashOf(seq), previous_hash: hashOf(seq - 1) };
    told.audit.push(record);
    send("audit", record);
    send("incident", incident);
  };
  if (decision === "dismiss") become("cancelled", "dismissed", {}, "you");
  if (decision === "undo") {
    incident.state = "open";
    become("undone", "undone", {}, "you");
  }
  if (decision === "approve") {
    if (told.guard.stop) return problem(409, "All acting is stopped");
    told.stoppedAt = Date.now();
    incident.state = "mitigating";
    become("applied", "approved", { actor: "you", refusals: [], applied_at: new Date().toISOString() }, "you");
    setTimeout(() => {
      if (incident.mitigation.state !== "applied") return;
      incident.state = "mitigated";
      told.slos[0].burn_rates["5m"] = 0.5;
      send("slos", { slos: told.slos });
      become("effective", "effective", { observed: { burn_rate_after: 0.5 } });
    }, EFFECT_MS);
  }
  return incident.mitigation;
}

/** The build 8813 has the fix and serves; any other serves nothing yet. */
function nextStep(mitigation, build) {
  const given = (mitigation.way_back ?? []).flatMap((step) => step.contexts);
  const here = !build || build === "8813";
  return {
    percent: null, contexts: mitigation.action.audience.keys.filter((key) => !given.includes(key)), build, allowed: here,
    refusals: here ? [] : [`Build ${build}, which is to contain the fix, serves no traffic yet.`],
    watched: build === "8813" ? ["Build 8813 served 99 % of the 6000 events of the last 5 minutes."] : [],
    exposed: { events: 0, bad: 0 }, rest: { events: 0, bad: 0 }, p_value: null, build_share: here ? 0.99 : 0,
  };
}

function stepBack(told, { contexts, build }, send) {
  const { mitigation } = told.incidents[0];
  const way_back = [...(mitigation.way_back ?? []), { percent: null, contexts, build, actor: "you", at: new Date().toISOString() }];
  told.incidents[0].mitigation = { ...mitigation, way_back, state: "undone", note: "Given back in steps, the last by you." };
  send("incident", told.incidents[0]);
  return told.incidents[0];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, fallback) => {
    const index = process.argv.indexOf(`--${name}`);
    return index < 0 ? fallback : process.argv[index + 1];
  };
  const { url } = await start({ scenario: option("scenario", "talk"), port: Number(option("port", 8099)), mode: option("mode", "ask") });
  console.log(url);
}
