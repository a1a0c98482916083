import { describeFaults } from "./describeFaults";
import { tableParts } from "./restoreFaultTable";

describeFaults("creations", tableParts.creations);
