import { describeFaults } from "./describeFaults";
import { tableParts } from "./restoreFaultTable";

describeFaults("changes", tableParts.changes);
