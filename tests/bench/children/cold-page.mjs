// In a page that is used once: a client from its import to its first verdict. Its files are in the browser's cache, as on a second visit.

globalThis.cold = async (client, files) => {
  const item = await (await fetch("demo.json")).json();
  for (const file of files) await (await fetch(file)).arrayBuffer();
  const marks = [performance.now()];
  const { make } = await import(`./cold/${client}.mjs`);
  marks.push(performance.now());
  const verify = await make(item.root);
  marks.push(performance.now());
  await verify(item);
  marks.push(performance.now());
  return marks;
};
