// Questions to begin with: about an incident, about a change.

import { closeUp, granularity } from "../series.ts";
import type { Change, Incident, Slo } from "../types.ts";
import { fresh, type Question } from "./question.ts";

const COLUMNS = 96;
const AROUND_MS = 30 * 60_000;

/** What an incident's page shows, as a question to go on from. */
export function explored(incident: Incident, slo: Slo | undefined, now: number): Question {
  const exact = closeUp(incident, now);
  const size = granularity(exact, COLUMNS) * 1000;
  const column = slo?.threshold?.column ?? "duration_ms";
  return {
    ...fresh(incident.dataset),
    calculations: [{ op: "HEATMAP", column }, { op: "COUNT", column: "" }],
    where: { combination: slo?.filter_combination ?? "AND", entries: [...(slo?.filters ?? [])] },
    span: { since: Math.floor(exact.since / size) * size, until: Math.ceil(exact.until / size) * size },
  };
}

/** The half hours before and after a change. */
export function aroundChange(change: Change, datasets: string[]): Question {
  const time = Math.round(Date.parse(change.time) / 1000) * 1000;
  const dataset = change.service && datasets.includes(change.service) ? change.service : (datasets[0] ?? "");
  return {
    ...fresh(dataset),
    calculations: [{ op: "COUNT", column: "" }, { op: "HEATMAP", column: "duration_ms" }],
    breakdowns: change.flag ? [`flag.${change.flag}`] : change.build_id ? ["build_id"] : [],
    span: { since: time - AROUND_MS, until: time + AROUND_MS },
  };
}

const OPPOSITE: Record<string, string> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "=" };

/** The events that fail: those the threshold or the verdict's terms tell apart. */
export function failing(incident: Incident, slo: Slo | undefined, now: number): Question {
  const question = explored(incident, slo, now);
  const threshold = slo?.threshold;
  const opposite = threshold && OPPOSITE[threshold.op];
  const terms = (incident.verdict.terms ?? []).map((term) => ({ column: term.field, op: "=", value: term.value }));
  const bad = threshold && opposite ? [{ column: threshold.column, op: opposite, value: threshold.value }] : [];
  const began = Math.floor(Date.parse(incident.burn_began_at) / 1000) * 1000;
  const { span } = question;
  return {
    ...question, view: "events",
    where: { combination: "AND", entries: [...(question.where.combination === "AND" ? question.where.entries : [question.where]), ...bad, ...terms] },
    span: "since" in span && began < span.until ? { since: began, until: span.until } : span,
  };
}
