// An incident as Markdown, for a postmortem or a pull request.

import { belief, count, duration, percent, rate, target } from "./format.ts";
import { ladder } from "./ladder.ts";
import { comparison, detector, figures, order, spoken, standing, suspectName, verdict } from "./sentences.ts";
import { burnEnd } from "./series.ts";
import { steps } from "./steps.ts";
import type { AuditRecord, Cause, Incident, Slo } from "./types.ts";

const CAUSES = 6;

/** The whole story: what burned, what did it, what was done, and the evidence. */
export function markdown(incident: Incident, slo: Slo | undefined, audit: AuditRecord[], origin: string): string {
  const name = incident.slo_name ?? slo?.name ?? incident.slo;
  const end = burnEnd(incident);
  const began = Date.parse(incident.burn_began_at);
  const goal = incident.target ?? slo?.target;
  const parts = [
    `# ${plain(name)}: ${incident.state}`,
    [
      `- ${plain(incident.service || incident.dataset)}${goal === undefined ? "" : `, target ${target(goal)}`}`,
      `- burned at ${rate(incident.burn_rate)} from ${when(incident.burn_began_at)}${end ? ` to ${when(end)} (${duration((end - began) / 1000)})` : ", and still does"}`,
      `- seen by ${detector(incident.detected_by)} at ${when(incident.opened_at)}${incident.budget_spent_at_detection == null ? "" : `, with ${percent(incident.budget_spent_at_detection)} of the budget spent`}`,
      ...(incident.budget_remaining == null ? [] : [`- ${percent(incident.budget_remaining)} of the budget was left`]),
      `- <${origin}/incidents/${encodeURIComponent(incident.id)}>`,
    ].join("\n"),
    "## What did it",
    `${plain(spoken(verdict(incident, slo)))} ${incident.verdict.kind === "unsure" ? "" : `(${belief(incident.verdict.posterior)} sure)`}`.trim(),
    plain(figures(incident)),
    ...shared(incident),
    "## Suspects",
    incident.suspects.map((suspect) => [
      `- **${belief(suspect.posterior)} ${plain(suspectName(suspect))}**`,
      ...suspect.for.map((reason) => `  - for: ${plain(reason)}`),
      ...suspect.against.map((reason) => `  - against: ${plain(reason)}`),
    ].join("\n")).join("\n") || "None.",
    ...mitigated(incident),
    "## What happened",
    steps(incident, audit).map((step) => `- ${when(step.time)} ${plain(step.text)}${step.actor ? ` (${plain(step.actor)})` : ""}`).join("\n"),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function shared(incident: Incident): string[] {
  const causes = (incident.causes.length > 0 ? incident.causes : incident.conjunctions).slice(0, CAUSES);
  if (causes.length === 0) return [];
  return ["## What the failing events share", causes.map((cause) => `- ${code(words(cause))}: ${percent(cause.selection_share)} of them, ` +
    `${percent(cause.baseline_share)} of the rest; ${count(cause.excess)} more than expected${interval(cause)}` +
    `${cause.budget_share === undefined ? "" : `, ${percent(cause.budget_share)} of the error budget`}`).join("\n")];
}

function mitigated(incident: Incident): string[] {
  const { mitigation } = incident;
  const rungs = ladder(incident);
  return [
    ...(mitigation ? ["## What was done", `${standing(mitigation)}: ${plain(spoken(order(mitigation.action)))}. ${comparison(mitigation)}${comparison(mitigation) ? "." : ""}`,
      mitigation.refusals.map((each) => `- ${plain(each)}`).join("\n")] : []),
    ...(rungs.length > 1 ? ["| step | loses it | burn afterwards |\n|---|---|---|\n" + rungs.map(({ step, whom }) =>
      `| ${cell(whom)} | ${step.traffic_affected == null ? "–" : percent(step.traffic_affected)} | ${rate(step.burn_rate.value)} (${rate(step.burn_rate.low)} – ${rate(step.burn_rate.high)}) |`).join("\n")] : []),
  ];
}

const words = (cause: Cause): string => cause.terms.map((term) => `${term.field} = ${String(term.value)}`).join(" and ");
const interval = ({ excess_low, excess_high }: Cause): string =>
  excess_low === undefined || excess_high === undefined ? "" : ` (${count(excess_low)} to ${count(excess_high)})`;
const when = (time: string | number): string => `${new Date(time).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** Text from outside is text: nothing in it is a link, a picture, a tag or a heading. */
const plain = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|!~]/g, "\\$&");
const cell = (text: string): string => plain(text);

/** As code, in a fence that is longer than any in the text. */
function code(text: string): string {
  const line = text.replace(/\s+/g, " ");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${longest > 0 ? " " : ""}${line}${longest > 0 ? " " : ""}${fence}`;
}
