@echo off
rem Starts JConda's command line, jconda.jar beside this file, with the Java of JAVA_HOME or else of the path.
rem JCONDA_JAVA_OPTIONS holds further options for that Java. With an archive of classes beside it, made by
rem "jconda class-archive", it starts sooner; an archive that does not fit is passed over in silence.
setlocal
set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if exist "%~dp0jconda.jar" goto start
echo jconda: there is no jconda.jar in "%~dp0". Put it there. >&2
exit /b 1

:start
set "archive="
if exist "%~dp0jconda.jsa" set archive=-XX:SharedArchiveFile="%~dp0jconda.jsa" -Xlog:disable
"%java%" -XX:+UseSerialGC -XX:-UsePerfData %archive% %JCONDA_JAVA_OPTIONS% -jar "%~dp0jconda.jar" %*
exit /b %ERRORLEVEL%
