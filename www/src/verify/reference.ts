/** What was typed: something to ask a registry about, or the digest of a file. */
export type Reference =
  | { readonly kind: "npm"; readonly name: string }
  | { readonly kind: "pypi"; readonly file: string; readonly digest?: string }
  | { readonly kind: "github"; readonly repository: string; readonly digest?: string }
  | { readonly kind: "image"; readonly name: string; readonly platform?: string }
  | { readonly kind: "digest"; readonly digest: string };

/** What was typed, or what is wrong with it. */
export type ReadReference = { readonly reference: Reference; readonly problem?: undefined } | { readonly problem: string; readonly reference?: undefined };

const digest = /^(?:sha(?:256|384|512):[0-9a-f]+|sha(?:256|384|512)-[A-Za-z0-9+/]+=*|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/iu;
const npmName = /^(?:@[^@/\s]+\/)?[^@/\s]+@\d[^\s/@]*$/u;

/** Reads what a person typed or pasted into one line. */
export function readReference(typed: string): ReadReference {
  const text = fromAddress(typed.trim());
  const [first = "", second, third] = text.split(/\s+/u);
  if (first === "") return { problem: "Type a package, an image or a digest, or drop a file." };
  if (third !== undefined) return { problem: "That is more than a name and a digest: one thing at a time." };
  const [, scheme = "", rest = ""] = /^(npm|pypi|github|oci|docker|image):(.+)$/u.exec(first) ?? [];
  if (scheme === "npm" || (scheme === "" && npmName.test(first) && second === undefined && !isHost(first))) {
    const name = scheme === "npm" ? rest : first;
    return npmName.test(name) ? { reference: { kind: "npm", name } } : { problem: `Which version? For instance npm:${name.replace(/@[^/]*$/u, "") || name}@1.2.3` };
  }
  if (second !== undefined && scheme !== "" && ["pypi", "github"].includes(scheme) && !digest.test(second)) {
    return { problem: "What stands behind the name is no digest: expected sha256: and 64 hexadecimal digits." };
  }
  const known = second === undefined ? {} : { digest: second };
  if (scheme === "pypi") {
    if (/\.(?:whl|tar\.gz|zip|tar\.bz2)$/iu.test(rest)) return { reference: { kind: "pypi", file: rest, ...known } };
    return { problem: "PyPI has evidence for each file: type its whole name, such as pypi:app-1.0-py3-none-any.whl" };
  }
  if (scheme === "github") {
    if (/^[\w.-]+\/[\w.-]+$/u.test(rest)) return { reference: { kind: "github", repository: rest, ...known } };
    return { problem: "A repository is owner/name, such as github:cli/cli" };
  }
  if (digest.test(first) && second === undefined) return { reference: { kind: "digest", digest: first } };
  const name = scheme === "" ? first : rest;
  if (scheme !== "" || isHost(name)) {
    if (second !== undefined && !/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/u.test(second)) {
      return { problem: "What stands behind the image is no platform, such as linux/amd64." };
    }
    return { reference: { kind: "image", name, ...(second !== undefined && { platform: second }) } };
  }
  return { problem: "That is no name this page knows. Try npm:sigstore@5.0.0, pypi:app-1.0.tar.gz, ghcr.io/owner/app:1.0 or github:owner/repo sha256:…" };
}

/** How a reference is written. */
export function written(reference: Reference): string {
  const more = (text: string | undefined): string => (text === undefined ? "" : ` ${text}`);
  switch (reference.kind) {
    case "npm":
      return `npm:${reference.name}`;
    case "pypi":
      return `pypi:${reference.file}${more(reference.digest)}`;
    case "github":
      return `github:${reference.repository}${more(reference.digest)}`;
    case "image":
      return `${isHost(reference.name) ? "" : "oci:"}${reference.name}${more(reference.platform)}`;
    case "digest":
      return reference.digest;
  }
}

/** Who will be asked. */
export function askedHost(reference: Reference): string {
  switch (reference.kind) {
    case "npm":
      return "registry.npmjs.org";
    case "pypi":
      return "pypi.org";
    case "github":
      return "api.github.com";
    case "image":
      return isHost(reference.name) ? (reference.name.split("/")[0] ?? "") : "registry-1.docker.io";
    case "digest":
      return "";
  }
}

/** Whether it begins with a host, as images outside of Docker Hub do. */
function isHost(name: string): boolean {
  return /^(?:[\w-]+(?:\.[\w-]+)+|localhost)(?::\d+)?\/./u.test(name);
}

/** What the address of a page about a package or a repository is about. */
function fromAddress(text: string): string {
  const [, name, version] = /^https:\/\/(?:www\.)?npmjs\.com\/package\/((?:@[^/?#]+\/)?[^/?#]+)\/v\/([^/?#]+)\/?$/u.exec(text) ?? [];
  if (name !== undefined && version !== undefined) return `npm:${name}@${version}`;
  const [, scoped, of] = /^pkg:npm\/((?:%40[^/@?#]+\/)?[^/@?#]+)@([^/?#]+)$/u.exec(text) ?? [];
  if (scoped !== undefined && of !== undefined) return `npm:${scoped.replace(/^%40/u, "@")}@${of}`;
  const [, repository, rest = ""] = /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+)\/?(\s.*)?$/u.exec(text) ?? [];
  return repository === undefined ? text : `github:${repository}${rest}`;
}
