#!/usr/bin/env node
import { compare, help as compareHelp } from "./cli/compare.js";
import { detect, help as detectHelp } from "./cli/detect.js";
import { download, help as downloadHelp } from "./cli/download.js";
import { help as imageHelp, imageCommand } from "./cli/image.js";
import { help as inspectHelp, inspect } from "./cli/inspect.js";
import { Misuse } from "./cli/misuse.js";
import { help as policyHelp, policy } from "./cli/policy.js";
import { githubCommand, githubHelp, npmCommand, npmHelp, pypiCommand, pypiHelp } from "./cli/remote.js";
import { help as summarizeHelp, summarize } from "./cli/summarize.js";
import { palette, printable } from "./cli/terminal.js";
import { help as verifyHelp, verify } from "./cli/verify.js";
import { version } from "./cli/version.js";
import { UsageError } from "./errors.js";

const help = `\
Verifies Sigstore bundles. Only the commands that name a registry reach for the network.

usage: admissible <command> [--help]

  verify         is this bundle genuine, about this artifact, and by this signer?
  verify-npm     the same of an npm package and its version, with the evidence that npm has
  verify-pypi    the same of a Python distribution, with the evidence that PyPI has
  verify-github  the same of a file, with the evidence that a GitHub repository has
  verify-image   the same of an image, with the evidence that its registry has
  download       save that evidence in a folder, for verify-… --offline
  detect         what is this file?
  inspect        what does this bundle claim? (nothing is verified)
  compare        what of its trust changed between two reports? (nothing is verified)
  summarize      a report as a statement to be signed, or a line for the books (nothing is verified)
  policy         check a policy, try it on a folder of bundles, import one of another tool
  help           this text, or the help of a command

  --version      the version of this program

exit codes: 0 verified, 1 not verified, 2 wrong use
`;

const helps: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  verify: verifyHelp,
  "verify-npm": npmHelp,
  "verify-pypi": pypiHelp,
  "verify-github": githubHelp,
  "verify-image": imageHelp,
  download: downloadHelp,
  detect: detectHelp,
  inspect: inspectHelp,
  compare: compareHelp,
  summarize: summarizeHelp,
  policy: policyHelp,
});

/** Runs a command line and returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  switch (command) {
    case "verify":
      return verify(rest);
    case "verify-npm":
      return npmCommand(rest);
    case "verify-pypi":
      return pypiCommand(rest);
    case "verify-github":
      return githubCommand(rest);
    case "verify-image":
      return imageCommand(rest);
    case "download":
      return download(rest);
    case "detect":
      return detect(rest);
    case "inspect":
      return inspect(rest);
    case "compare":
      return compare(rest);
    case "summarize":
      return summarize(rest);
    case "policy":
      return policy(rest);
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(helps[rest[0] ?? ""] ?? help);
      return 0;
    case "--version":
      process.stdout.write(`${version()}\n`);
      return 0;
    case undefined:
      process.stderr.write(help);
      return 2;
    default:
      throw new Misuse(`there is no command \`${command}\``);
  }
}

const paint = palette(process.stderr);
const argv = process.argv.slice(2);
try {
  process.exitCode = await main(argv);
} catch (error) {
  process.exitCode = 2;
  if (error instanceof Misuse) {
    const command = argv[0] !== undefined && argv[0] in helps ? ` ${argv[0]}` : "";
    process.stderr.write(`${paint.bad("wrong use:")} ${printable(error.message)}\nsee: admissible${command} --help\n`);
  } else if (error instanceof UsageError) {
    const at = error.at === "" ? "" : `, at ${printable(error.at)}`;
    process.stderr.write(`${paint.bad(`${error.code}:`)} ${printable(error.message)}${at}\n`);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${paint.bad("no verdict:")} this is a bug in admissible\n${text.split("\n").map(printable).join("\n")}\n`);
  }
}
