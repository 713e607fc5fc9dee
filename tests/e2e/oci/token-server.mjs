// A token service of a registry: gives out tokens that the registry verifies by a certificate, to whoever may have them.

import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";

const issuer = "token service of the tests";
const service = "registry of the tests";

/** An element of DER. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts) => der(0x30, ...parts);
const [ecdsaWithSha256, commonName] = [[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02], [0x55, 0x04, 0x03]].map((oid) => der(0x06, Buffer.from(oid)));

/** A certificate that a key of P-256 signed for itself (RFC 5280 §4.1), of today. */
function certificate({ publicKey, privateKey }) {
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(issuer)))));
  const time = (date) => der(0x18, Buffer.from(`${date.toISOString().replace(/\D/gu, "").slice(0, 14)}Z`));
  const [start, end] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000));
  const number = (value) => der(0x02, Buffer.from([value]));
  const algorithm = sequence(ecdsaWithSha256);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const signed = sequence(der(0xa0, number(2)), number(1), algorithm, name, sequence(time(start), time(end)), name, spki);
  return sequence(signed, algorithm, der(0x03, Buffer.from([0]), sign("sha256", signed, privateKey)));
}

/**
 * Starts one on loopback. Everybody may pull from below `public/`; `users`, by name and password, may pull all.
 *
 * @returns what the registry's configuration says of it, a token for `actions`, the requests that it saw, and how to stop it
 */
export async function tokenServer(users) {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const x5c = [certificate(keys).toString("base64")];
  const seen = [];
  let life = 300;

  const token = (name, actions, seconds = 300) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: "", aud: service, iat: now, nbf: now - 10, exp: now + seconds, jti: randomUUID(), access: [{ type: "repository", name, actions }] };
    const text = [{ typ: "JWT", alg: "ES256", x5c }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${text}.${sign("sha256", Buffer.from(text), { key: keys.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  };

  const server = createServer(({ url, headers: { authorization } }, response) => {
    const { searchParams } = new URL(url, "http://localhost");
    const [, name, asked] = /^repository:(.+):([^:]+)$/u.exec(searchParams.get("scope") ?? "") ?? [];
    seen.push({ service: searchParams.get("service"), name, asked, authorization });
    const [user, password] = Buffer.from(authorization?.replace(/^Basic /u, "") ?? "", "base64").toString().split(":");
    const isKnown = authorization !== undefined && users[user] === password;
    if (authorization !== undefined && !isKnown) {
      response.writeHead(401, { "content-type": "application/json" });
      return response.end(JSON.stringify({ details: "incorrect username or password" }));
    }
    const may = isKnown || name?.startsWith("public/") === true ? ["pull"] : [];
    return response.end(JSON.stringify({ token: token(name, may, life), expires_in: life }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const pem = `-----BEGIN CERTIFICATE-----\n${x5c[0].replace(/.{64}/gu, "$&\n")}\n-----END CERTIFICATE-----\n`;
  return {
    realm: `http://127.0.0.1:${server.address().port}/token`,
    issuer,
    service,
    pem,
    token,
    seen,
    /** Tokens from now on hold for so many seconds. */
    live: (seconds) => void (life = seconds),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
