#!/usr/bin/env bash
# Generates clients from the WSDLs of both services with JAX-WS (the reference implementation), builds them and runs them.
# Arguments: address of the host, 1.1 or 1.2, name of the neighbour, name of the gate, the password of both, a folder to work in.
set -euo pipefail
host=$1 version=$2 neighbour=$3 gate=$4 password=$5 folder=$6
source=$(cd "$(dirname "$0")" && pwd)
for tool in wsimport javac; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install jaxws default-jdk-headless" >&2; exit 1; }
done
cd "$folder"
libraries=/usr/share/java/jaxws-rt.jar:/usr/share/java/jaxws-api.jar:/usr/share/java/jaxb-api.jar
for service in wco-exchange notifications; do
  # One object for each message, as the schema has it, instead of a parameter for each element.
  cat >"$service.xml" <<XML
<jaxws:bindings wsdlLocation="${host}soap/$service?wsdl" xmlns:jaxws="http://java.sun.com/xml/ns/jaxws">
  <jaxws:enableWrapperStyle>false</jaxws:enableWrapperStyle>
</jaxws:bindings>
XML
  # Without -extension the port for SOAP 1.2 is left out. Without a package of its own each schema has one.
  wsimport -J-Djavax.xml.accessExternalSchema=all -extension -Xnocompile -b "$service.xml" -s . "${host}soap/$service?wsdl" >generate.log 2>&1 || { cat generate.log >&2; exit 1; }
done
find customstransit wco -name '*.java' >sources.txt
javac -encoding UTF-8 -nowarn -cp "$libraries" -d classes "$source/Exchange.java" @sources.txt >build.log 2>&1 || { cat build.log >&2; exit 1; }
exec java --add-opens java.base/java.lang=ALL-UNNAMED -cp "classes:$libraries" Exchange "$host" "$version" "$neighbour" "$gate" "$password"
