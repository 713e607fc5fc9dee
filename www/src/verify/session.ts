import type { Artifact, ArtifactDigests, Verifier } from "admissible/slim";
import { verifier as usual, verifierBy } from "../engine.js";
import { ask, type Asking } from "./asking.js";
import type { Named } from "./folder.js";
import { byDigest, evidenceOf, recognise, type Given } from "./given.js";
import type { Handover } from "./handing.js";
import { judge, type Judgement } from "./judging.js";
import type { Reference } from "./reference.js";
import { policyOf, type Made, type Trust } from "./trust.js";

/** What is being done, for whoever waits. */
export interface Busy {
  readonly what: string;
  /** From 0 to 1, where it is known. */
  readonly share?: number;
}

/** Everything that was handed in, whom the visitor trusts, and what follows from it. */
export class Session {
  readonly #changed: () => void;
  #given: Given[] = [];
  /** What came among other files and says whom to trust: whoever made those may have made it too. */
  #offered: readonly Given[] = [];
  #trust: Trust = { kind: "none", fields: {} };
  #asked: (Asking & { readonly by: Reference }) | undefined;
  #requests: string[] = [];
  #busy: Busy | undefined;
  #work = new AbortController();
  #turn = 0;
  /** What follows, and from which state of things. */
  #judgement: Judgement = { state: "waiting", artifact: undefined };
  #made: Made = { state: "nobody" };
  #stale = false;
  /** The file that the evidence names, if it is here. */
  #named: Given | undefined;
  /** How much is under way: things that are done, and verdicts that are made. */
  #pending = 0;
  /** Whether the visitor is still typing. */
  #aged = false;
  #error: string | undefined;
  /** The verifier by the root that was handed in: made once, for it compiles the module. */
  #byRoot: { readonly text: string; readonly verifier: Promise<Verifier> } | undefined;

