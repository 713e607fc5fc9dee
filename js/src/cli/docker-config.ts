import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Credentials, CredentialsFor } from "../sources/oci.js";
import { readFile } from "./arguments.js";
import { Misuse } from "./misuse.js";

/**
 * Names and passwords that `docker login` wrote into its file. Each is for one registry, which is told by its exact name. Helper programs, which a
 * file may name in place of passwords, are not run.
 */
export function dockerCredentials(environment: NodeJS.ProcessEnv = process.env): CredentialsFor {
  return (registry) => {
    const path = join(environment["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
    if (!existsSync(path)) return undefined;
    let document: { readonly auths?: unknown } | null;
    try {
      document = JSON.parse(readFile(path, "docker's file of passwords").toString("utf8")) as typeof document;
    } catch (error) {
      if (error instanceof Misuse) throw error;
      throw new Misuse(`docker's file of passwords is no JSON (${path})`);
    }
    const auths = typeof document?.auths === "object" && document.auths !== null ? document.auths : {};
    const [, entry] = Object.entries(auths).find(([name]) => registryOf(name) === registry) ?? [];
    return credentials((entry as { readonly auth?: unknown } | undefined)?.auth);
  };
}

/** A registry as the file names it: also by a URL, and Docker Hub by one of its own. */
function registryOf(name: string): string {
  const host = name.replace(/^https?:\/\//u, "").replace(/\/.*$/su, "").toLowerCase();
  return host === "index.docker.io" ? "docker.io" : host;
}

function credentials(auth: unknown): Credentials | undefined {
  if (typeof auth !== "string") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon <= 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
