// The steps that could be taken, smallest first: which of them a press of a button can take.

import { noun } from "./sentences.ts";
import type { Action, Audience, Counterfactual, Incident } from "./types.ts";

export interface Rung {
  step: Counterfactual;
  whom: string;
  /** What to ask of the guard; null where a person does it elsewhere. */
  action: Action | null;
  now: boolean;
}

const WHOM: Partial<Record<Counterfactual["step"], string>> = {
  nothing: "Nobody: do nothing", variation: "Everybody who has it", flag: "Everyone", percentage: "Those newly served",
};

/** The possible steps; the one that is recommended or done is marked. */
export function ladder(incident: Incident): Rung[] {
  return (incident.counterfactuals ?? [])
    .filter((step) => step.possible)
    .map((step) => {
      const action = act(step, incident);
      return { step, whom: whom(step), action, now: action !== null && same(action, incident.mitigation?.action ?? null) };
    });
}

/** The single customers of an audience of several, each an action of its own. */
export function fewer(incident: Incident): Action[] {
  const action = incident.mitigation?.action;
  const audience = action?.audience;
  if (!action || audience?.kind !== "context" || audience.keys.length < 2) return [];
  return audience.keys.map((key) => ({ ...action, audience: { ...audience, keys: [key] } }));
}

function whom(step: Counterfactual): string {
  const known = WHOM[step.step];
  if (known) return known;
  if (step.step === "build") return `Roll back build ${step.build_id ?? ""}`.trim();
  const terms = step.terms.map((term) => `${noun(term.field)} ${String(term.value)}`).join(step.step === "customer" ? ", " : " and ");
  return terms ? `${step.step === "segment" ? "A segment: " : ""}${terms}` : step.name;
}

function act(step: Counterfactual, incident: Incident): Action | null {
  if (!step.flag) return null;
  const audience = audienceOf(step, incident);
  const recommended = incident.mitigation?.action;
  const to = recommended?.flag === step.flag ? recommended.to_variation : "";
  return audience && { flag: step.flag, audience, to_variation: to };
}

function audienceOf(step: Counterfactual, incident: Incident): Audience | null {
  if (step.step === "flag") return { kind: "everyone" };
  const [first] = step.terms;
  if (step.step !== "customer" || !first || step.terms.some((term) => term.field !== first.field)) return null;
  const recommended = incident.mitigation?.action.audience;
  const kind = recommended?.kind === "context" ? recommended.context_kind : noun(first.field);
  return { kind: "context", context_kind: kind, keys: step.terms.map((term) => String(term.value)) };
}

const same = (a: Action, b: Action | null): boolean =>
  b !== null && a.flag === b.flag && JSON.stringify(sorted(a.audience)) === JSON.stringify(sorted(b.audience));

const sorted = (audience: Audience): unknown =>
  audience.kind === "context" ? [audience.context_kind, [...audience.keys].sort()] : audience.kind;
