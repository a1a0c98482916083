@echo off
rem Starts the plugin: only node and the two .cjs files beside this one are needed. stdout carries nothing but its port.
where node >nul 2>nul
if errorlevel 1 (
  echo pulumi-resource-ucloud-redis: Node.js 20.19 or newer is needed, but there is no node on PATH 1>&2
  exit /b 127
)
set "NODE_DEBUG="
rem Batch files do not know their parent process: here an engine that dies before Node.js asks for it goes unnoticed.
node "%~dp0startPlugin.cjs" "%~dp0pulumi-resource-ucloud-redis.cjs" %*
