import { holdLifeLock } from "../pool/life-lock.ts";
import { openStorage } from "../storage/open-storage.ts";
import { serveGenerate } from "./serve-generate.ts";

serveGenerate((descriptor) => openStorage(descriptor), undefined, holdLifeLock());
