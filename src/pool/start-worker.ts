/**
 * Starts a module worker, also where its script is of another origin than the page, as when the module is loaded from
 * a static server elsewhere. Browsers refuse such a script as a worker, but a blob of the page's own origin may import
 * it. `create` receives the class to use and must name it `Worker`, so that the words by which bundlers find workers
 * stay whole in it: `new Worker(new URL(<the script, as a literal>, import.meta.url), { type: "module" })`.
 */
export function startWorker(create: (workerClass: typeof Worker) => Worker): Worker {
  try {
    return create(Worker);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
    return create(workerThroughBlob());
  }
}

/** Made on demand: a server that only imports the module has no `Worker` to extend. */
function workerThroughBlob(): typeof Worker {
  return class extends Worker {
    constructor(script: string | URL, options?: WorkerOptions) {
      const code = `import ${JSON.stringify(new URL(script).href)};`;
      super(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), options);
    }
  };
}
