// The client of OCI registries, against a real one: open, with a password, and with a token service.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { unavailable } from "../../js/test/loopback.mjs";
import { reader } from "../../js/test/oci-reader.mjs";
import { Fetcher } from "../../js/dist/sources/fetching.js";
import { Registry } from "../../js/dist/sources/oci/registry.js";
import { mediaTypes, registry, user } from "./oci/registry.mjs";

const layer = "what was built";

/** An image of one layer; returns its descriptors. */
async function push(server, repository, tag) {
  const config = await server.blob(repository, "{}", mediaTypes.config);
  const content = await server.blob(repository, layer);
  const image = await server.document(repository, { mediaType: mediaTypes.manifest, config, layers: [content] }, tag);
  const index = await server.document(repository, { mediaType: mediaTypes.index, manifests: [image] }, `${tag}-index`);
  return { content, image, index };
}

for (const auth of ["open", "basic", "token"]) {
  describe(`a registry that is ${auth}`, { timeout: 60_000 }, () => {
    let server;
    let pushed;
    before(async () => {
      server = await registry(auth);
      pushed = await push(server, "private/app", "1.0");
      await push(server, "public/app", "1.0");
    });
    after(() => server?.stop());

    const repository = (path, options = {}) => {
      const fetcher = new Fetcher({ retries: 0, timeout: 10_000 }, []);
      return { fetcher, client: new Registry(reader, fetcher, { registry: server.host, repository: path }, options) };
    };

    test("manifests, indexes and blobs are those that were pushed", async () => {
      const { client, fetcher } = repository("private/app", { credentials: user });
      const byTag = await client.manifest("1.0");
      assert.deepEqual([byTag.document.digest, byTag.document.mediaType, byTag.document.size], [pushed.image.digest, mediaTypes.manifest, pushed.image.size]);
      assert.deepEqual((await client.manifest(pushed.image.digest, pushed.image)).bytes, byTag.bytes);
      assert.equal((await client.manifest("1.0-index")).document.digest, pushed.index.digest);
      assert.equal(Buffer.from(await client.blob(pushed.content)).toString(), layer);
      assert.equal(await client.manifest("2.0"), undefined);
      assert.equal(await client.blob({ ...pushed.content, digest: pushed.content.digest.replace(/.{8}$/u, "00000000") }), undefined);
      assert.equal(await client.referrers(pushed.image.digest), undefined, "this registry lists no referrers");
      const refused = fetcher.asked.filter(({ status }) => status === 401);
      assert.equal(refused.length, auth === "open" ? 0 : 1);
    });

    test("who has no credentials gets what everybody may have", async () => {
      const ask = (path, options) => repository(path, options).client.manifest("1.0");
      if (auth === "open") assert.ok(await ask("private/app"));
      else await unavailable(ask("private/app"), "refused", 401);
      if (auth === "basic") await unavailable(ask("public/app"), "refused", 401);
      else assert.ok(await ask("public/app"));
      if (auth !== "open") {
        const { message } = await unavailable(ask("private/app", { credentials: { ...user, password: "wrong" } }), "refused", 401);
        assert.match(message, auth === "token" ? /"incorrect username or password": the credentials may be wrong/u : /the repository may be private/u);
      }
    });
  });
}

describe("tokens of a real token service", { timeout: 60_000 }, () => {
  let server;
  before(async () => {
    server = await registry("token");
    await push(server, "private/app", "1.0");
  });
  after(() => server?.stop());

  test("are for reading one repository, and fetched anew when they have expired", async () => {
    const client = new Registry(reader, new Fetcher({ retries: 0 }, []), { registry: server.host, repository: "private/app" }, { credentials: user });
    // The registry itself grants a minute more than a token says.
    server.tokens.live(-120);
    await unavailable(client.manifest("1.0"), "refused", 401);
    server.tokens.live(300);
    assert.ok(await client.manifest("1.0"));
    assert.deepEqual(server.tokens.seen.map(({ service, name, asked }) => [service, name, asked]), Array(2).fill([server.tokens.service, "private/app", "pull"]));
  });

  test("that the caller has are sent as they are", async () => {
    const token = server.tokens.token("private/app", ["pull"]);
    const asked = server.tokens.seen.length;
    const client = new Registry(reader, new Fetcher({ retries: 0 }, []), { registry: server.host, repository: "private/app" }, { credentials: { token } });
    assert.ok(await client.manifest("1.0"));
    assert.equal(server.tokens.seen.length, asked);
  });
});
