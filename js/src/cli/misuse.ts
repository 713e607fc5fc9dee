/** The command line itself is wrong: exit code 2, and a pointer to the help. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}
