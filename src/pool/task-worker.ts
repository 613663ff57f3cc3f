import { holdLifeLock } from "./life-lock.ts";
import { serveTasks } from "./serve-tasks.ts";

serveTasks(undefined, holdLifeLock());
