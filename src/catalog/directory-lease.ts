export { DirectoryLease, directoryLockName } from "../lake/directory-lease.ts";
