import assert from "node:assert/strict";
import { test } from "node:test";
import { approved, audience, beyondName, comparison, figures, inForce, noun, order, spoken, standing, verdict } from "../src/sentences.ts";
import { steps } from "../src/steps.ts";
import type { AuditRecord, Incident, Mitigation, Slo, Verdict } from "../src/types.ts";
// @ts-ignore: plain JavaScript
import { story } from "./story.mjs";

const NOW = Date.parse("2026-11-23T14:05:00Z");
const incident = (scenario: string): Incident => story(scenario, NOW).incidents[0];
const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, " ");
const judged = (told: Partial<Verdict>): string =>
  spoken(verdict({ ...incident("talk"), verdict: { kind: "none", posterior: 0.9, ...told } }));

test("the talk's incident is a build, for one customer, behind a flag", () => {
  const slow = { threshold: { column: "duration_ms", op: "<", value: 2000 } } as Slo;
  assert.equal(spoken(verdict(incident("talk"), slow)),
    "Build 8812 of query-api did it, for one customer: retail. The slow path stands behind the flag short-cache.");
  const marked = verdict(incident("talk")).filter((piece) => piece.mark).map((piece) => piece.text);
  assert.deepEqual(marked, ["Build 8812", "retail", "short-cache"]);
});

test("the terms that only repeat the build and the flag are left out", () => {
  const terms = [{ field: "customer_id", value: "retail" }, { field: "build_id", value: "8812" }, { field: "flag.short-cache", value: true }];
  assert.equal(judged({ kind: "deploy", build_id: "8812", flag: "short-cache", terms }),
    "Build 8812 of query-api did it, for one customer: retail. The failing path stands behind the flag short-cache.");
});

test("a flag change is named with what it serves", () => {
  assert.equal(judged({ kind: "flag", flag: "dark-mode", variation: "true" }),
    "The change of the flag dark-mode did it, where it serves “true”.");
});

test("several fields and several values are told of", () => {
  const terms = [{ field: "company.id", value: "a" }, { field: "company.id", value: "b" }, { field: "partition", value: 17 }];
  assert.equal(judged({ kind: "customer", terms }),
    "None of ours did it: the traffic of 2 companies: a and b and one partition: 17 explains the burn.");
});

test("none and unsure say so, and why", () => {
  assert.match(spoken(verdict(incident("none"))), /^None of ours\. The burn is real/);
  assert.equal(plain(spoken(verdict(incident("unsure")))),
    "Not sure yet. The strongest suspect, query-api 8812, stands at 41 %: too little to act on.");
  assert.match(spoken(verdict({ ...incident("unsure"), suspects: [] })), /Nothing of ours changed/);
});

test("the figures compare with it and without it", () => {
  assert.equal(plain(figures(incident("talk"))),
    "With it, 1 030 of 4 890 (21 %) failed; without it, in the same minutes, 12 of 210 532 (< 0.1 %). " +
    "The burn began 3 min 30 s after it.");
  assert.equal(figures(incident("none")), "");
});

test("an order names the flag and the audience", () => {
  const action = (incident("talk").mitigation as Mitigation).action;
  assert.equal(spoken(order(action)), "Turn short-cache off for customer retail");
  assert.equal(spoken(order({ ...action, to_variation: "blue", audience: { kind: "everyone" } })),
    "Turn short-cache to “blue” for everyone");
  assert.equal(plain(audience({ kind: "percentage", from: 0, to: 0.25 })), "0 % to 25 % of everyone");
  assert.equal(audience({ kind: "segment", key: "beta" }), "segment beta");
});

test("only what is in force can be undone", () => {
  const mitigation = incident("talk").mitigation as Mitigation;
  assert.equal(inForce(mitigation), false);
  for (const state of ["applied", "verifying", "effective", "ineffective"] as const) {
    assert.equal(inForce({ ...mitigation, state }), true, state);
  }
  assert.equal(inForce({ ...mitigation, state: "escalated" }), false);
  assert.equal(inForce({ ...mitigation, state: "escalated", applied_at: "2026-11-23T14:03:00Z" }), true);
  assert.equal(inForce({ ...mitigation, state: "awaiting_approval" }), false);
});

test("what people at the provider decided is said once", () => {
  const approval = { id: "r", asked_at: "2026-11-23T14:03:00Z", standing: "applied", by: "bea", note: "bea approved and applied it." };
  const mitigation = { ...incident("talk").mitigation as Mitigation, approval };
  assert.equal(standing({ ...mitigation, state: "awaiting_approval" }), "Waits for approval at the flag provider");
  assert.equal(approved({ ...mitigation, note: "" }), "bea approved and applied it.");
  assert.equal(approved({ ...mitigation, note: "bea approved and applied it." }), "");
});

test("predicted stands against observed", () => {
  const mitigation = incident("talk").mitigation as Mitigation;
  assert.equal(comparison({ ...mitigation, observed: { burn_rate_after: 0.5 } }),
    "Burn afterwards: predicted 0.4× (0.2× to 0.7×), observed 0.5×");
});

test("a field is called by its noun, and a summary does not repeat a name", () => {
  assert.equal(noun("customer_id"), "customer");
  assert.equal(noun("host.name"), "host");
  assert.equal(noun("id"), "id");
  assert.equal(beyondName("dark-mode to 50 %", "dark-mode"), "to 50 %");
  assert.equal(beyondName(undefined, "dark-mode"), "");
});

test("steps come from this incident's audit records only, in the order of their numbers", () => {
  const record = (seq: number, kind: string, body: unknown, of = "i-42"): AuditRecord => ({
    seq, kind, body, incident: of, mitigation: "m-7", time: "2026-11-23T14:03:00Z", actor: "guard", hash: "", previous_hash: "",
  });
  const told = steps(incident("talk"), [
    record(9, "mitigation.effective", '{"burn_rate_after": 0.5}'), record(7, "intended", {}),
    record(8, "applied", { summary: "Applied in 180 ms" }), record(5, "applied", {}, "another"),
  ]);
  assert.deepEqual(told.map((step) => [step.text, step.tone]), [
    ["The burn began", "note"],
    ["Intended: turn short-cache off for customer retail", "act"],
    ["Applied in 180 ms", "act"],
    ["Effective: burn 0.5×", "good"],
  ]);
});
