// Where the browsers are, and a registry. Each can be another than the one that is found, by a variable of the environment:
//
//   ADMISSIBLE_CHROMIUM        Chromium, or any browser made from it
//   ADMISSIBLE_FIREFOX         Firefox
//   ADMISSIBLE_WEBKIT_DRIVER   WebKitWebDriver of WebKitGTK, which starts the MiniBrowser that it was built with
//   ADMISSIBLE_XVFB            Xvfb, the display that WebKit needs
//   ADMISSIBLE_REGISTRY        the registry of CNCF Distribution, 2.8 or newer

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** What `executable` looks for: the variable, the names of the command, and how to get it. */
const known = {
  chromium: ["ADMISSIBLE_CHROMIUM", ["chromium", "chromium-browser", "google-chrome"], "chromium"],
  firefox: ["ADMISSIBLE_FIREFOX", ["firefox-esr", "firefox"], "firefox-esr"],
  webkitDriver: ["ADMISSIBLE_WEBKIT_DRIVER", ["WebKitWebDriver"], "webkit2gtk-driver"],
  xvfb: ["ADMISSIBLE_XVFB", ["Xvfb"], "xvfb"],
  registry: ["ADMISSIBLE_REGISTRY", ["docker-registry"], "docker-registry"],
};

/**
 * The path of a program.
 *
 * @param {keyof typeof known} name
 * @throws when it is missing: what was not tried must not look like what passed
 */
export function executable(name) {
  const [variable, commands, debian] = known[name];
  const named = process.env[variable];
  if (named !== undefined && named !== "") return executables([named])[0] ?? missing(`${variable} names ${named}, which cannot be run`);
  const folders = (process.env.PATH ?? "").split(delimiter);
  const [found] = executables(commands.flatMap((command) => folders.map((folder) => join(folder, command))));
  return found ?? missing(`${commands[0]} is not installed: apt-get install ${debian}, or name it in ${variable}`);
}

function executables(paths) {
  return paths.filter((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missing(message) {
  throw new Error(message);
}
