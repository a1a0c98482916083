import { describeFaults } from "./describeFaults";
import { tableParts } from "./faultTable";

describeFaults("whole runs", tableParts.runs);
