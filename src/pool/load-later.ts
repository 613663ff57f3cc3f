/**
 * The page's build writes here which scripts each worker's code imports on demand: `<worker's script>:<name>|<name>|`,
 * with a blank between workers. It is parsed so that no minifier takes the text for what it is now.
 */
const LATER = JSON.parse('"__LAKELET_LATER__"') as string;

const CHANNEL = "lakelet-load-later";

/**
 * Loads the scripts that a worker imports only on demand when the page says that it rests: the network may be gone when
 * they are wanted. `script` is the worker's own address. In other builds than the page's there are none.
 */
export function loadLater(script: string): void {
  const folder = script.slice(0, script.lastIndexOf("/") + 1);
  const own = LATER.split(" ").find((entry) => entry.startsWith(`${script.slice(folder.length)}:`));
  if (own === undefined) return;
  const names = own.slice(own.indexOf(":") + 1).split("|");
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = async () => {
    channel.close();
    for (const name of names.filter((each) => each !== "")) {
      // Whoever needs it tries again, and says what is wrong.
      await import(/* @vite-ignore */ `${folder}${name}`).catch(() => {});
    }
  };
}

/** Tells the workers that now is the time. */
export function loadNow(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("now");
  channel.close();
}
