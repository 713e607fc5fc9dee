import { basename, join } from "node:path";
import { Recording, type Fetch } from "../offline/index.js";
import { unavailableText, withoutSecrets } from "../offline/address.js";
import { Fetcher, SourceUnavailable, type FetchOptions } from "../sources/fetching.js";
import { base, type FoundPiece } from "../sources/found.js";
import { digestOf } from "../sources/digest.js";
import { githubEvidence } from "../sources/github.js";
import { npmAttestations, npmRegistry } from "../sources/npm-attestations.js";
import { npmEvidence } from "../sources/npm.js";
import { imageEvidence } from "../sources/oci.js";
import { pypiEvidence } from "../sources/pypi.js";
import type { Verifier } from "../verifier.js";
import { alone } from "./alone.js";
import { parse } from "./arguments.js";
import { folder, unusable } from "./folder.js";
import { imageFlags, imageOptions } from "./image.js";
import { each, packagesIn } from "./lock-file.js";
import { Misuse } from "./misuse.js";
import { onlyOperand } from "./policy/files.js";
import { progress, progressDone } from "./progress.js";
import { command, token } from "./registries.js";
import { palette, printable } from "./terminal.js";
import { artifact, verifier } from "./verify.js";

/** The text of `admissible download --help`. */
export const help = `\
Asks a registry for the evidence and saves its answers, to be judged later without a network. Nothing is verified here.

usage: admissible download npm <package>@<version> --to DIR [--registry URL]
       admissible download npm --lock FILE --to DIR [--registry URL]
       admissible download pypi <file> --to DIR [--index URL]
       admissible download github <file> --repo OWNER/NAME --to DIR [--api URL]
       admissible download image <image> [--platform OS/ARCH] --to DIR [--plain-http]

  <package>@<version>  such as @acme/app@1.0.0
  <file>               for pypi, the name of a wheel or a source distribution; for github, a file or its digest
  <image>              as for verify-image; --platform and --plain-http too
  --to DIR             the folder; what it has already stays there, so one folder can be for many packages
  --lock FILE          every package of a package-lock.json
  --repo OWNER/NAME    whose attestations
  --registry, --index, --api URL
                       another one than that of npm, PyPI or github.com
  --help               this text

Then: admissible verify-npm, verify-pypi, verify-github or verify-image, with --offline DIR. The bundles are in the folder one by one too, for
admissible verify --bundle. Tokens, and the keys in pre-signed URLs, are never saved. A token in GH_TOKEN or GITHUB_TOKEN goes to
GitHub's API, and nowhere else.

exit codes: 0 saved (also that there is no evidence), 1 not to be had, 2 wrong use
`;

