// The module is part of the one file.
export { createVerifier } from "admissible/inline";
