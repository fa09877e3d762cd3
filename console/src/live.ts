// The stream of server-sent events, kept open for ever.

const RETRY_MS = [1_000, 2_000, 4_000, 8_000];

export interface Listener {
  /** Called whenever the stream opens; what happened before has to be fetched. */
  opened(): void;
  lost(): void;
  event(name: string, data: unknown): void;
}

const NAMES = ["incident", "slos", "change", "audit", "guard"];

/** Opens the stream, and again each time it breaks; the answer closes it. */
export function follow(url: string, listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const again = (): void => {
    source?.close();
    clearTimeout(timer);
    listener.lost();
    timer = setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
  };

  const open = (): void => {
    source?.close();
    clearTimeout(timer);
    source = new EventSource(url);
    source.onopen = () => {
      failures = 0;
      listener.opened();
    };
    source.onerror = again;
    for (const name of NAMES) {
      source.addEventListener(name, (message: MessageEvent<string>) => {
        try {
          listener.event(name, JSON.parse(message.data));
        } catch (thrown) {
          if (!(thrown instanceof SyntaxError)) throw thrown;
        }
      });
    }
  };

  const back = (): void => {
    failures = 0;
    open();
  };
  addEventListener("offline", again);
  addEventListener("online", back);
  open();
  return () => {
    removeEventListener("offline", again);
    removeEventListener("online", back);
    clearTimeout(timer);
    source?.close();
  };
}
