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
