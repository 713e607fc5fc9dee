// The engines that the pages of the world run in, behind one interface.

import { chromium } from "./chromium.mjs";
import { firefox } from "./firefox.mjs";
import { webkit } from "./webkit.mjs";

/**
 * @typedef {object} Browser
 * @property {string} name
 * @property {(proxy: { hostname: string, port: number }) => Promise<Running>} launch a browser that asks the proxy for what is not on this
 *   machine; rejects when the browser is missing, and says how to install it
 *
 * @typedef {object} Running
 * @property {string} version
 * @property {(url: string) => Promise<Page>} open
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Page
 * @property {(expression: string) => Promise<any>} evaluate the value of an expression, awaited
 * @property {(path: string) => Promise<void>} choose picks a file in the page's one `<input type="file">`
 * @property {(key: string) => Promise<void>} [press] presses a key, such as `Tab` or `Enter`, as a person does; not in WebKit
 * @property {(width: number, height: number) => Promise<void>} [resize] not in WebKit
 * @property {(features: { colorScheme?: "light" | "dark", forcedColors?: "active", reducedMotion?: "reduce" }) => Promise<void>} [emulate] Chromium alone
 * @property {(path: string) => Promise<unknown>} [picture] writes what is seen as PNG; not in WebKit
 * @property {() => Promise<void>} close
 */

/** @type {readonly Browser[]} */
export const browsers = [chromium, firefox, webkit];
