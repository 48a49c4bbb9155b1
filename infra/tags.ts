import { type Stack, Tags } from "aws-cdk-lib";
import { itemsOf, type Setting } from "../lib/values/setting.ts";

/** As every service takes them. AWS reserves `aws:`, and we go by `elb-only`. */
const tag = /^(?!aws:|elb-only)[\w +./:@-]{1,128}=[\w +./:@-]{0,256}$/i;

export const tagsSetting = {
  about: "Tags for every resource of the stack, as in owner=platform,env=prod.",
  default: "",
  allowed: {
    pattern: /^$|=/,
    text: "key=value, separated by commas",
    list: {
      empty: "",
      problem: (item) =>
        tag.test(item)
          ? undefined
          : "allowed: key=value of letters, digits and +-./:@_, the key not beginning with aws: or elb-only",
    },
  },
} as const satisfies Setting;

/** Tags everything that can be tagged, and the stack. */
export function addTags(stack: Stack, tags: string): void {
  for (const item of itemsOf(tagsSetting, tags)) {
    const [key = "", value = ""] = item.split("=");
    Tags.of(stack).add(key, value);
  }
}
