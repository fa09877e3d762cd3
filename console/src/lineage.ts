// What a request ran on: the deploy of its build, the last changes of the flags that it was served.

import type { Change, Trace } from "./types.ts";

export interface Origin { kind: "deploy" | "flag" | "request"; name: string; time: string; find: string }

const FLAG = "flag.";
const FLAGS_MOST = 4;

/** In the order of time, the request last; only it where nothing else is known. */
export function lineage(trace: Trace, changes: Change[]): Origin[] {
  const fields = trace.spans.map((span) => span.fields);
  const builds = new Set(fields.flatMap((each) => (each["build_id"] == null ? [] : [String(each["build_id"])])));
  const flags = new Set(fields.flatMap((each) => Object.keys(each).filter((name) => name.startsWith(FLAG)).map((name) => name.slice(FLAG.length))));
  const before = changes.filter((each) => Date.parse(each.time) <= Date.parse(trace.start) && !each.first_sight)
    .sort((one, other) => Date.parse(other.time) - Date.parse(one.time));
  const latest = (key: (change: Change) => string | undefined, wanted: Set<string>): Change[] => [...wanted].flatMap((each) => before.find((change) => key(change) === each) ?? []);
  const deploys = latest((change) => (change.kind === "deploy" ? change.build_id : undefined), builds);
  const turned = latest((change) => (change.kind === "flag" ? change.flag : undefined), flags)
    .sort((one, other) => Date.parse(other.time) - Date.parse(one.time)).slice(0, FLAGS_MOST);
  const origins = [...deploys, ...turned].map((change): Origin => ({
    kind: change.kind === "flag" ? "flag" : "deploy", time: change.time,
    name: change.kind === "flag" ? `flag ${change.flag ?? change.name} changed` : `build ${change.build_id ?? ""} deployed`,
    find: change.flag ?? change.build_id ?? change.name,
  }));
  const root = trace.spans.find((span) => span.parent === "root") ?? trace.spans[0];
  return [...origins.sort((one, other) => Date.parse(one.time) - Date.parse(other.time)),
    { kind: "request", name: root?.name || "the request", time: trace.start, find: "" }];
}
