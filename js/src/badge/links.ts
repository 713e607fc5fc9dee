/** A file of a repository, as Fulcio names a workflow: `https://host/owner/name/path@ref`. */
export interface ConfigFile {
  readonly repository: string;
  readonly path: string;
}

/** The log that search.sigstore.dev shows: the public-good instance's, of version 1. */
const publicLog = "rekor.sigstore.dev";

/** A name of an owner, a group or a repository. Nothing in it can end a path or lead out of it. */
const name = /^(?!\.{1,2}$)[\w.-]{1,100}$/u;

/** The host and the names in the path of a repository on GitHub or GitLab; `undefined` for anything else, however alike. */
function place(repository: string): { readonly host: "github.com" | "gitlab.com"; readonly names: readonly string[] } | undefined {
  const [, host, path = ""] = /^https:\/\/(github\.com|gitlab\.com)\/(.*)$/su.exec(repository) ?? [];
  const names = path.split("/");
  if (!names.every((part) => name.test(part))) return undefined;
  if (host === "github.com") return names.length === 2 ? { host, names } : undefined;
  return host === "gitlab.com" && names.length >= 2 ? { host, names } : undefined;
}

/** Puts a URL together from parts, each of which stays one part. */
function under(host: string, parts: readonly string[]): string | undefined {
  if (parts.some((part) => part === "" || part === "." || part === ".." || /\p{Cs}/u.test(part))) return undefined;
  const url = new URL(`https://${host}/`);
  url.pathname = parts.map(encodeURIComponent).join("/");
  return url.href;
}

/** A repository's page. */
export function repositoryLink(repository: string): string | undefined {
  const at = place(repository);
  return at && under(at.host, at.names);
}

/** A repository as it was at a commit. */
export function commitLink(repository: string, commit: string): string | undefined {
  const at = place(repository);
  if (at === undefined || !isCommit(commit)) return undefined;
  return under(at.host, [...at.names, ...(at.host === "gitlab.com" ? ["-"] : []), "tree", commit]);
}

/** A file as it was at a commit. */
export function fileLink({ repository, path }: ConfigFile, commit: string): string | undefined {
  const at = place(repository);
  if (at === undefined || !isCommit(commit)) return undefined;
  return under(at.host, [...at.names, ...(at.host === "gitlab.com" ? ["-"] : []), "blob", commit, ...path.split("/")]);
}

/** A run of GitHub Actions, or a job of GitLab. */
export function runLink(run: string): string | undefined {
  const [, github, id, attempt] = /^(https:\/\/github\.com\/[^/]+\/[^/]+)\/actions\/runs\/(\d+)(?:\/attempts\/(\d+))?$/su.exec(run) ?? [];
  const [, gitlab, kind, number] = /^(https:\/\/gitlab\.com\/.+)\/-\/(jobs|pipelines)\/(\d+)$/su.exec(run) ?? [];
  const at = place(github ?? gitlab ?? "");
  if (at === undefined) return undefined;
  if (id !== undefined) return under(at.host, [...at.names, "actions", "runs", id, ...(attempt === undefined ? [] : ["attempts", attempt])]);
  return kind === undefined || number === undefined ? undefined : under(at.host, [...at.names, "-", kind, number]);
}

/** An entry of the public-good log, and of no other. */
export function logLink(log: string, index: string): string | undefined {
  if (log !== publicLog || !/^\d{1,20}$/u.test(index)) return undefined;
  const url = new URL("https://search.sigstore.dev/");
  url.searchParams.set("logIndex", index);
  return url.href;
}

/** The file in a certified location. GitLab writes `//` before its path. */
export function configFile(uri: string): ConfigFile | undefined {
  const github = /^(https:\/\/github\.com\/[^/]+\/[^/]+)\/([^@/]+(?:\/[^@/]+)*)@.+$/su;
  const gitlab = /^(https:\/\/gitlab\.com\/.+?)\/\/([^@/]+(?:\/[^@/]+)*)@.+$/su;
  const [, repository, path] = github.exec(uri) ?? gitlab.exec(uri) ?? [];
  return repository === undefined || path === undefined || place(repository) === undefined ? undefined : { repository, path };
}

/** Git's SHA-1 or SHA-256. */
function isCommit(commit: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(commit);
}
