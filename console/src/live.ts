// The stream of server-sent events, kept open for ever. By fetch, since an EventSource sends no key.

const RETRY_MS = [1_000, 2_000, 4_000, 8_000];

export interface Listener {
  /** Called whenever the stream opens; what happened before has to be fetched. */
  opened(): void;
  /** The server wants a key, or another one; null where it is away. */
  lost(status: number | null): void;
  event(name: string, data: unknown): void;
}

/** The events of a stream, and what of it is not whole yet. */
export function parts(text: string): { events: { name: string; data: string }[]; rest: string } {
  const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = blocks.pop() ?? "";
  const events = blocks.flatMap((block) => {
    let name = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("event:")) name = line.slice(6).trim();
      else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
    }
    return data.length > 0 ? [{ name, data: data.join("\n") }] : [];
  });
  return { events, rest };
}

/** Opens the stream, and again each time it breaks; the answer closes it. */
export function follow(url: string, headers: () => Record<string, string>, listener: Listener): () => void {
  let control: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const again = (status: number | null): void => {
    control?.abort();
    clearTimeout(timer);
    listener.lost(status);
    timer = setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
  };

  async function read(signal: AbortSignal): Promise<number | null> {
    const answer = await fetch(url, { headers: { accept: "text/event-stream", ...headers() }, signal, cache: "no-store" });
    if (!answer.ok || !answer.body) return answer.status;
    failures = 0;
    listener.opened();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      const { events, rest } = parts(text + value);
      text = rest;
      for (const { name, data } of events) {
        try {
          listener.event(name, JSON.parse(data));
        } catch (thrown) {
          if (!(thrown instanceof SyntaxError)) throw thrown;
        }
      }
    }
  }

  function open(): void {
    control?.abort();
    clearTimeout(timer);
    const mine = new AbortController();
    control = mine;
    read(mine.signal).then((status) => mine.signal.aborted || again(status), () => mine.signal.aborted || again(null));
  }

  const away = (): void => again(null);
  const back = (): void => {
    failures = 0;
    open();
  };
  addEventListener("offline", away);
  addEventListener("online", back);
  open();
  return () => {
    removeEventListener("offline", away);
    removeEventListener("online", back);
    clearTimeout(timer);
    control?.abort();
  };
}
