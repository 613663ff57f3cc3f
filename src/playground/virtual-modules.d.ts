declare module "virtual:sandbox-worker" {
  /** Address of the script. */
  export const scriptUrl: string;
}
