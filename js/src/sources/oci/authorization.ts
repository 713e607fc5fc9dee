import { UsageError } from "../../errors.js";
import { isLocal, refusal, SourceUnavailable, type Answer, type Fetcher } from "../fetching.js";
import { readChallenges } from "./challenge.js";

/** Who asks a registry: a name and a password (or what stands for one), or a token that goes to the registry as it is. */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly token?: undefined }
  | { readonly token: string; readonly username?: undefined; readonly password?: undefined };

/** Credentials for a registry, by its name as in images (`docker.io`, `localhost:5000`); none where nothing is known. */
export type CredentialsFor = (registry: string) => Credentials | undefined | Promise<Credentials | undefined>;

/** The largest answer of a token service; those of Azure have a few thousand bytes. */
const mostTokenBytes = 64 * 1024;

/** How long a token holds that does not say (Docker "Token Authentication Specification"), in seconds. */
const shortestLife = 60;

/**
 * What stands in `Authorization`, for one repository of one registry: nothing at first, then what the registry asks for. A token service is
 * wherever the registry says (`realm`), and gets the credentials for that registry: see `DESIGN.md`, "To whom does a registry's password go?".
 */
export class Authorization {
  readonly #fetcher: Fetcher;
  readonly #registry: URL;
  readonly #repository: string;
  readonly #credentials: () => Promise<Credentials | undefined>;
  #held: { readonly header: string; readonly until: number } | undefined;
  #renewal: Promise<string> | undefined;

  constructor(fetcher: Fetcher, registry: URL, repository: string, credentials: () => Promise<Credentials | undefined>) {
    this.#fetcher = fetcher;
    this.#registry = registry;
    this.#repository = repository;
    this.#credentials = credentials;
  }

  /** What the registry has taken before, unless that has expired. */
  get header(): string | undefined {
    return this.#held !== undefined && Date.now() < this.#held.until ? this.#held.header : undefined;
  }

  /**
   * What to send in place of `sent`, which was answered by `unauthorized` (401). Several that ask at once get the same.
   *
   * @throws SourceUnavailable `insecure` when the registry is asked over plain HTTP, and is not this machine: whoever listens would know
   */
  async answer(url: string, unauthorized: Answer, sent: string | undefined): Promise<string> {
    if (this.#registry.protocol !== "https:" && !isLocal(this.#registry.hostname)) {
      throw new SourceUnavailable("insecure", url, "the registry wants to know who asks, which it is told over https alone", unauthorized.status);
    }
    const held = this.header;
    if (held !== undefined && held !== sent) return held;
    this.#renewal ??= this.#renew(url, unauthorized).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew(url: string, unauthorized: Answer): Promise<string> {
    const challenges = readChallenges(unauthorized.headers.get("www-authenticate") ?? "");
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    if (bearer === undefined && !challenges.some(({ scheme }) => scheme === "basic")) {
      throw refusal(url, unauthorized, "expected a challenge of the kind Bearer or Basic");
    }
    const credentials = await this.#credentials();
    if (bearer !== undefined) {
      if (credentials?.token !== undefined) return this.#hold(`Bearer ${credentials.token}`, Infinity);
      return this.#fetchToken(url, bearer.parameters, basic(credentials));
    }
    const header = basic(credentials);
    if (header === undefined) throw refusal(url, unauthorized, "the registry asks for a name and a password");
    return this.#hold(header, Infinity);
  }

  #hold(header: string, seconds: number): string {
    this.#held = { header, until: Date.now() + seconds * 1000 };
    return header;
  }

  async #fetchToken(url: string, challenge: ReadonlyMap<string, string>, authorization: string | undefined): Promise<string> {
    const service = this.#tokenService(url, challenge.get("realm"));
    const named = challenge.get("service");
    if (named !== undefined) service.searchParams.set("service", named);
    for (const scope of this.#scopes(challenge.get("scope"))) service.searchParams.append("scope", scope);
    const request = { accept: "application/json", authorization, none: [], from: this.#registry.href, maxBytes: mostTokenBytes, refusals: true, unmoved: true };
    const answer = await this.#fetcher.get(service.href, request);
    if (answer?.status !== 200) throw refusal(service.href, answer as Answer, authorization === undefined ? "the registry may ask for credentials" : "the credentials may be wrong");
    const { token, seconds } = readToken(answer.bytes, service.href);
    return this.#hold(`Bearer ${token}`, seconds);
  }

  /** Of a repository no more rights than reading takes, whatever the registry would have. */
  #scopes(asked = ""): readonly string[] {
    const scopes = asked.split(" ").filter((scope) => scope !== "");
    if (scopes.length === 0) return [`repository:${this.#repository}:pull`];
    return scopes.map((scope) => scope.replace(/^(repository:.*:)[^:]*$/u, "$1pull"));
  }

  /** Where tokens are, by the registry's word. */
  #tokenService(url: string, realm: string | undefined): URL {
    let service: URL;
    try {
      service = new URL(String(realm));
    } catch (cause) {
      throw new SourceUnavailable("malformed", url, "expected the URL of a token service in the challenge, found none", 401, { cause });
    }
    const { username, password, hostname, href } = service;
    if (username !== "" || password !== "") throw new SourceUnavailable("malformed", href, "expected a token service without a password in its URL, found one", 401);
    // Token services have names. An address is what a registry names that would have us ask behind a firewall for it.
    const isAddress = /^[\d.]+$|^\[|(?:^|\.)localhost\.?$/u.test(hostname);
    const isNear = hostname === this.#registry.hostname || (isLocal(hostname) && isLocal(this.#registry.hostname));
    if (isAddress && !isNear) throw new SourceUnavailable("insecure", href, "expected a token service with a name, or at the registry's own address", 401);
    return service;
  }
}

/** The header for a name and a password (RFC 7617). */
function basic(credentials: Credentials | undefined): string | undefined {
  if (credentials?.username === undefined) return undefined;
  const bytes = new TextEncoder().encode(`${credentials.username}:${credentials.password}`);
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}

/** @throws UsageError for what cannot stand in a header, or would read as something else there. */
export function readCredentials(given: unknown): Credentials | undefined {
  if (given === undefined) return undefined;
  const { username, password, token } = (typeof given === "object" && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  if (typeof token === "string" && isVisible(token) && username === undefined && password === undefined) return { token };
  const isName = typeof username === "string" && /^[^:\p{Cc}]+$/u.test(username);
  if (isName && typeof password === "string" && !/\p{Cc}/u.test(password) && token === undefined) return { username, password };
  throw new UsageError("invalid-argument", "`credentials` are { username, password } or { token }, without control characters and with no colon in the name", "/credentials");
}

/** What a token service answers: a token under one of two names, and how long it holds. */
function readToken(bytes: Uint8Array, url: string): { token: string; seconds: number } {
  const malformed = (cause?: unknown): SourceUnavailable => new SourceUnavailable("malformed", url, "expected a token, found something else", 200, { cause });
  let document: { readonly token?: unknown; readonly access_token?: unknown; readonly expires_in?: unknown } | null;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes)) as typeof document;
  } catch (cause) {
    throw malformed(cause);
  }
  const token = [document?.token, document?.access_token].find((one) => typeof one === "string" && one !== "");
  if (typeof token !== "string" || !isVisible(token)) throw malformed();
  const seconds = document?.expires_in;
  return { token, seconds: typeof seconds === "number" && seconds > 0 ? seconds : shortestLife };
}

/** Whether a text can stand in a header as one word. */
function isVisible(text: string): boolean {
  return /^[\x21-\x7e]+$/u.test(text);
}
