// The life of a build as phases, its share of the traffic as lines, and what a flag's exposure adds up to.

import { group, figure, type Line, type Result } from "./explore/result.ts";
import type { Flag, Landing, Rollout } from "./types.ts";

export interface Phase { name: string; since: number; until: number }
/** The phases that are known, in their order, and how it stands at the end of them. */
export interface Life { phases: Phase[]; from: number; to: number; end: "everywhere" | "under way" | "rolled back" | "unseen" }

const time = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null);

/** From the merge to everywhere; what nobody told of is left out, and the next phase is the longer. */
export function life(rollout: Rollout, landing: Landing, now: number): Life {
  const deploy = landing.deploys[0];
  const marks: [string, number | null][] = [
    ["to the build", time(rollout.merge?.time)],
    ["to the deploy", time(rollout.build?.finished_at ?? rollout.build?.time)],
    ["to the first event", time(deploy?.time)],
    ["to everywhere", time(landing.first_seen)],
  ];
  const left = time(landing.rolled_back_at);
  const arrived = time(landing.everywhere_at);
  const last = arrived ?? left ?? (landing.confirmed ? now : null);
  const known = marks.filter((mark): mark is [string, number] => mark[1] !== null);
  // Clocks of different tools differ by a little: no phase is shorter than nothing.
  const starts = known.map(([name, at], index) => ({ name, at: Math.max(...known.slice(0, index + 1).map((each) => each[1]), at) }));
  const ends = [...starts.slice(1).map((each) => each.at), ...(last === null ? [] : [Math.max(last, starts.at(-1)?.at ?? last)])];
  const phases = ends.map((until, index): Phase => ({ name: starts[index]?.name ?? "", since: starts[index]?.at ?? until, until }));
  const open = phases.at(-1);
  if (open && last !== null && arrived === null && left === null) open.name = "since then";
  const from = starts[0]?.at ?? last ?? now;
  return {
    phases, from, to: phases.at(-1)?.until ?? from,
    end: left !== null ? "rolled back" : arrived !== null ? "everywhere" : landing.confirmed ? "under way" : "unseen",
  };
}

/** The landing in an environment, or the first where none is asked for. */
export const landingIn = (rollout: Rollout, environment: string): Landing | undefined =>
  environment ? rollout.environments.find((each) => each.environment === environment) : rollout.environments[0];

/** One line for each build: its share of the traffic, in per cent. */
export function shareLines(rollouts: Rollout[], environment: string): Line[] {
  return rollouts.flatMap((rollout): Line[] => {
    const shares = landingIn(rollout, environment)?.shares ?? [];
    const points = shares.map((each) => ({ time: Date.parse(each.time), value: Math.round(each.share * 1000) / 10 }));
    return points.length === 0 ? [] : [{ key: rollout.build_id, name: rollout.build_id, group: [rollout.build_id], points }];
  });
}

/** The seconds between one point of the lines and the next. */
export function stepOf(lines: Line[]): number {
  const gaps = lines.flatMap(({ points }) => points.slice(1).map((point, index) => point.time - (points[index]?.time ?? point.time)));
  return Math.max(1, Math.min(...gaps.filter((gap) => gap > 0), 3_600_000) / 1000);
}

export interface Served { variation: string; events: number; share: number; units: number | null }
export interface Exposure { served: Served[]; events: number; touched: { share: number; units: number | null } | null }

/** What the last events were served of a flag, and what turning it off would touch. */
export function exposure(flag: Flag, result: Result, units: string): Exposure {
  const field = `flag.${flag.key}`;
  const rows = result.results
    .map(({ data }) => ({
      variation: group(data, [field])[0] ?? null, events: figure(data, "COUNT") ?? 0,
      units: units ? figure(data, `COUNT_DISTINCT(${units})`) : null,
    }))
    .filter((row) => row.variation !== null && row.events > 0);
  const events = rows.reduce((sum, row) => sum + row.events, 0);
  const served = rows.map((row): Served => ({ ...row, variation: String(row.variation), share: row.events / Math.max(1, events) }));
  const others = served.filter((each) => each.variation !== flag.off_variation);
  return {
    served, events,
    touched: flag.off_variation === null || events === 0 ? null : {
      share: others.reduce((sum, each) => sum + each.share, 0),
      // Units may be served several variations: the sum would count them twice.
      units: others.length === 1 ? (others[0]?.units ?? null) : others.length === 0 ? 0 : null,
    },
  };
}
