import { verifier } from "./engine.js";
import { stayOffline } from "./frame/offline.js";
import { route } from "./frame/router.js";
import { allowScripts } from "./frame/scripts.js";
import { shell } from "./frame/shell.js";
import { views } from "./views/index.js";

allowScripts();
const { main, mark, status } = shell(views, document.body);
route(views, main, mark);

// At once, so that it is there when it is needed.
performance.mark("verifier-wanted");
verifier().then(({ version }) => {
  performance.mark("verifier-ready");
  status.textContent = `Admissible ${version} is ready.`;
  return stayOffline(status);
}, () => {
  status.textContent = "The verifier could not be loaded: there are no verdicts. Load this page again.";
});
