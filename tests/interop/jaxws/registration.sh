#!/usr/bin/env bash
# Generates a client from the WSDL with JAX-WS (the reference implementation), builds it and runs it.
# Arguments: address of the WSDL, 1.1 or 1.2, user, password, a folder to work in.
set -euo pipefail
wsdl=$1 version=$2 user=$3 password=$4 folder=$5
source=$(cd "$(dirname "$0")" && pwd)
for tool in wsimport javac; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install jaxws default-jdk-headless" >&2; exit 1; }
done
cd "$folder"
libraries=/usr/share/java/jaxws-rt.jar:/usr/share/java/jaxws-api.jar:/usr/share/java/jaxb-api.jar
# One object for each message, as the schema has it, instead of a parameter for each element.
cat >bindings.xml <<XML
<jaxws:bindings wsdlLocation="$wsdl" xmlns:jaxws="http://java.sun.com/xml/ns/jaxws">
  <jaxws:enableWrapperStyle>false</jaxws:enableWrapperStyle>
</jaxws:bindings>
XML
# Without -extension the port for SOAP 1.2 is left out.
wsimport -J-Djavax.xml.accessExternalSchema=all -extension -Xnocompile -b bindings.xml -s . -p registration "$wsdl" >generate.log 2>&1 || { cat generate.log >&2; exit 1; }
javac -encoding UTF-8 -nowarn -cp "$libraries" -d classes "$source/Registration.java" registration/*.java >build.log 2>&1 || { cat build.log >&2; exit 1; }
exec java --add-opens java.base/java.lang=ALL-UNNAMED -cp "classes:$libraries" Registration "$wsdl" "$version" "$user" "$password"
