@echo off
rem Starts the plugin: only node and the bundle beside this file are needed. stdout carries nothing but its port.
where node >nul 2>nul
if errorlevel 1 (
  echo pulumi-resource-ucloud-redis: Node.js 20.19 or newer is needed, but there is no node on PATH 1>&2
  exit /b 127
)
set "NODE_DEBUG="
node -e "var v = process.versions.node.split('.'); if (v[0] < 20 || (v[0] === '20' && v[1] < 19)) { console.error('pulumi-resource-ucloud-redis: Node.js 20.19 or newer is needed, this is ' + process.version); process.exit(1); } require('module').runMain();" "%~dp0pulumi-resource-ucloud-redis.cjs" %*
