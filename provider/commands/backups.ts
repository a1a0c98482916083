#!/usr/bin/env node
import { backupsCommand } from "./backupsCommand";
import { runAsProcess } from "./process";

runAsProcess(backupsCommand);
