import type { CheckId } from "admissible/slim";

/** What somebody could do if a check were left out. */
export const attacks: Readonly<Record<CheckId, string>> = {
  bundle: "Evidence is written so that two programs read two different things in it.",
  checkpoint: "Somebody makes up a log of their own, and says that it is the public one.",
  "inclusion-proof": "An entry is shown that was never in the public log, where its victim would have seen it.",
  "inclusion-promise": "The time of a log entry is moved into the short life of a stolen certificate.",
  "log-binding": "The genuine log entry of another signature is put beside a forged one.",
  timestamp: "A signature is made today and passed off as one of last year.",
  "signing-time": "A key leaks after its certificate has ended, and signs as if it were still valid.",
  "certificate-path": "Somebody issues a certificate to themselves, in your name.",
  sct: "An authority is tricked into a certificate in your name, and nobody ever hears of it.",
  signature: "What was signed is changed afterwards.",
  statement: "Something signed for another purpose, such as a letter, is passed off as a statement about software.",
  "provenance-binding": "A build in one repository says that it was made in another, more trusted one.",
  artifact: "The genuine evidence of a good file is put beside a bad one.",
  signer: "Anybody signs a bad file with their own account: all of it is genuine, but it is not whom you expect.",
  threshold: "One party that was broken into is the only one who vouches for it.",
};

/** What no evidence of this kind can show, whatever it is about. */
export const unproven: readonly string[] = [
  "That the code is free of flaws or malice. A careful build of bad code has good evidence.",
  "That anybody reviewed the code, or that the person who merged it meant well.",
  "That the name is the one you meant: names can be alike.",
  "That what it depends on has evidence too. Each dependency has to be verified for itself.",
  "That the evidence still stands today. Certificates live for minutes, and nothing revokes them: their owners watch the log.",
  "That the log shows everybody the same. Witnesses show that, where a policy demands them.",
];

/** Words of the field, in the order of the alphabet. */
export const glossary: readonly (readonly [term: string, meaning: string])[] = [
  ["Artifact", "The file that you have: a package, an image, a program. It is known by its digest."],
  ["Attestation", "A statement that somebody signed."],
  ["Bundle", "One file with all that it takes to verify a signature without a network: what was signed, the signature, the certificate or a hint at a key, log entries and timestamps."],
  ["Certificate", "An authority’s word that a key belongs to an identity, for some minutes. Sigstore’s authority is called Fulcio."],
  ["Checkpoint", "The head of a log’s tree at one moment, signed by the log."],
  ["Digest", "A short fingerprint of a file. Another file with the same one cannot be made, as far as anybody knows."],
  ["DSSE envelope", "The wrapper in which a statement is signed together with its type."],
  ["Identity", "Who signed, as the certificate says: the address of a workflow, or of a person’s e-mail."],
  ["Inclusion promise", "A log’s signed word that it will hold an entry, and the time. Also called SET."],
  ["Inclusion proof", "The few digests that show that an entry is in the tree of a checkpoint."],
  ["Issuer", "Who vouched for the identity when it asked for its certificate (OIDC), such as GitHub Actions."],
  ["Policy", "Your own rules: who must have signed, and what must be said."],
  ["Predicate", "The part of a statement that says something, such as provenance or a list of ingredients."],
  ["Provenance", "A statement about how an artifact was built: from which source, by which builder."],
  ["SBOM", "A software bill of materials: the list of what is inside."],
  ["SCT", "A certificate log’s receipt for a certificate: signed certificate timestamp."],
  ["SLSA build level", "How hard it is to forge the provenance, from 0 to 3, by the kind of builder."],
  ["Statement", "What in-toto calls a sentence about files: its subjects, and a predicate."],
  ["Subject", "A file that a statement is about, by its digest."],
  ["Timestamp", "A time authority’s signed word that a signature was there at a time (RFC 3161)."],
  ["Transparency log", "A public list to which one can only add. Sigstore’s log of signatures is called Rekor."],
  ["Trusted root", "The keys of the authorities and logs whose word counts here."],
  ["Witness", "Somebody else who watches a log and signs its checkpoints, so that it cannot show two stories."],
];

/** A policy that asks for more, and is met by the example. */
export const stricter = {
  version: 1,
  name: "a stricter policy",
  signers: [{
    issuer: "https://token.actions.githubusercontent.com",
    identity: { glob: "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/*" },
  }],
  require: [{
    name: "provenance",
    predicateType: "https://slsa.dev/provenance/v1",
    level: 2,
    certified: true,
    source: { repository: "https://github.com/sigstore/sigstore-js", branch: "main" },
    runner: "github-hosted",
    trigger: "push",
  }],
} as const;

/** What to add for what. */
export const asks: readonly (readonly [wish: string, how: string])[] = [
  ["This repository of this owner, whatever they are called", "\"source\": { \"repositoryId\": \"…\", \"ownerId\": \"…\" }"],
  ["A builder that the project’s own steps cannot reach", "\"level\": 3"],
  ["Only releases, by their tags", "\"source\": { \"tag\": { \"glob\": \"v*\" } }"],
  ["Nothing that is too old", "\"maxAge\": \"90d\""],
  ["Two people, not one", "\"signers\": { \"threshold\": 2, \"anyOf\": [ … ] }"],
  ["A time authority beside the log", "\"evidence\": { \"signedTimestamps\": 1 }"],
];
