declare module "virtual:sandbox-worker" {
  /** Addresses of the worker's script and of the parts that it loads later. */
  export const scriptUrls: Readonly<Record<"worker" | "apache-arrow" | "sucrase", string>>;
}
