// Numbers, shares, times and durations as a person reads them.

const NARROW = "\u202f";
const HARD = "\u00a0";
const MINUS = "\u2212";
export const UNKNOWN = "–";

/** A count, in groups of three: 1 042. */
export function count(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return UNKNOWN;
  const text = String(Math.round(Math.abs(value))).replace(/\B(?=(\d{3})+$)/g, NARROW);
  return value < 0 && Math.round(value) !== 0 ? MINUS + text : text;
}

/** A count in as few characters as an axis has room for: 1 042, 61 k, 2.5 M. */
export function compact(value: number): string {
  const size = Math.abs(value);
  const [unit, letter] = size >= 1e9 ? [1e9, "G"] : size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
  if (unit === 1) return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(2)));
  return `${String(Number((value / unit).toPrecision(3)))}${HARD}${letter}`;
}

/** A moment on an axis: the time of day, or the day where the axis goes over several. */
export function onAxis(time: number, length: number): string {
  if (length > 36 * 3_600_000) return day(time);
  return length < 5 * 60_000 ? clock(time) : minute(time);
}

/** A share of one as per cent: 97 %, 0.3 %, < 0.1 %. */
export function percent(share: number | null | undefined): string {
  if (share == null || !Number.isFinite(share)) return UNKNOWN;
  const sign = share < 0 ? MINUS : "";
  const size = Math.abs(share) * 100;
  if (size === 0) return `0${HARD}%`;
  if (size < 0.1) return sign ? `0${HARD}%` : `<${HARD}0.1${HARD}%`;
  if (size < 9.95) return `${sign}${trim(size)}${HARD}%`;
  if (size > 99 && size < 99.95) return `${sign}${trim(size)}${HARD}%`;
  return `${sign}${count(size)}${HARD}%`;
}

/** How much is believed: never 0 % and never 100 %, since we rank and do not prove. */
export function belief(posterior: number | null | undefined): string {
  if (posterior == null || !Number.isFinite(posterior)) return UNKNOWN;
  if (posterior < 0.01) return `<${HARD}1${HARD}%`;
  if (posterior > 0.99) return `>${HARD}99${HARD}%`;
  return `${Math.round(posterior * 100)}${HARD}%`;
}

/** A burn rate: 31×, 0.4×, < 0.1×. */
export function rate(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return UNKNOWN;
  if (value > 0 && value < 0.1) return `<${HARD}0.1×`;
  return value < 9.95 ? `${trim(value)}×` : `${count(value)}×`;
}

/** A target with all of its nines: 99.9 %. */
export function target(share: number): string {
  return `${Number((share * 100).toFixed(6))}${HARD}%`;
}

/** A span of time in its two largest units: 2 min 40 s. */
export function duration(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return UNKNOWN;
  const all = Math.round(Math.abs(seconds));
  const units: [string, number][] = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => all >= size);
  if (first < 0) return `0${HARD}s`;
  const parts: string[] = [];
  let rest = all;
  for (const [name, size] of units.slice(first, first + 2)) {
    const many = Math.floor(rest / size);
    rest -= many * size;
    if (many > 0) parts.push(`${many}${HARD}${name}`);
  }
  return (seconds < 0 ? MINUS : "") + parts.join(HARD);
}

/** A value in milliseconds as a time a person reads: 10 ms, 1.2 s, 3 min. */
export function milliseconds(value: number): string {
  if (value < 1000) return `${trim(value)}${HARD}ms`;
  if (value < 60_000) return `${trim(value / 1000)}${HARD}s`;
  return `${trim(value / 60_000)}${HARD}min`;
}

/** A measured value with the unit that its field's name tells of. */
export function measure(field: string, value: number): string {
  if (/(_ms|\.ms|duration)$/.test(field)) return milliseconds(value);
  return value >= 10_000 ? count(value) : String(Number(value.toPrecision(3)));
}

/** The time of day in UTC: 14:02:10. */
export function clock(time: string | number | Date): string {
  return iso(time).slice(11, 19);
}

/** The time of day in UTC to the minute: 14:02. */
export function minute(time: string | number | Date): string {
  return iso(time).slice(11, 16);
}

/** A moment in UTC: the time of day, with its day when that is not today. */
export function moment(time: string | number | Date, now: number): string {
  const text = iso(time);
  return text.slice(0, 10) === iso(now).slice(0, 10) ? text.slice(11, 19) : `${day(time)} ${text.slice(11, 16)}`;
}

/** The day in UTC: 23 Nov. */
export function day(time: string | number | Date): string {
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const date = new Date(time);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""}`;
}

/** A significance: p < 0.001. */
export function significance(p: number | null | undefined): string {
  if (p == null || !Number.isFinite(p)) return UNKNOWN;
  return p < 0.001 ? `p${HARD}<${HARD}0.001` : `p${HARD}=${HARD}${Number(p.toPrecision(2))}`;
}

/** A field's value, of whatever type, as text. */
export function value(scalar: unknown): string {
  if (scalar === null || scalar === undefined) return "(none)";
  if (scalar === "") return "(empty)";
  return typeof scalar === "object" ? JSON.stringify(scalar) : String(scalar);
}

/** The words as one list: a, b and c; at most {@code limit} of them. */
export function list(words: string[], limit = 5): string {
  const shown = words.slice(0, limit);
  if (words.length > limit) return `${shown.join(", ")} and ${words.length - limit} more`;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

function trim(value: number): string {
  const digits = value < 9.95 || (value > 99 && value < 99.95) ? 1 : 0;
  return value.toFixed(digits).replace(/\.0$/, "");
}

function iso(time: string | number | Date): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "????-??-??T??:??:??Z" : date.toISOString();
}
