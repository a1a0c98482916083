import { describeFaults } from "./describeFaults";
import { tableParts } from "./restoreFaultTable";

describeFaults("backups and deletions", tableParts.endings);