const flags = { to: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

/** What was had, and what was not. */
interface Had {
  /** What it is about, in a few words. */
  readonly about: string;
  readonly pieces: readonly FoundPiece[];
  readonly missed: readonly SourceUnavailable[];
  /** The command that judges it. */
  readonly next: string;
}

/** Asks one registry; `to` is the folder, for the command that comes next. */
type Ask = (reader: Verifier, options: FetchOptions & { readonly fetch: Fetch }, to: string) => Promise<Had>;

/** `admissible download`. Returns the exit code. */
export async function download(argv: readonly string[]): Promise<number> {
  const [kind, ...rest] = argv;
  if (kind === "--help" || kind === "-h" || rest.includes("--help") || rest.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  switch (kind) {
    case "npm": {
      const { values, positionals } = parse(rest, { ...flags, registry: { type: "string" }, lock: { type: "string" } });
      const { registry, lock } = values;
      if (lock === undefined) return save(values.to, npm(onlyOperand(positionals, "the package and its version, such as @acme/app@1.0.0"), registry));
      if (positionals[0] !== undefined) throw new Misuse(`--lock names the packages: ${positionals[0]} is one too many`);
      return save(values.to, npmLock(lock, registry));
    }
    case "pypi": {
      const { values, positionals } = parse(rest, { ...flags, index: { type: "string" } });
      return save(values.to, pypi(onlyOperand(positionals, "a wheel or a source distribution"), values.index));
    }
    case "github": {
      const { values, positionals } = parse(rest, { ...flags, repo: { type: "string" }, api: { type: "string" } });
      const operand = onlyOperand(positionals, "a file, or its digest");
      if (values.repo === undefined) throw new Misuse("--repo is missing: whose attestations?");
      return save(values.to, github(operand, values.repo, values.api));
    }
    case "image": {
      const { values, positionals } = parse(rest, { ...flags, ...imageFlags });
      return save(values.to, image(onlyOperand(positionals, "the image, such as ghcr.io/acme/app:1.0"), values));
    }
    case undefined:
      throw new Misuse("name from where: npm, pypi, github or image");
    default:
      throw new Misuse(`expected npm, pypi, github or image, found ${kind}`);
  }
}

/** What the reader fills in: who is expected is not for whoever was asked to say. */
const someRepo = "OWNER/NAME";

function npm(reference: string, registry: string | undefined): Ask {
  return async (reader, options, to) => {
    const next = command("verify-npm", reference, "--repo", someRepo, "--offline", to, "--registry", registry);
    return had(reference, next, () => npmEvidence(reader, reference, { ...options, ...(registry !== undefined && { registry }) }));
  };
}

function npmLock(path: string, registry: string | undefined): Ask {
  const { packages } = packagesIn(path);
  const at = base(registry ?? npmRegistry, "registry");
  return async (reader, options, to) => {
    const fetcher = new Fetcher({ ...options, deadline: Infinity }, []);
    const pieces: FoundPiece[] = [];
    const missed: SourceUnavailable[] = [];
    let done = 0;
    await each(packages, async ({ name, version }) => {
      try {
        pieces.push(...(await npmAttestations(reader, fetcher, at, name, version)));
      } catch (error) {
        if (!(error instanceof SourceUnavailable)) throw error;
        missed.push(error);
      }
      progress(`${String((done += 1))} of ${String(packages.length)} packages`);
    });
    return { about: `the ${String(packages.length)} packages of ${path}`, pieces, missed, next: command("verify-npm", "--lock", path, "--offline", to, "--registry", registry) };
  };
}

function pypi(path: string, index: string | undefined): Ask {
  return async (reader, options, to) => {
    const next = command("verify-pypi", path, "--repo", someRepo, "--workflow", "FILE", "--offline", to, "--index", index);
    return had(basename(path), next, () => pypiEvidence(reader, basename(path), { ...options, ...(index !== undefined && { index }) }));
  };
}

function github(operand: string, repository: string, api: string | undefined): Ask {
  const content = artifact(operand);
  return async (reader, options, to) => {
    const digest = await digestOf(reader, content);
    const next = command("verify-github", operand, "--repo", repository, "--offline", to, "--api", api);
    return had(operand, next, () => githubEvidence(reader, repository, digest, { ...options, ...token(), ...(api !== undefined && { api }) }));
  };
}

function image(reference: string, values: Parameters<typeof imageOptions>[0]): Ask {
  return async (reader, options, to) => {
    const next = command("verify-image", reference, "--platform", values.platform, "--repo", someRepo, "--offline", to, values["plain-http"] === true ? "--plain-http" : undefined);
    return had(reference, next, () => imageEvidence(reader, reference, { ...options, ...imageOptions(values) }));
  };
}

async function had(about: string, next: string, find: () => Promise<{ readonly pieces: readonly FoundPiece[] }>): Promise<Had> {
  try {
    return { about, pieces: (await find()).pieces, missed: [], next };
  } catch (error) {
    if (error instanceof SourceUnavailable) return { about, pieces: [], missed: [error], next };
    throw error;
  }
}

async function save(to: string | undefined, ask: Ask): Promise<number> {
  if (to === undefined) throw new Misuse("--to is missing: into which folder?");
  const recording = new Recording();
  const onRequest = (url: string): void => progress(`asking ${printable(withoutSecrets(url))}`);
  const found = await ask(verifier(undefined), { fetch: recording.fetch, onRequest }, to).finally(progressDone);
  const paint = palette(process.stdout);
  const { about, pieces, missed, next } = found;
  const lines = missed.map((error) => `${paint.strong(paint.warning("! not to be had"))}: ${printable(unavailableText(error))}`);
  if (pieces.length > 0 || missed.length === 0) {
    const bundles = pieces.map(({ bundle }) => bundle);
    const paths = await alone(to, () => recording.save(folder(to), bundles)).catch((error: unknown) => {
      throw unusable(error, to, "--to");
    });
    const what = pieces.length === 0 ? "that there is no evidence" : counted(new Set(paths).size);
    lines.push(`saved in ${printable(to)}: ${what} about ${printable(about)}${pieces.length === 0 ? "" : "; nothing is verified yet"}`);
    pieces.slice(0, mostLines).forEach(({ predicateType = "" }, at) => {
      lines.push(`  ${printable(join(to, String(paths[at])))}  ${paint.faint(printable(predicateType))}`.trimEnd());
    });
    if (pieces.length > mostLines) lines.push(`  and ${String(pieces.length - mostLines)} more`);
    lines.push(`${paint.strong("next:")} ${printable(next)}`);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
  return missed.length === 0 ? 0 : 1;
}

/** Bundles that are listed. */
const mostLines = 10;

function counted(bundles: number): string {
  return bundles === 1 ? "1 bundle" : `${String(bundles)} bundles`;
}