  /** `changed` is called after every change; `signal` ends all work. Of an earlier session everything is taken over. */
  constructor(changed: () => void, signal: AbortSignal, earlier?: Session) {
    this.#changed = changed;
    signal.addEventListener("abort", () => this.#work.abort());
    if (earlier !== undefined) [this.#given, this.#trust, this.#asked, this.#requests] = [earlier.#given, earlier.#trust, earlier.#asked, earlier.#requests];
  }

  get given(): readonly Given[] { return this.#given; }
  get offered(): readonly Given[] { return this.#offered; }
  get trust(): Trust { return this.#trust; }
  get asked(): (Asking & { readonly by: Reference }) | undefined { return this.#asked; }
  /** Every request that was made. */
  get requests(): readonly string[] { return this.#requests; }
  get busy(): Busy | undefined { return this.#busy; }
  get judgement(): Judgement { return this.#judgement; }
  get made(): Made { return this.#made; }
  /** Whether `judgement` is of an earlier state of things. */
  get stale(): boolean { return this.#stale; }
  /** Whether more is to come by itself. */
  get working(): boolean { return this.#pending > 0 || this.#aged; }
  /** What went wrong with what was done last. */
  get error(): string | undefined { return this.#error; }

  get evidence(): readonly Given[] { return this.#given.filter(({ role }) => role === "evidence"); }
  /** The file that is judged: of several the one that the evidence names, else the last one. */
  get artifact(): Given | undefined {
    const artifacts = this.#given.filter(({ role }) => role === "artifact");
    return artifacts.find((given) => given === this.#named) ?? artifacts.at(-1);
  }

  /**
   * Takes files in, or text that was pasted, each for what it is. What says whom to trust is taken when it comes alone, and is offered when it
   * comes among others.
   */
  async take(files: readonly Named[]): Promise<void> {
    await this.#doing(async (signal) => {
      const verifier = await this.#verifier();
      for (const { name, file } of files) {
        this.#tell({ what: `Reading ${name}` });
        const given = await recognise(verifier, name, file);
        signal.throwIfAborted();
        if (files.length > 1 && ["policy", "root", "key"].includes(given.role)) this.#offer(given);
        else await this.#add(given, signal);
      }
    });
  }

  /** Takes of a folder what is of use, once its files are found. */
  async takeFolder(finding: (signal: AbortSignal) => Promise<readonly Named[]>): Promise<void> {
    await this.#doing(async (signal) => {
      this.#tell({ what: "Reading the folder" });
      const [files, verifier, { gather }] = await Promise.all([finding(signal), this.#verifier(), import("./gathering.js")]);
      const { given, offered } = await gather(verifier, files, {
        evidence: this.evidence,
        signal,
        reading: (name) => this.#tell({ what: `Reading ${name}` }),
        hash: (name, file) => this.#hash(name, file, signal),
      });
      for (const one of given) await this.#add(one, signal);
      for (const one of offered) this.#offer(one);
    });
  }

  /** Takes what was offered, or leaves it. */
  async answer(given: Given, isTaken: boolean): Promise<void> {
    this.#offered = this.#offered.filter((one) => one !== given);
    if (isTaken) await this.add(given);
    else this.#changed();
  }

  /** Begins anew with what another view, or a link, hands over, once it is here. */
  async start(handing: () => Handover | Promise<Handover>): Promise<void> {
    this.clear();
    await this.#doing(async (signal) => {
      const { files = [], evidence = [], digest, name, trust } = await handing();
      signal.throwIfAborted();
      if (trust !== undefined) this.#trust = trust;
      const verifier = await this.#verifier();
      for (const { name: file, text } of files) await this.#add(await recognise(verifier, file, new Blob([text as BlobPart])), signal);
      for (const text of evidence) await this.#add(await evidenceOf(verifier, "evidence in the link", text), signal);
      if (digest !== undefined) await this.#add(byDigest(digest, name), signal);
    });
  }

  /** Takes in what is known already. */
  async add(given: Given): Promise<void> {
    await this.#doing((signal) => this.#add(given, signal));
  }

  /** Takes in a file that is known by its digest alone. */
  async addDigest(digest: string): Promise<void> {
    await this.add(byDigest(digest));
  }

  /** Judges a file that was taken for something else: an SBOM or a policy can be what evidence is about. */
  async useAsFile(given: Given, file: Blob): Promise<void> {
    await this.#doing(async (signal) => {
      this.#given = this.#given.filter((one) => one !== given);
      await this.#add({ name: given.name, role: "artifact", what: "a file", bundles: [], file }, signal);
    });
  }

  /** Gives something back. */
  remove(given: Given): void {
    this.#given = this.#given.filter((one) => one !== given);
    if (given.role === "policy" || given.role === "key") this.#trust = { kind: "none", fields: {} };
    if (this.#asked?.found !== undefined && this.evidence.length === 0) this.#asked = undefined;
    void this.judge();
  }

  /** Forgets everything. */
  clear(): void {
    this.stop();
    [this.#given, this.#offered, this.#trust, this.#asked, this.#requests, this.#error] = [[], [], { kind: "none", fields: {} }, undefined, [], undefined];
    void this.judge();
  }

  /** Asks a registry. */
  async ask(reference: Exclude<Reference, { kind: "digest" }>): Promise<void> {
    await this.#doing(async (signal) => {
      const verifier = await this.#verifier();
      const artifact = this.artifact?.artifact;
      const sha256 = typeof artifact === "object" ? artifact.sha256 : undefined;
      const onRequest = (url: string): void => {
        this.#requests.push(url);
        this.#tell({ what: `Asking ${new URL(url).host}` });
      };
      // What an earlier question brought is about something else.
      this.#given = this.#given.filter(({ file, role }) => (role === "artifact" && file !== undefined) || role === "policy" || role === "root");
      [this.#asked, this.#requests] = [undefined, []];
      this.#tell({ what: "Asking" });
      const { given, ...asked } = await ask(verifier, reference, sha256 === undefined ? undefined : `sha256:${sha256}`, { signal, onRequest });
      this.#asked = { ...asked, by: reference };
      // A file at hand counts more than what a registry calls it.
      const own = this.artifact !== undefined;
      for (const one of given) if (!(own && one.role === "artifact")) await this.#add(one, signal);
    });
  }

  /** Says whom the visitor trusts. The verdict follows at once. */
  async expect(trust: Trust): Promise<void> {
    this.#trust = trust;
    this.#aged = false;
    await this.judge();
  }

  /** Ends what is being done. */
  stop(): void {
    this.#work.abort();
    this.#work = new AbortController();
    this.#busy = undefined;
    this.#changed();
  }

  /** What was judged is not what is there any more. What that is, `expect` tells, which must follow. */
  age(): void {
    this.#stale = this.#aged = true;
    this.#changed();
  }

  /** Judges anew. Of several at once the last one counts. */
  async judge(): Promise<void> {
    const turn = ++this.#turn;
    const { signal } = this.#work;
    this.#pending += 1;
    this.#changed();
    try {
      const verifier = await this.#verifier();
      const made = policyOf(this.#trust, verifier);
      this.#made = made;
      if (made.state === "wrong") {
        // The last verdict was by another policy.
        const isVerdict = !["waiting", "unready"].includes(this.#judgement.state);
        if (isVerdict) this.#stale = true;
        else this.#judgement = this.evidence.length > 0 ? { state: "unready" } : { state: "waiting", artifact: this.artifact };
        return;
      }
      this.#named = named(verifier, this.#given);
      const [evidence, artifact, asked] = [this.evidence, this.artifact, this.#asked];
      const judgement = await judge(verifier, { evidence, artifact, made, asked, signal });
      if (turn !== this.#turn) return;
      [this.#judgement, this.#stale] = [judgement, false];
    } catch (error) {
      if (turn !== this.#turn || signal.aborted) return;
      [this.#judgement, this.#stale] = [{ state: "verdict", subject: { error }, name: this.artifact?.name }, false];
    } finally {
      this.#pending -= 1;
      this.#changed();
    }
  }

  #offer(given: Given): void {
    this.#offered = [...this.#offered.filter(({ role }) => role !== given.role), given];
  }

  async #add(given: Given, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (given.role === "policy") this.#trust = { kind: "document", fields: { text: given.text ?? "" } };
    if (given.role === "key") this.#trust = { kind: "key", fields: { pem: given.text ?? "" } };
    // One root at a time, and one policy: the last one.
    if (["root", "policy", "key"].includes(given.role)) this.#given = this.#given.filter(({ role }) => role !== given.role);
    const isUnknown = given.role === "artifact" && given.file !== undefined && given.artifact === undefined;
    const known = isUnknown ? { ...given, artifact: await this.#hash(given.name, given.file, signal) } : given;
    this.#given = [...this.#given, known];
  }

  /** In pieces, so that a file of any size takes no more memory than a small one. */
  async #hash(name: string, file: Blob, signal: AbortSignal): Promise<ArtifactDigests> {
    const what = `Hashing ${name}`;
    this.#tell({ what, share: 0 });
    const verifier = await this.#verifier();
    return verifier.digest(file as Artifact, { signal, onProgress: ({ read }) => this.#tell({ what, share: read / file.size }) });
  }

  /** By the root that was handed in, if one was. */
  async #verifier(): Promise<Verifier> {
    const text = this.#given.find(({ role }) => role === "root")?.text;
    if (text === undefined) return usual();
    if (this.#byRoot?.text !== text) this.#byRoot = { text, verifier: verifierBy(text) };
    return this.#byRoot.verifier;
  }

  async #doing(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#pending += 1;
    this.#error = undefined;
    this.stop();
    const { signal } = this.#work;
    try {
      await work(signal);
    } catch (error) {
      // It was ended by the visitor, or by the next thing to do.
      if (signal.aborted) return;
      this.#error = error instanceof Error ? error.message : String(error);
    } finally {
      if (!signal.aborted) this.#busy = undefined;
      this.#pending -= 1;
      // Also of what was ended on the way: the last verdict was about something else.
      await this.judge();
    }
  }

  #tell(busy: Busy): void {
    this.#busy = busy;
    this.#changed();
  }
}

/** The file that evidence claims to be about. A claim decides no more than which of several files is judged. */
function named(verifier: Verifier, given: readonly Given[]): Given | undefined {
  const artifacts = given.filter(({ role }) => role === "artifact");
  if (artifacts.length < 2) return undefined;
  const claimed = verifier.claimedDigests(given.flatMap(({ bundles }) => bundles)).flatMap((digests) => Object.values(digests));
  return artifacts.find(({ artifact }) => typeof artifact === "object" && Object.values(artifact).some((digest) => claimed.includes(digest)));
}
