import amcFleet from "./index.cjs";

export const {
  Fleet,
  Batch,
  Results,
  Credentials,
  FleetError,
  AbortError,
  inferParameters,
  lint,
  onLog,
  parameterPresets,
  parameterSchema,
  render,
  resolveWindow,
  version,
} = amcFleet;
export const { nextRuns, describe, segments } = amcFleet;
export const { additive, distinct, ratio, weighted, mean, minimum, maximum } = amcFleet;
