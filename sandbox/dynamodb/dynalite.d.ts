declare module "dynalite" {
  import type { Server } from "node:http";

  /** DynamoDB in memory, behind HTTP. Milliseconds that a table takes to be there. */
  export default function dynalite(options: { readonly createTableMs: number }): Server;
}
