/**
 * Keeps the page's own files in the browser, so that it goes on without a network. Resolves when they are there, to
 * false where the browser has no service workers (private windows, plain http).
 */
export async function keepForOffline(): Promise<boolean> {
  const { serviceWorker } = navigator as Partial<Navigator>;
  // The development server's files are not a fixed set.
  if (serviceWorker === undefined || import.meta.env.DEV) return false;
  await serviceWorker.register(new URL("offline.js", document.baseURI));
  const { active } = await serviceWorker.ready;
  if (active === null) return false;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  active.postMessage("keep", [port2]);
  return (await answer) === "kept";
}
