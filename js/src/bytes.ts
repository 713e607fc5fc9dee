const kindOfView = /* @__PURE__ */ (() => {
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
  return Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)?.get;
})();

/** Whether a value is a `Uint8Array` or `ArrayBuffer`, of this realm or another. */
export function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> | ArrayBuffer {
  return isUint8Array(value) || value instanceof ArrayBuffer || isForeignBuffer(value);
}

/** The bytes as a view, not copied. */
export function view(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): Uint8Array<ArrayBuffer> {
  return isUint8Array(bytes) ? bytes : new Uint8Array(bytes);
}

/** A copy, at most `most` bytes long. (`slice` of a Buffer would be no copy.) */
export function copied(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer, most = Infinity): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view(bytes).subarray(0, most));
}

function isUint8Array(value: unknown): value is Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(value) && kindOfView?.call(value) === "Uint8Array";
}

function isForeignBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}
