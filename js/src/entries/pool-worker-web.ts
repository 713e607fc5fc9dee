// What a worker of the web runs.
import { serve } from "../pool/serve.js";

const heard = serve((reply, transfer) => self.postMessage(reply, { transfer }));
self.onmessage = ({ data }) => heard(data);
