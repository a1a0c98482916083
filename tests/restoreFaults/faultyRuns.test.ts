import { describeFaults } from "./describeFaults";
import { tableParts } from "./restoreFaultTable";

describeFaults("whole runs", tableParts.runs);
