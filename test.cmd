@echo off
rem Sets everything up and runs all checks and tests, or only the tests named: test tests\app -k quorum
call "%~dp0run.cmd" test %*
exit /b %ERRORLEVEL%
