@echo off
rem Yuanba on Windows: sets up .venv once, then opens the app or does what the verb says (run help).
setlocal
chcp 65001 >nul
set "ROOT=%~dp0"
set "VENV=%ROOT%.venv"
set "PYTHON=%VENV%\Scripts\python.exe"
set "STAMP=%VENV%\stamp-lock"
set "PYTHONPATH=%ROOT%"
set PYTHONSAFEPATH=1
set PYTHONUTF8=1

set "VERB=%~1"
if "%VERB%"=="" set VERB=app
if "%VERB%"=="help" goto help

rem The stamp is a copy of the lock as it was installed.
fc /b "%ROOT%requirements.lock" "%STAMP%" >nul 2>nul
if not errorlevel 1 goto ready
where py >nul 2>nul
if errorlevel 1 (
  echo 没有找到 Python，请安装 Python 3.11 并勾选 py launcher。
  echo Python was not found: install Python 3.11 with the py launcher.
  exit /b 1
)
echo ==^> 建立 Python 环境，按 requirements.lock 安装 · making .venv from requirements.lock, every hash checked
if not exist "%PYTHON%" py -3.11 -m venv "%VENV%" || exit /b 1
"%PYTHON%" -m pip --disable-pip-version-check install --require-hashes -r "%ROOT%requirements.lock"
if errorlevel 1 (
  echo Python 软件包没有装上；如果电脑没有联网，请联网一次再运行。
  echo The Python packages could not be installed; if this machine is offline, connect it once and run this again.
  exit /b 1
)
copy /y "%ROOT%requirements.lock" "%STAMP%" >nul
:ready

rem Everything after the verb goes on as it was typed.
set "REST="
for /f "tokens=1,*" %%a in ("%*") do set "REST=%%b"

if "%VERB%"=="app" "%PYTHON%" -m ui.main %REST% & goto end
if "%VERB%"=="office" "%PYTHON%" -m ui.office %REST% & goto end
if "%VERB%"=="demo" goto demo
if "%VERB%"=="bench" "%PYTHON%" -m tests.speed %REST% & goto end
if "%VERB%"=="shots" "%PYTHON%" -m tests.shots %REST% & goto end
if "%VERB%"=="check" goto check
if "%VERB%"=="test" goto test
echo 没有这个命令：%VERB% · There is no such verb: %VERB%
exit /b 2

:demo
echo(%REST% | findstr /c:"--papers" >nul
if errorlevel 1 (
  "%PYTHON%" -m ui.main --demo %REST%
) else (
  "%PYTHON%" -m ui.office demo %REST%
)
goto end

:check
cd /d "%ROOT%"
"%PYTHON%" -m ruff check . || exit /b 1
"%PYTHON%" -m ruff format --check . || exit /b 1
"%PYTHON%" -m mypy || exit /b 1
"%VENV%\Scripts\lint-imports.exe" || exit /b 1
"%PYTHON%" -m pytest tests/house
goto end

:test
set QT_QPA_PLATFORM=offscreen
if defined REST (
  "%PYTHON%" -m pytest -c "%ROOT%pyproject.toml" %REST%
  goto end
)
call "%ROOT%run.cmd" check || exit /b 1
cd /d "%ROOT%"
"%PYTHON%" -m pytest -n auto
goto end

:help
echo run [app], run demo [--home H --papers FOLDER], run office VERB, run check, run bench, run shots, test [PATH]
exit /b 0

:end
exit /b %ERRORLEVEL%
