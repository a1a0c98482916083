#!/usr/bin/env node
import { checkCommand } from "./checkCommand";
import { runAsProcess } from "./process";

runAsProcess(checkCommand);
