@echo off
rem Starts the plugin. It needs only Node.js and the .cjs files in this folder. stdout carries only its port.
rem Archives for one platform hold Node.js here, too.
set "UCLOUD_REDIS_NODE=%~dp0node.exe"
if exist "%UCLOUD_REDIS_NODE%" goto start
rem Without this, `where` and the start would take a node.exe in the current folder, which is the user's project.
set "NoDefaultCurrentDirectoryInExePath=1"
set "UCLOUD_REDIS_NODE=node"
where node >nul 2>nul
if errorlevel 1 (
  echo pulumi-resource-ucloud-redis: Node.js 20.19 or newer is needed, but there is no node on PATH. Install it, or install the plugin from the archive of its release, which holds Node.js 1>&2
  exit /b 127
)
:start
set "NODE_DEBUG="
rem Batch files do not know their parent process, so an engine that dies before Node.js reads its id is not noticed.
"%UCLOUD_REDIS_NODE%" "%~dp0startPlugin.cjs" "%~dp0pulumi-resource-ucloud-redis.cjs" %*
