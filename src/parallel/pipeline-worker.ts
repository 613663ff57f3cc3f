import { holdLifeLock } from "../pool/life-lock.ts";
import { openStorage } from "../storage/open-storage.ts";
import { serveParallel } from "./serve-parallel.ts";

serveParallel((descriptor) => openStorage(descriptor), undefined, holdLifeLock());
