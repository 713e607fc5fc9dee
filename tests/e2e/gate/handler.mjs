// What stands at the gate, the same in every host: each request says by its query how it is to be judged.

/**
 * @param {typeof import("admissible") & typeof import("admissible/gate")} admissible the package
 * @param {Setup} setup what setup() of setup.mjs made
 * @returns {(request: Request, ...rest: unknown[]) => Promise<Response>}
 */
export function handler({ createVerifier, gate, gateResponse, memoryCache, cacheApiCache }, setup) {
  const stores = {
    memory: () => memoryCache(),
    api: () => cacheApiCache(() => globalThis.caches.default ?? globalThis.caches.open("admissible"), `${setup.upstream}/verdicts/`),
  };
  const told = new Map();
  const gates = new Map();
  let verifier;

  const make = ({ bundles = [], digest, policy = "trusted", cache, broken, unverifiable, nowhere, declare, fetched, remote, ...others }) => {
    const ask = async (request) => {
      const { pathname, search } = new URL(request.url);
      const response = await fetch(new Request((nowhere ? "http://127.0.0.1:1" : setup.upstream) + pathname + search, request));
      return declare === undefined ? response : new Response(response.body, { headers: { "content-length": String(declare) } });
    };
    const tell = ({ verdict, admitted, code, evaluation }, request) => {
      const id = new URL(request.url).searchParams.get("trial");
      told.set(id, [...(told.get(id) ?? []), { verdict, admitted, code, evaluated: evaluation !== undefined }]);
      throw new Error("a listener that fails is of no account");
    };
    const options = {
      verifier: async () => {
        if (unverifiable) throw new Error("no verifier <here>");
        if (remote !== undefined) {
          await sleep(remote);
          return createVerifier({ trustedRoot: await (await fetch(`${setup.upstream}/root`)).text() });
        }
        return (verifier ??= await createVerifier({ trustedRoot: setup.trustedRoot }));
      },
      policy: setup.policies[policy],
      evidence: async () => {
        if (broken) throw new Error("the store of evidence is <away>");
        const texts = await Promise.all(bundles.map(async (name) => (await fetch(`${setup.upstream}/evidence/${name}`)).text()));
        return digest === undefined ? texts : { bundles: texts, digest };
      },
      ...(cache !== undefined && { cache: stores[cache]() }),
      ...others,
    };
    if (!fetched) return gate({ ...options, fetch: ask, onVerdict: tell });
    return async (request) => gateResponse(await ask(request), { ...options, request, onVerdict: (outcome) => tell(outcome, request) });
  };

  return async (request, ...rest) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/told") return Response.json(told.get(searchParams.get("trial")) ?? []);
    const how = searchParams.get("gate") ?? "{}";
    if (!gates.has(how)) gates.set(how, make(JSON.parse(how)));
    const answer = gates.get(how)(request, ...rest);
    const patience = searchParams.get("patience");
    if (patience === null) return answer;
    return Promise.race([answer, sleep(Number(patience)).then(() => new Response("given up", { status: 504 }))]);
  };
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
