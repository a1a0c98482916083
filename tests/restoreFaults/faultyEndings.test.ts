import { describeFaults } from "./describeFaults";
import { tableParts } from "./faultTable";

describeFaults("backups and deletions", tableParts.endings);
