// A plugin for oxlint, whose own rules cannot tell `new Date()` from `new Date(text)`.
const isDate = ({ callee }) => callee.type === "Identifier" && callee.name === "Date";

export default {
  meta: { name: "walls" },
  rules: {
    "no-clock": {
      create(context) {
        const report = (node) =>
          context.report({ node, message: "core has no clock: the time is an input." });
        return {
          NewExpression: (node) => isDate(node) && node.arguments.length === 0 && report(node),
          CallExpression: (node) => isDate(node) && report(node),
        };
      },
    },
  },
};
