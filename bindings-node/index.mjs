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
  registerPreset,
  render,
  resolveWindow,
  version,
} = amcFleet;
export const { nextRuns, describe, segments } = amcFleet;
export const { diffTemplates, readTemplate, starterTemplates, writeTemplate } = amcFleet;
export const { additive, distinct, ratio, weighted, mean, minimum, maximum } = amcFleet;
