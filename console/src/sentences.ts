// What happened, in sentences. A sentence is a list of pieces, since some of them stand out.

import { belief, count, duration, list, percent, rate, value } from "./format.ts";
import type { Action, Audience, Incident, Mitigation, Slo, StepBack, Suspect, Term } from "./types.ts";

/** A piece of a sentence; {@code mark} makes it stand out. */
export interface Piece { text: string; mark?: boolean }

const plain = (text: string): Piece => ({ text });
const mark = (text: string): Piece => ({ text, mark: true });

/** The sentence as text. */
export const spoken = (pieces: Piece[]): string => pieces.map((piece) => piece.text).join("");

/** The thing a field names: customer for customer_id. */
export function noun(field: string): string {
  return field.replace(/[._]?(id|key|name)$/i, "").split(".").at(-1)?.replaceAll("_", " ") || field;
}

/** Which change did it, for whom, and what stands in front of it. */
export function verdict(incident: Incident, slo?: Slo): Piece[] {
  const { kind, flag, variation, build_id, terms = [] } = incident.verdict;
  const service = incident.service || incident.dataset;
  const whom = terms.filter(
    (term) => value(term.value) !== build_id && term.field !== `flag.${flag}`);
  const path = slo?.threshold ? "slow" : "failing";
  const lever = flag
    ? [plain(` The ${path} path stands behind the flag `), mark(flag), plain(".")]
    : [];
  switch (kind) {
    case "deploy": {
      const what = build_id ? mark(`Build ${build_id}`) : mark(named(incident) || "A deploy");
      return [what, plain(` of ${service} did it`), ...hit(whom), plain("."), ...lever];
    }
    case "flag":
      return [
        plain("The change of the flag "), mark(flag ?? (named(incident) || "(unnamed)")),
        plain(variation ? ` did it, where it serves “${variation}”` : " did it"),
        ...hit(whom), plain("."),
      ];
    case "customer":
      return [
        mark("None of ours"), plain(" did it: the traffic of "),
        ...(whom.length ? groups(whom) : [plain("a few contexts")]),
        plain(" explains the burn."), ...lever,
      ];
    case "none":
      return [
        mark("None of ours."),
        plain(" The burn is real, but no build, deploy or flag change explains it."),
      ];
    case "unsure":
      return [mark("Not sure yet."), plain(` ${whyUnsure(incident)}`)];
  }
}

/** The figures behind the verdict, or why it is held back. */
export function figures(incident: Incident): string {
  const suspect = blamed(incident);
  const exposed = suspect?.evidence?.exposed;
  const unexposed = suspect?.evidence?.unexposed;
  if (!suspect || !exposed || exposed.events === 0) return "";
  const parts = [`With it, ${failed(exposed)} failed`];
  if (unexposed && unexposed.events > 0) {
    parts[0] += `; without it, in the same minutes, ${failed(unexposed)}`;
  }
  const lag = suspect.evidence?.onset_lag_s;
  if (lag !== undefined && lag >= 0) parts.push(`The burn began ${duration(lag)} after it`);
  if (lag !== undefined && lag < 0) parts.push(`The burn began ${duration(-lag)} before it`);
  return `${parts.join(". ")}.`;
}

/** The suspect that the verdict names. */
export function blamed(incident: Incident): Suspect | undefined {
  const { kind, change_id } = incident.verdict;
  if (change_id) return incident.suspects.find((suspect) => suspect.change_id === change_id);
  return kind === "none" || kind === "unsure"
    ? undefined
    : incident.suspects.find((suspect) => suspect.kind === kind);
}

/** What a suspect is called. */
export function suspectName(suspect: Suspect): string {
  if (suspect.kind === "none") return "None of ours";
  return suspect.name || suspect.change_id || suspect.kind;
}

/** What a summary says beyond the name that stands before it. */
export function beyondName(summary: string | undefined, name: string): string {
  const said = summary ?? "";
  return said.startsWith(name) ? said.slice(name.length).replace(/^[\s:–-]+/, "") : said;
}

/** What an action does, as an order: turn short-cache off for customer retail. */
export function order(action: Action): Piece[] {
  const off = /^(false|off|)$/i.test(action.to_variation);
  return [
    plain("Turn "), mark(action.flag),
    plain(off ? " off for " : ` to “${action.to_variation}” for `), mark(audience(action.audience)),
  ];
}

