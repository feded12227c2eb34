"use strict";

/** What a column means when rows are added up: the core reads these plain objects. */
module.exports = {
  additive: ({ currency } = {}) => ({ role: "additive", currency }),
  distinct: () => ({ role: "distinct" }),
  ratio: (numerator, denominator) => ({ role: "ratio", numerator, denominator }),
  weighted: (weight) => ({ role: "weighted", weight }),
  mean: () => ({ role: "mean" }),
  minimum: () => ({ role: "minimum" }),
  maximum: () => ({ role: "maximum" }),
};
