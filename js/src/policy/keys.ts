import type { PolicyKey } from "./document.js";

/**
 * The keys by which npm's registry signs that it published a version, and when it did (root-signing, the TUF target `registry.npmjs.org/keys.json`). Keys that
 * the registry itself serves would prove nothing about it; when npm takes another, these take an update.
 */
export const npmKeys: readonly PolicyKey[] = [
  {
    name: "npm's registry until January 2025",
    publicKey: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i\n6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==\n-----END PUBLIC KEY-----\n",
    validFor: { start: "2022-12-01T00:00:00Z", end: "2025-01-29T00:00:00Z" },
  },
  {
    name: "npm's registry since January 2025",
    publicKey: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEY6Ya7W++7aUPzvMTrezH6Ycx3c+H\nOKYCcNGybJZSCJq/fd7Qa8uuAKtdIkUQtQiEKERhAmE5lMMJhP8OkDOa2g==\n-----END PUBLIC KEY-----\n",
    validFor: { start: "2025-01-13T00:00:00Z" },
  },
];

/**
 * The keys by which Google Cloud Build signs envelopes. Those of its regions, and `builtByGCB`, do not sign as DSSE demands, and are none of these.
 */
export const cloudBuildKeys: readonly PolicyKey[] = [
  {
    name: "Google Cloud Build (google-hosted-worker)",
    publicKey: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg9KII7kzr/30HBluf00y9WwtMFkE\nqc3oCcFVH3QJ37IBLUv/MUApbnNHFfD75ayJ/a0F45xa+MLv5zoep+GxsA==\n-----END PUBLIC KEY-----\n",
  },
  {
    name: "Google Cloud Build (provenanceSigner)",
    publicKey: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdMcJUyKbmarf6dydhfmAjgmK6c42\noCCNRR1se3Bi3VO65KcGk6qyci6/bsu2s4u+dLKWrsUQomEw4v3FtVctoA==\n-----END PUBLIC KEY-----\n",
  },
];