/** Whom an action touches. */
export function audience(whom: Audience): string {
  switch (whom.kind) {
    case "everyone":
      return "everyone";
    case "context":
      return `${plural(whom.context_kind, whom.keys.length)} ${list(whom.keys)}`;
    case "segment":
      return `segment ${whom.key}`;
    case "rule":
      return `rule ${whom.id}`;
    case "percentage":
      return `${percent(whom.from)} to ${percent(whom.to)} of everyone`;
  }
}

/** Where a mitigation stands, as its heading. */
export function standing(mitigation: Mitigation): string {
  const said: Record<Mitigation["state"], string> = {
    recommended: "Recommended, not done",
    intended: "About to be sent",
    sent: "Sent, waiting for the answer",
    awaiting_approval: "Waits for approval at the flag provider",
    applied: "Done",
    unknown: "Sent, no answer yet: it may have landed",
    verifying: "Done, being checked",
    effective: "Done, and it worked",
    ineffective: "Done, but it did not stop the burn",
    superseded: "Not done: somebody changed the flag first",
    cancelled: "Left alone",
    declined: "Not done: declined at the flag provider",
    escalated: "Needs a person",
    returning: "Being given back, step by step",
    undone: "Undone",
  };
  return said[mitigation.state];
}

/** Whether the mitigation is in force, so that it can be undone. */
export const inForce = (mitigation: Mitigation): boolean =>
  ["applied", "verifying", "effective", "ineffective"].includes(mitigation.state)
  || (mitigation.state === "escalated" && mitigation.applied_at != null);

/** Whether a person may give it back in steps. */
export const returnable = (mitigation: Mitigation): boolean =>
  (inForce(mitigation) || mitigation.state === "returning") && mitigation.action.audience.kind !== "segment";

/** Whom a step gives it back to. */
export const backTo = (step: StepBack): string =>
  step.percent != null ? `to ${step.percent} %` : `to ${list(step.contexts ?? [])}`;

/** What people at the flag provider have decided, unless the mitigation's own note says it. */
export const approved = (mitigation: Mitigation): string =>
  mitigation.approval && mitigation.approval.note !== mitigation.note ? mitigation.approval.note : "";

/** Predicted against observed, in words. */
export function comparison(mitigation: Mitigation): string {
  const after = mitigation.predicted?.burn_rate_after;
  if (after == null) return "";
  const { low, high } = mitigation.predicted ?? {};
  const range = low != null && high != null ? ` (${rate(low)} to ${rate(high)})` : "";
  const seen = mitigation.observed?.burn_rate_after;
  const observed = seen == null ? "" : `, observed ${rate(seen)}`;
  return `Burn afterwards: predicted ${rate(after)}${range}${observed}`;
}

/** How a burn was noticed. */
export function detector(name: string): string {
  const said: Record<string, string> = {
    burn_rate: "its burn rate",
    budget_rate: "the budget it spent",
    exhaustion_time: "the budget's forecast end",
    contrast: "contrast",
  };
  return said[name] ?? name.replaceAll("_", " ");
}

function whyUnsure(incident: Incident): string {
  const top = incident.suspects.find((suspect) => suspect.kind !== "none");
  if (!top) return "Nothing of ours changed shortly before the burn, and the evidence is thin.";
  return `The strongest suspect, ${suspectName(top)}, stands at ${belief(top.posterior)}: too little to act on.`;
}

function named(incident: Incident): string {
  const suspect = blamed(incident);
  return suspect ? suspectName(suspect) : "";
}

function hit(terms: Term[]): Piece[] {
  return terms.length ? [plain(", for "), ...groups(terms)] : [];
}

function groups(terms: Term[]): Piece[] {
  const fields = [...new Set(terms.map((term) => term.field))];
  return fields.flatMap((field, index) => {
    const values = terms.filter((term) => term.field === field).map((term) => value(term.value));
    const many = values.length === 1 ? "one" : String(values.length);
    const joint = index ? plain(" and ") : plain("");
    return [joint, plain(`${many} ${plural(noun(field), values.length)}: `), mark(list(values))];
  });
}

function plural(word: string, many: number): string {
  return many === 1 ? word : `${word.replace(/y$/, "ie").replace(/(s|x|ch)$/, "$1e")}s`;
}

function failed(counts: { events: number; bad: number }): string {
  return `${count(counts.bad)} of ${count(counts.events)} (${percent(counts.bad / counts.events)})`;
}
