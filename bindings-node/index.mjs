import amcFleet from "./index.cjs";

export const { Fleet, Batch, Results, Credentials, FleetError, AbortError, onLog, version } = amcFleet;
export const { nextRuns, describe, segments } = amcFleet;
