declare module "virtual:sandbox-worker" {
  /** Addresses of the worker's script and of the parts that it loads later. */
  export const scriptUrls: Readonly<Record<"worker" | "python" | "apache-arrow" | "sucrase", string>>;
}

declare module "virtual:pyspark-package" {
  /** The texts of the Python files by their paths. */
  export const files: Readonly<Record<string, string>>;
}
